"""The sentence of a topic that answers a question, word for word."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.understanding.content_check import chosen_problems
from bot.understanding.details import Detail, DetailFinder
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.thresholds import load_thresholds
from bot.understanding.tidy import tidy
from bot.understanding.vector_cache import VectorCache
from knowledge.build import build_library
from knowledge.files import load_yaml
from knowledge.library import LibraryReader

RULES = load_thresholds(ROOT / "knowledge" / "understanding.yml").details
LEAST_RIGHT = 0.75
"""Share of the development questions whose sentence must be found: a change that lowers it is seen."""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> LibraryReader:
    """The library of the project's content."""
    path: Path = tmp_path_factory.mktemp("library") / "knowledge.db"
    build_library(ROOT / "knowledge", path)
    return LibraryReader(path)


@pytest.fixture(scope="module")
def finder(library: LibraryReader, encoder: SentenceEncoder) -> DetailFinder:
    """Finds details in the project's library."""
    return DetailFinder(library.topics(), VectorCache(ROOT / "var" / "vectors.db", encoder), RULES)


def found(finder: DetailFinder, encoder: SentenceEncoder, slug: str, text: str) -> Detail:
    """What a topic says to a question."""
    detail = finder.find(slug, text, encoder.encode_one(tidy(text)))
    assert detail is not None
    return detail


@pytest.mark.parametrize(
    ("slug", "text", "says"),
    [
        ("calf-stretching", "how many times do I repeat that", "Repeat 3 to 5 times, once or twice a day"),
        ("botulinum-toxin", "how long will it last?", "about 3 to 4 months"),
        ("baclofen-pump", "how often is it refilled", "Refills come every few weeks to months."),
        ("afo-fit-and-skin", "how do I clean it", "Wipe the plastic with a damp cloth. Dry it away from heat."),
        ("walking-aids", "which hand do I hold the cane in", "Hold a cane in the hand opposite your weaker leg."),
        ("spasticity-medicines", "can he have a beer with the tizanidine", "Avoid alcohol and other drugs"),
        ("clonus-at-night", "can I take an extra pill then", "Do not take extra medicine."),
    ],
)
def test_the_sentence_that_tells_it_comes_first(
    finder: DetailFinder, encoder: SentenceEncoder, slug: str, text: str, says: str
) -> None:
    detail = found(finder, encoder, slug, text)
    assert says in " ".join(detail.sentences)
    assert detail.fit >= RULES.say_at or not detail.kinds


def test_what_the_topic_does_not_tell_fits_nothing(finder: DetailFinder, encoder: SentenceEncoder) -> None:
    assert found(finder, encoder, "footwear", "is there wifi in the waiting room").fit < RULES.say_at


def test_every_sentence_told_stands_in_its_topic(
    finder: DetailFinder, encoder: SentenceEncoder, library: LibraryReader
) -> None:
    for slug, topic in library.topics().items():
        whole = [
            " ".join(part.split()) for part in (topic.short, *topic.answer.split("\n\n"), *topic.steps, *topic.cautions)
        ]
        for sentence in found(finder, encoder, slug, "how often and for how long?").sentences:
            assert any(sentence in part for part in whole), (slug, sentence)


def test_the_kinds_asked_for_are_named(finder: DetailFinder) -> None:
    assert finder.kinds_asked("How long, and does it hurt?") == ("how-long", "hurt")
    assert finder.kinds_asked("my brace rubs") == ()


def test_a_question_that_wants_a_yes_or_no_is_marked(finder: DetailFinder, encoder: SentenceEncoder) -> None:
    assert found(finder, encoder, "afo", "Can I drive with it?").yes_or_no
    assert not found(finder, encoder, "afo", "how does it work").yes_or_no


def test_a_topic_the_library_does_not_have_tells_nothing(finder: DetailFinder, encoder: SentenceEncoder) -> None:
    assert finder.find("long-gone", "how often", encoder.encode_one("how often")) is None


def test_most_development_questions_get_their_sentence(finder: DetailFinder, encoder: SentenceEncoder) -> None:
    folder = ROOT / "tests" / "development"
    rows = [(row["text"], row["topics"][0] if len(row["topics"]) == 1 else row["after"], row["says"])
            for row in load_yaml(folder / "follow_ups.yml").data if "says" in row]  # fmt: skip
    rows += [
        (row["text"], row["topic"], row["says"]) for row in load_yaml(folder / "details.yml").data if "says" in row
    ]
    right = [
        any(words.casefold() in " ".join(found(finder, encoder, slug, text).sentences).casefold() for words in says)
        for text, slug, says in rows
    ]
    assert len(right) >= 90
    assert sum(right) / len(right) >= LEAST_RIGHT


def test_a_chosen_sentence_comes_first_for_its_kind_and_for_no_other(
    library: LibraryReader, encoder: SentenceEncoder
) -> None:
    sentence = "Never jerk or bounce."
    chosen = RULES.copy(update={"chosen": {"calf-stretching": {"why": sentence}, "long-gone": {"why": "Because."}}})
    with_it = DetailFinder(library.topics(), VectorCache(ROOT / "var" / "vectors.db", encoder), chosen)
    assert found(with_it, encoder, "calf-stretching", "why?").sentences[0] == sentence
    assert sentence not in found(with_it, encoder, "calf-stretching", "how long?").sentences


def test_a_chosen_sentence_does_not_answer_what_another_sentence_names(
    finder: DetailFinder, encoder: SentenceEncoder
) -> None:
    named = found(finder, encoder, "afo-fit-and-skin", "how long till it fades")
    assert "fade within 30 to 40 minutes" in named.sentences[0]
    alone = found(finder, encoder, "afo-fit-and-skin", "how long")
    assert alone.sentences == (RULES.chosen["afo-fit-and-skin"]["how-long"],)


def test_a_chosen_sentence_that_an_edit_took_away_is_forgotten(
    library: LibraryReader, encoder: SentenceEncoder, finder: DetailFinder
) -> None:
    plain = RULES.copy(update={"chosen": {}})
    gone = RULES.copy(update={"chosen": {"calf-stretching": {"why": "A sentence of last year."}}})
    cache = VectorCache(ROOT / "var" / "vectors.db", encoder)
    without, edited = (DetailFinder(library.topics(), cache, rules) for rules in (plain, gone))
    assert found(edited, encoder, "calf-stretching", "why?") == found(without, encoder, "calf-stretching", "why?")


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("afo:\n  hwo-long: An AFO is a brace in the shoe.\n", 2, "afo: there is no kind of detail called 'hwo-long'"),
        ("afo:\n  why: An AFO is a hat.\n", 2, "this is no sentence of the topic 'afo': An AFO is a hat."),
        ("aof:\n  why: An AFO is a brace in the shoe.\n", 1, "there is no topic called 'aof'"),
        ("- afo\n", 1, "the file must hold named fields"),
    ],
)
def test_a_mistake_among_the_chosen_sentences_is_told_on_its_line(
    tmp_path: Path, content: str, line: int, message: str
) -> None:
    for name in ("topics", "sources.yml", "understanding.yml"):
        (tmp_path / name).symlink_to(ROOT / "knowledge" / name)
    (tmp_path / "details.yml").write_text(content)
    (problem,) = chosen_problems(tmp_path)
    assert (problem.path, problem.line) == (tmp_path / "details.yml", line)
    assert message in problem.message


def test_the_chosen_sentences_of_the_project_are_in_order() -> None:
    assert chosen_problems(ROOT / "knowledge") == []
