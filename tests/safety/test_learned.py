"""The learned view: words that no rule foresaw, with a category and a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.safety.curated import CuratedMessage, load_curated
from bot.safety.learned import DANGER, LONGEST, LearnedView, ModelUnreadable, Problem, seen_text
from bot.safety.preparing import kept_path, load_kept, prepare
from bot.settings import ROOT
from bot.shared import sentence_encoder
from bot.understanding.encoder import SentenceEncoder, Vectors
from bot.understanding.solving import conjugate_gradient
from bot.understanding.vector_cache import VectorCache
from tests.understanding.whole import lower_half

STROKE = [
    "my face has dropped on one side",
    "one side of his mouth is hanging down",
    "she cannot lift her left arm since breakfast",
    "his words come out all slurred since an hour ago",
    "I suddenly cannot find my words",
    "half my face went numb just now",
]
CLOT = [
    "my calf is hot and swollen",
    "one leg is much bigger than the other since yesterday",
    "the back of my leg is red, tight and sore",
    "deep ache in one calf, it feels warm",
    "her thigh is puffy and throbbing on one side",
    "calf swollen after the flight",
]
LOOK_ALIKES = [
    "my face dropped when I saw the bill",
    "I was speechless at the party",
    "both my ankles swell a little every summer evening",
    "no swelling, the calf is fine",
    "my calf aches a little after walking uphill",
]
ORDINARY = ["what is clonus", "how do I stretch my calf", "which shoes are good", "thank you", "yes", "start the check"]

MESSAGES = [
    *(CuratedMessage(text, "new-stroke", "emergency") for text in STROKE),
    *(CuratedMessage(text, "dvt", "urgent") for text in CLOT),
    *(CuratedMessage(text, nearest="dvt") for text in LOOK_ALIKES),
    *(CuratedMessage(text) for text in ORDINARY),
]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return sentence_encoder()


@pytest.fixture(scope="module")
def vectors(encoder: SentenceEncoder) -> Vectors:
    return encoder.encode([seen_text(message.text) for message in MESSAGES])


@pytest.fixture(scope="module")
def view(vectors: Vectors) -> LearnedView:
    return LearnedView.fit(MESSAGES, vectors)


def test_a_danger_in_new_words_is_named_with_its_nearest_example(view: LearnedView, encoder: SentenceEncoder) -> None:
    opinion = view.opinion("Her calf has swollen up and feels hot!", encoder)
    assert opinion is not None
    assert opinion.categories[0][0] == "dvt"
    assert opinion.danger > 0
    assert (opinion.nearest, opinion.shared) == ("my calf is hot and swollen", ("calf", "swollen", "hot"))


def test_an_emergency_scores_as_one_and_an_urgent_danger_does_not(view: LearnedView, encoder: SentenceEncoder) -> None:
    stroke = view.opinion("his mouth is hanging on one side and his words are slurred", encoder)
    clot = view.opinion("one calf is swollen and warm", encoder)
    assert stroke is not None
    assert clot is not None
    assert stroke.emergency > 0 > clot.emergency


@pytest.mark.parametrize("text", ["how should I stretch the calf?", "what does clonus mean", "no swelling in the calf"])
def test_harmless_messages_score_below_dangers(text: str, view: LearnedView, encoder: SentenceEncoder) -> None:
    opinion = view.opinion(text, encoder)
    assert opinion is not None
    assert opinion.danger < 0


@pytest.mark.parametrize("text", ["", "   ", "?!", "👍", "n", "swollen", "胸が痛い"])
def test_too_few_words_no_opinion(text: str, view: LearnedView, encoder: SentenceEncoder) -> None:
    assert view.opinion(text, encoder) is None


@pytest.mark.parametrize("text", ["qwertz asdf", "a b", "it is me", "x " * 20_000, "\x00 b c"])
def test_any_text_with_words_has_words_as_reason(text: str, view: LearnedView, encoder: SentenceEncoder) -> None:
    opinion = view.opinion(text, encoder)
    assert opinion is not None
    assert opinion.shared
    assert all(opinion.shared)


def test_a_long_message_keeps_its_beginning_and_its_end() -> None:
    seen = seen_text("begin " + "x y " * LONGEST + "end")
    assert seen.startswith("begin ")
    assert seen.endswith(" end")
    assert len(seen) <= LONGEST + 1


def test_learning_twice_gives_the_same(view: LearnedView, vectors: Vectors, encoder: SentenceEncoder) -> None:
    again = LearnedView.fit(MESSAGES, vectors)
    assert again.opinion("arm gone dead", encoder) == view.opinion("arm gone dead", encoder)


def test_when_the_steps_lead_nowhere_the_factor_is_taken(
    vectors: Vectors, view: LearnedView, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(conjugate_gradient, "MOST_STEPS", 0)
    exact, text = LearnedView.fit(MESSAGES, vectors), seen_text(MESSAGES[3].text)
    assert "not solved after 0 steps" in caplog.text
    np.testing.assert_allclose(exact.scores(text, vectors[3])[0], view.scores(text, vectors[3])[0], atol=1e-3)


def test_left_out_scores_are_those_of_a_view_without_the_message(vectors: Vectors, view: LearnedView) -> None:
    problem = Problem.of(MESSAGES, vectors)
    factor = lower_half(problem.factor())
    kernel = factor @ factor.T
    left = 3
    others = [row for row in range(len(MESSAGES)) if row != left]
    weights = np.linalg.solve(kernel[np.ix_(others, others)], problem.targets[others])
    expected = kernel[left, others] @ weights
    assert problem.left_out_scores()[left] == pytest.approx(expected, abs=1e-3)
    assert (
        problem.left_out_scores()[left, DANGER] < view.scores(seen_text(MESSAGES[left].text), vectors[left])[0][DANGER]
    )


def test_a_kept_view_says_the_same(tmp_path: Path, view: LearnedView, encoder: SentenceEncoder) -> None:
    view.save(tmp_path / "view.npz")
    kept = LearnedView.load(tmp_path / "view.npz").opinion("arm gone dead just now", encoder)
    fresh = view.opinion("arm gone dead just now", encoder)
    assert kept is not None
    assert fresh is not None
    assert (kept.nearest, kept.shared) == (fresh.nearest, fresh.shared)
    assert kept.danger == pytest.approx(fresh.danger, abs=0.01)


@pytest.mark.parametrize("content", [b"", b"not a view", None])
def test_a_damaged_view_is_reported(tmp_path: Path, content: bytes | None, view: LearnedView) -> None:
    path = tmp_path / "view.npz"
    if content is None:
        view.save(path)
        content = path.read_bytes()[:-500]
    path.write_bytes(content)
    with pytest.raises(ModelUnreadable):
        LearnedView.load(path)


def little_content(folder: Path) -> tuple[Path, Path]:
    """A content folder with one category, one topic and one intent."""
    flags, topics, nlu = folder / "knowledge" / "red_flags", folder / "knowledge" / "topics" / "a", folder / "nlu"
    for made in (flags / "messages", flags / "calibration", topics, nlu):
        made.mkdir(parents=True)
    (flags / "dvt.yml").write_text(
        "slug: dvt\nlevel: urgent\nexample_messages: [calf hot and fat]\n"
        "not_this: [{kind: usual, text: ankles as ever}]\n"
    )
    (flags / "messages" / "dvt.yml").write_text(
        "slug: dvt\ndanger:\n- {level: urgent, text: one calf is swollen}\n"
        "- {level: emergency, text: 'calf swollen, cannot breathe'}\n"
        "look_alikes:\n- {kind: negated, text: no swelling}\n"
    )
    (flags / "calibration" / "dvt.yml").write_text(
        "slug: dvt\ndanger:\n- {level: urgent, text: one leg is fat and warm}\n"
        "look_alikes:\n- {kind: benign, text: sock mark on my calf}\n"
    )
    (topics / "shoes.yml").write_text("questions: [which shoes are good, One calf is SWOLLEN]\n")
    (nlu / "thank.yml").write_text("nlu:\n- intent: thank\n  examples: |\n    - thank you\n    - thanks\n")
    return folder / "knowledge", nlu


def test_all_curated_messages_are_learned_from_once_and_a_danger_stays_a_danger(tmp_path: Path) -> None:
    assert load_curated(*little_content(tmp_path)) == [
        CuratedMessage("one calf is swollen", "dvt", "urgent"),
        CuratedMessage("calf swollen, cannot breathe", "dvt", "emergency"),
        CuratedMessage("one leg is fat and warm", "dvt", "urgent", new_to_rules=True),
        CuratedMessage("calf hot and fat", "dvt", "urgent"),
        CuratedMessage("no swelling", nearest="dvt"),
        CuratedMessage("sock mark on my calf", nearest="dvt", new_to_rules=True),
        CuratedMessage("ankles as ever", nearest="dvt"),
        CuratedMessage("which shoes are good"),
        CuratedMessage("thank you"),
        CuratedMessage("thanks"),
    ]


def test_held_out_messages_are_never_learned_from() -> None:
    from tests.test_held_out import held_out

    learned = {seen_text(message.text) for message in load_curated(ROOT / "knowledge", ROOT / "data" / "nlu")}
    danger_files = ("danger.jsonl", "look_alikes.jsonl", "topics.jsonl")
    clashes = [text for file, text in held_out() if file in danger_files and seen_text(text) in learned]
    assert clashes == []


def test_preparing_again_changes_nothing_until_the_content_changes(tmp_path: Path, encoder: SentenceEncoder) -> None:
    knowledge, nlu = little_content(tmp_path)
    kept = tmp_path / "var"

    def vectors() -> VectorCache:
        return VectorCache(kept / "vectors.db", encoder)

    def never() -> VectorCache:
        raise AssertionError("nothing was to be learned")

    assert prepare(knowledge, nlu, vectors, kept) is True
    first = kept_path(knowledge, nlu, kept)
    assert prepare(knowledge, nlu, never, kept) is False
    (nlu / "thank.yml").write_text("nlu:\n- intent: thank\n  examples: |\n    - thank you so much\n")
    assert load_kept(knowledge, nlu, kept).categories == ("dvt",), "an older view is better than none"
    assert prepare(knowledge, nlu, vectors, kept) is True
    assert [path.name for path in kept.glob("danger-*")] == [kept_path(knowledge, nlu, kept).name]
    assert not first.exists()


def test_a_damaged_prepared_view_is_learned_anew(tmp_path: Path, encoder: SentenceEncoder) -> None:
    knowledge, nlu = little_content(tmp_path)
    kept = tmp_path / "var"
    kept.mkdir()
    kept_path(knowledge, nlu, kept).write_bytes(b"damaged")
    assert prepare(knowledge, nlu, lambda: VectorCache(kept / "vectors.db", encoder), kept) is True
    assert load_kept(knowledge, nlu, kept).categories == ("dvt",)
