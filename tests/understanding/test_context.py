"""Whether a message stays with the topic last told."""

from __future__ import annotations

import numpy as np
import pytest

from bot.settings import ROOT
from bot.understanding.context import Signs, chance_of_staying, favoured, moved, number_of_words, points_back
from bot.understanding.thresholds import load_thresholds

RULES = load_thresholds(ROOT / "knowledge" / "understanding.yml").follow_up

FOLLOW_UP = Signs(0.95, 0.001, 0.01, 0.01, points_back=True, sentence_fits=0.8, another_is_related=True, words=3)
NEW_SUBJECT = Signs(0.0, 0.0, 0.98, 0.0, points_back=False, sentence_fits=0.2, another_is_related=False, words=9)


def chances(*values: float) -> np.ndarray:
    """Chances of classes."""
    return np.array(values, dtype=np.float32)


def test_a_question_that_needs_a_topic_stays_with_the_last_one() -> None:
    assert chance_of_staying(FOLLOW_UP, RULES.weights) > 0.95


def test_a_message_that_is_clearly_about_something_else_leaves_it() -> None:
    assert chance_of_staying(NEW_SUBJECT, RULES.weights) < 0.05


@pytest.mark.parametrize(
    ("text", "back"), [("do I wear it at night", True), ("which ones?", True), ("my knee locks", False)]
)
def test_words_point_back(text: str, back: bool) -> None:
    assert points_back(text, RULES) is back


def test_words_are_counted_without_marks() -> None:
    assert number_of_words(" How often, then? ") == 3


def test_the_more_words_the_less_it_stays_and_a_related_topic_speaks_for_it() -> None:
    def stays(words: int, *, related: bool) -> float:
        signs = Signs(
            0.3, 0.01, 0.5, 0.05, points_back=False, sentence_fits=0.4, another_is_related=related, words=words
        )
        return chance_of_staying(signs, RULES.weights)

    assert stays(3, related=True) > stays(3, related=False) > stays(8, related=False)
    assert stays(3, related=True) > stays(8, related=True)


def test_the_class_of_follow_ups_gives_its_chance_to_the_others_and_the_last_topic_gets_its_own() -> None:
    result = moved(chances(0.1, 0.1, 0.8), follow_up=2, last=0, stays=0.9)
    assert result == pytest.approx([0.95, 0.05, 0.0], abs=1e-6)


def test_without_a_last_topic_only_the_class_of_follow_ups_goes() -> None:
    assert moved(chances(0.3, 0.1, 0.6), follow_up=2, last=None, stays=0.0) == pytest.approx(
        [0.75, 0.25, 0.0], abs=1e-6
    )


def test_without_context_and_follow_ups_nothing_changes() -> None:
    assert moved(chances(0.3, 0.7), follow_up=None, last=None, stays=0.0) == pytest.approx([0.3, 0.7], abs=1e-6)


def test_a_choice_on_the_screen_is_likelier() -> None:
    assert favoured(chances(0.2, 0.4, 0.4), [0], times=4.0) == pytest.approx([0.5, 0.25, 0.25], abs=1e-6)
