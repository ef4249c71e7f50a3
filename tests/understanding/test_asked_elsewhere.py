"""A short question is answered by the topic that answers it, where the one last told does not."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.asked_elsewhere import answered_elsewhere
from bot.understanding.context import Context
from bot.understanding.details import Detail
from bot.understanding.reading import RankedTopic, Reading
from bot.understanding.thresholds import load_thresholds
from tests.data import topics

RULES = load_thresholds(ROOT / "knowledge" / "understanding.yml")
UNANSWERED = Reading(
    "ask_clonus", 0.9, (RankedTopic("foot-bounce", 0.9),), in_scope=True, follow_up=True,
    details={"foot-bounce": Detail(("hurt",), ("The heel jumps.",), 0.2)},
)  # fmt: skip


def read(text: str, topic: str | None = "foot-bounce", reading: Reading = UNANSWERED) -> Reading:
    return answered_elsewhere(text, Context(topic), reading, RULES.asked_elsewhere, RULES.details)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("does it hurt him?", "what-is-clonus"),
        ("And how long does it last then", "what-is-clonus"),
        ("is that bad", "is-clonus-dangerous"),
        ("can you stop it?", "stop-an-episode"),
        ("will it go away", "will-clonus-go-away"),
    ],
)
def test_the_topic_that_answers_is_told(text: str, topic: str) -> None:
    assert [ranked.slug for ranked in read(text).topics] == [topic]


def test_the_chosen_sentence_comes_first_where_there_is_one() -> None:
    assert read("how long does it last").details == {
        "what-is-clonus": Detail(
            ("how-long",), ("A run can last a second or two, or minutes while the stretch stays on.",), 1.0
        )
    }


@pytest.mark.parametrize("text", ["how often", "does it hurt when I stretch", "is that the brace"])
def test_any_other_question_is_read_as_it_was(text: str) -> None:
    assert read(text) == UNANSWERED


def test_after_another_subject_it_is_not_about_the_bounce() -> None:
    assert read("does it hurt", "botulinum-toxin") == UNANSWERED
    assert read("does it hurt", None) == UNANSWERED


def test_what_the_topic_answers_itself_is_told_from_it() -> None:
    own = Reading(
        "ask_clonus", 0.9, (RankedTopic("foot-bounce", 0.9),), in_scope=True, follow_up=True,
        details={"foot-bounce": Detail(("hurt",), ("It hurts.",), 0.9)},
    )  # fmt: skip
    assert read("does it hurt", reading=own) == own


def test_every_topic_and_sentence_named_is_there() -> None:
    groups, chosen = RULES.asked_elsewhere, RULES.details.chosen
    asked = [one for group in groups for one in group.asked]
    assert {slug for group in groups for slug in group.topics} | {one.topic for one in asked} <= set(topics())
    assert [one.words for one in asked if one.kind and one.kind not in chosen[one.topic]] == []


def test_a_missed_dose_is_told_of_where_that_stands() -> None:
    medicine = Reading("ask_question", 0.9, (RankedTopic("spasticity-medicines", 0.9),), in_scope=True, follow_up=True)
    for text in ("what if he misses it", "And if I forget a dose?", "what if she missed one"):
        read_again = read(text, "spasticity-medicines", medicine)
        assert [ranked.slug for ranked in read_again.topics] == ["baclofen-stopping"]
        assert read_again.details["baclofen-stopping"].kinds == ("missed",)
    assert read("what if he misses it", "foot-bounce") == UNANSWERED
