"""Rules and learned view decide together, danger first, and the rules decide alone when the other view fails."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety import Finding, SafetyScreen, Verdict
from bot.safety.learned import Opinion
from bot.safety.preparing import load_vote
from bot.safety.vote import Vote, Voting, likelihood, load_voting
from bot.settings import ROOT
from bot.shared import prepare_learned_view, safety_screen
from bot.understanding.encoder import EncoderBroken, SentenceEncoder
from knowledge.red_flag_models import RedFlagLibrary, load_red_flags

FLAGS = ROOT / "knowledge" / "red_flags"


@pytest.fixture(scope="module")
def library() -> RedFlagLibrary:
    return load_red_flags(FLAGS)


@pytest.fixture(scope="module")
def voting() -> Voting:
    return load_voting(FLAGS)


@pytest.fixture(scope="module")
def vote(library: RedFlagLibrary, voting: Voting) -> Vote:
    """A vote whose learned view is never asked: opinions are given."""
    return Vote(voting, None, None, library.categories)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole() -> SafetyScreen:
    """The screen that the bot uses."""
    prepare_learned_view()
    safety_screen.cache_clear()
    return safety_screen()


def opinion(danger: float, category: str = "dvt", score: float = 0.0, emergency: float = -1.0) -> Opinion:
    return Opinion(danger, danger, emergency, ((category, score),), "calf like a hot water bottle", ("calf", "hot"))


def found(category: str, level: str, sure: bool, rule: str = "rule-of-it") -> Verdict:
    finding = Finding(category, level, sure, ("words",), rule)
    return Verdict(category, level, sure, ("words",), rule, findings=(finding,))


def test_what_only_the_learned_view_sees_is_raised_with_words_and_example(vote: Vote) -> None:
    assert vote.decide(Verdict(), opinion(1.0, score=0.8)) == Verdict(
        category="dvt",
        level="urgent",
        sure=True,
        matched=("calf", "hot"),
        rule='learned:dvt (like "calf like a hot water bottle")',
    )


def test_the_likelier_the_danger_the_stronger_the_step(vote: Vote) -> None:
    steps = [vote.decide(Verdict(), opinion(danger / 20, score=0.3)) for danger in range(-20, 21)]
    strength = [2 if step.sure and step.alarm else 1 if step.level == "urgent" else 0 for step in steps]
    assert strength == sorted(strength)
    assert set(strength) == {0, 1, 2}


def test_a_danger_that_only_the_learned_view_sees_is_asked_about_when_no_category_is_clear(
    vote: Vote, voting: Voting
) -> None:
    unclear, clear = (opinion(1.5, "dvt", voting.clear_from + more) for more in (-0.01, 0.01))
    assert [vote.decide(Verdict(), seen).sure for seen in (unclear, clear)] == [False, True]
    assert vote.decide(Verdict(), unclear).alarm
    assert vote.decide(found("dvt", "urgent", sure=False), unclear).sure


def test_a_doubted_rule_is_raised_at_once_when_the_learned_view_agrees(vote: Vote) -> None:
    verdict = vote.decide(found("dvt", "urgent", sure=False), opinion(0.9, score=0.7))
    assert (verdict.category, verdict.sure, verdict.rule) == ("dvt", True, "rule-of-it")


def test_a_doubted_rule_is_dropped_only_when_the_message_is_unlike_any_danger(vote: Vote, voting: Voting) -> None:
    doubted = found("dvt", "urgent", sure=False)
    dropped = vote.decide(doubted, opinion(-1.0))
    assert not dropped.alarm
    assert "unlike the curated dangers" in dropped.against[0]
    for tenths in range(-10, 11):
        seen = opinion(tenths / 10)
        pressing = vote.decide(doubted, seen).level == "urgent"
        assert pressing == (vote.ballot(doubted, seen).danger >= voting.ask_at)


def test_a_sure_rule_for_the_same_day_is_asked_about_sooner_than_a_doubted_one(vote: Vote, voting: Voting) -> None:
    sure, doubted = (found("dvt", "urgent", sure=sure) for sure in (True, False))
    between = [
        seen
        for seen in (opinion(danger / 50) for danger in range(-50, 50))
        if voting.keep_at <= vote.ballot(sure, seen).danger < voting.ask_at
    ]
    assert between
    assert {vote.decide(sure, seen).level for seen in between} == {"urgent"}
    assert "urgent" not in {vote.decide(doubted, seen).level for seen in between}


def test_a_doubted_emergency_is_asked_about_sooner_when_nothing_speaks_against_it(vote: Vote, voting: Voting) -> None:
    plain = found("new-stroke", "emergency", sure=False)
    finding = replace(plain.findings[0], against=("past: last year",))
    spoken_against = replace(plain, against=("past: last year",), findings=(finding,))
    between = [
        seen
        for seen in (opinion(danger / 50) for danger in range(-50, 50))
        if voting.keep_at <= vote.ballot(plain, seen).danger < voting.ask_at
    ]
    assert between
    assert {vote.decide(plain, seen).level for seen in between} <= {"emergency", "urgent"}
    assert {vote.decide(spoken_against, seen).level for seen in between} <= {None, "soon"}


def test_what_the_content_wants_asked_about_in_any_case_is_not_dropped(vote: Vote) -> None:
    words_go_wrong = found("new-stroke", "emergency", sure=False, rule="words-go-wrong")
    like_nothing = opinion(-2.0, "new-stroke")
    asked = vote.decide(words_go_wrong, like_nothing)
    assert (asked.category, asked.level, asked.sure) == ("new-stroke", "emergency", False)
    assert not vote.decide(found("new-stroke", "emergency", sure=False), like_nothing).alarm
    spoken_against = replace(words_go_wrong.findings[0], against=("for years",))
    assert not vote.decide(replace(words_go_wrong, findings=(spoken_against,)), like_nothing).alarm


def test_words_that_come_out_wrong_are_asked_about_unless_they_always_have(whole: SafetyScreen) -> None:
    found = {text: whole.screen(text).level for text in (
        "my words come out wrong", "mum talks funny", "my words come out wrong since my stroke",
        "she gets her words wrong sometimes, always has", "sorry wrong word i meant heel",
    )}  # fmt: skip
    assert list(found.values()) == ["emergency", "emergency", None, None, None]


def test_advice_for_the_next_days_is_never_asked_about(vote: Vote) -> None:
    seen = replace(opinion(-0.9, "repeated-falls", 0.4), any_level=0.6)
    verdict = vote.decide(Verdict(), seen)
    assert (verdict.level, verdict.sure) == ("soon", True)


@given(danger=st.floats(-2, 2), score=st.floats(-1, 1), emergency=st.floats(-2, 2))
def test_a_certain_emergency_wording_is_never_dropped_and_never_lowered(
    vote: Vote, voting: Voting, danger: float, score: float, emergency: float
) -> None:
    certain = found("seizure", "emergency", sure=True)
    seen = opinion(danger, "seizure", score, emergency)
    verdict = vote.decide(certain, seen)
    assert (verdict.category, verdict.level) == ("seizure", "emergency")
    assert verdict.sure == (vote.ballot(certain, seen).danger >= voting.escalate_at)


@given(
    danger=st.floats(-2, 2),
    score=st.floats(-1, 1),
    level=st.sampled_from(["emergency", "urgent", "soon", None]),
    sure=st.booleans(),
)
def test_no_category_without_reasons(vote: Vote, danger: float, score: float, level: str | None, sure: bool) -> None:
    rules = found("skin-breakdown-from-brace", level, sure) if level else Verdict()
    verdict = vote.decide(rules, opinion(danger, "repeated-falls", score))
    assert verdict.alarm == bool(verdict.matched and verdict.rule and verdict.level)


def test_an_alarm_in_another_language_stands(vote: Vote) -> None:
    finding = Finding("seizure", "emergency", True, ("convulsiones",), "language-es", language="es")
    spanish = Verdict(
        "seizure", "emergency", True, ("convulsiones",), "language-es", language="es", findings=(finding,)
    )
    assert vote.decide(spanish, opinion(-1.0)) == spanish


def test_other_categories_of_the_rules_are_kept(vote: Vote) -> None:
    both = Verdict(
        "seizure", "emergency", True, ("a",), "r", also=(("dvt", "urgent"),),
        findings=(Finding("seizure", "emergency", True, ("a",), "r"), Finding("dvt", "urgent", True, ("b",), "s")),
    )  # fmt: skip
    verdict = vote.decide(both, opinion(1.0, "seizure", 0.9, 1.0))
    assert (verdict.category, verdict.also) == ("seizure", (("dvt", "urgent"),))


def test_every_category_has_its_weights_and_thresholds_are_in_order(voting: Voting, library: RedFlagLibrary) -> None:
    assert set(voting.emergency_share) == set(library.categories)
    assert 0 < voting.keep_at <= voting.ask_at <= voting.escalate_at < 1


def test_likelihood_is_a_chance() -> None:
    assert likelihood({"a": 1000.0}, {"a": 1000.0}) == pytest.approx(1.0)
    assert likelihood({"a": 2.0}, {"a": 0.0}) == 0.5
    with pytest.raises(KeyError):
        likelihood({}, {"a": 1.0})


class Broken:
    """A learned view that fails on every message."""

    def review(self, text: str, rules: Verdict, respelled: str = "") -> Verdict:
        raise RuntimeError("broken on purpose")


def test_a_broken_second_opinion_leaves_the_rules_verdict(
    library: RedFlagLibrary, screen: SafetyScreen, caplog: pytest.LogCaptureFixture
) -> None:
    broken = SafetyScreen(library, second_opinion=Broken())
    with caplog.at_level(logging.ERROR):
        verdict = broken.screen("I have chest pain and I can't breathe")
    assert verdict == screen.screen("I have chest pain and I can't breathe")
    assert verdict.level == "emergency"
    assert "the rules decide alone" in caplog.text


def test_a_missing_encoder_or_view_leaves_the_rules_and_says_so(
    tmp_path: Path, library: RedFlagLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    def no_encoder() -> SentenceEncoder:
        raise EncoderBroken("The sentence model's file is missing.")

    knowledge, nlu = ROOT / "knowledge", ROOT / "data" / "nlu"
    assert load_vote(knowledge, nlu, tmp_path, no_encoder, library.categories) is None
    assert "Run: clonus train" in caplog.text
    assert load_vote(tmp_path, nlu, tmp_path, no_encoder, library.categories) is None


@pytest.mark.parametrize(
    "text",
    [
        "I can't breathe",
        "I want to kill myself",
        "My face has dropped on one side and my speech is slurred",
        "he is having a seizure right now and will not wake up",
        "I have crushing chest pain",
        "she collapsed and is not responding",
        "I have taken twenty baclofen tablets",
    ],
)
def test_plain_emergency_wording_escalates_at_once(text: str, whole: SafetyScreen) -> None:
    verdict = whole.screen(text)
    assert (verdict.level, verdict.sure) == ("emergency", True)


@pytest.mark.parametrize(
    "text", ["", "yes", "thank you", "what is clonus?", "how do I stretch my calf?", "no chest pain"]
)
def test_plain_harmless_wording_raises_nothing(text: str, whole: SafetyScreen) -> None:
    assert not whole.screen(text).alarm


def test_the_same_message_gets_the_same_verdict(whole: SafetyScreen) -> None:
    texts = [
        "her fork keeps dropping out of her hand since teatime",
        "feels like a belt round my ribs",
        "i cnat breath",
    ]
    assert [whole.screen(text) for text in texts] == [whole.screen(text) for text in texts]


def test_a_misspelt_emergency_is_still_one(whole: SafetyScreen) -> None:
    assert whole.screen("i cnat brethe").level == "emergency"
