"""The calibration and the thresholds follow from messages of our own, by rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from bot.evaluation.held_out import LabelledMessage, load_anybodys
from bot.evaluation.judging import OWN_REPLY
from bot.evaluation.thresholds import (
    DEVELOPMENT_MESSAGES,
    Chances,
    chances_of,
    derive,
    refused_rate,
    renewed_file,
    right_classes,
)
from bot.settings import ROOT
from bot.understanding.thresholds import Calibration, LikenessWeights, load_thresholds
from bot.understanding.weighing import Weights
from tests.data import topics

NOW = load_thresholds(ROOT / "knowledge" / "understanding.yml").copy(
    update={
        "answer_at": 0.9,
        "sure_at": 0.9,
        "alone_at": 0.9,
        "offer_at": 0.1,
        "in_scope_at": 0.9,
        "personal_at": 0.04,
        "intent_at": 0.35,
        "calibration": Calibration(sharpness=1.5, all_topics=2.0, no_topic=-0.5),
    }
)


def examples(rows: list[tuple[float, float, bool, bool]]) -> Chances:
    """Rows of (about, best, right, is_topic); no message asks for what only a clinician can say."""
    about, best, right, is_topic = (np.array(column) for column in zip(*rows, strict=True))
    return Chances(about, best, right, is_topic, personal=np.zeros(len(rows), dtype=np.float32))


WEIGHED, CALIBRATED = LikenessWeights.__fields__, Calibration.__fields__
CLASSES = ["intent:thank", "topic:afo", "topic:fatigue"]
MESSAGES = [LabelledMessage("my brace", ("afo",), "plain"), LabelledMessage("my cold", (), "other-illness")]


def test_right_for_a_message_are_its_topics_or_whatever_is_no_topic() -> None:
    assert right_classes(MESSAGES, CLASSES).tolist() == [[False, True, False], [True, False, False]]


def test_chances_of_the_topics_are_taken_from_the_features() -> None:
    features = np.array([[[0.0], [2.0], [1.0]], [[9.0], [0.0], [0.0]]], dtype=np.float32)
    found = chances_of(features, right_classes(MESSAGES, CLASSES), CLASSES, Weights((1.0,)), ["thank"])
    np.testing.assert_allclose(found.personal, [0.09, 0.9998], atol=0.001)
    np.testing.assert_allclose(found.about, [0.91, 0.0002], atol=0.001)
    np.testing.assert_allclose(found.best, [0.665, 0.0001], atol=0.001)
    assert (found.right.tolist(), found.is_topic.tolist()) == ([True, False], [True, False])


def test_answers_are_right_as_often_as_the_rate_says() -> None:
    sure = [(0.95, 0.8, True, True)] * 97 + [(0.95, 0.8, False, True)] * 3
    wrong = [(0.95, 0.5, False, True)] * 20
    found = derive(examples(sure + wrong), NOW)
    assert found == NOW.copy(update={"in_scope_at": 0.95, "answer_at": 0.51, "sure_at": 1.0, "personal_at": 0.01})


def test_what_is_told_without_a_word_on_what_it_is_taken_for_is_right_oftener() -> None:
    sure = [(0.95, 0.9, True, True)] * 99 + [(0.95, 0.9, False, True)]
    likely = [(0.95, 0.7, True, True)] * 98 + [(0.95, 0.7, False, True)] * 3
    found = derive(examples(sure + likely), NOW)
    assert (found.answer_at, found.sure_at) == (0.1, 0.71)


def test_in_scope_keeps_the_share_of_questions_and_says_what_is_refused() -> None:
    asked = [(0.9, 0.9, True, True)] * 198 + [(0.2, 0.1, False, True)] * 2
    others = examples([*asked, (0.95, 0.5, False, False), *[(0.1, 0.1, False, False)] * 3])
    found = derive(others, NOW)
    assert found.in_scope_at == 0.9
    assert refused_rate(others, found.in_scope_at) == 0.75


def test_what_is_personal_is_said_to_be_so_before_few_answers() -> None:
    few = np.array([0.9, 0.6, 0.5, *[0.001] * 97], dtype=np.float32)
    many = np.array([0.9, 0.6, 0.5, 0.3, *[0.001] * 96], dtype=np.float32)
    for personal, at in ((few, 0.01), (many, 0.31)):
        asked = examples([(0.9, 0.9, True, True)] * 100)
        assert derive(replace(asked, personal=personal), NOW).personal_at == at


def test_only_the_derived_numbers_change_in_the_file() -> None:
    def file(
        answer_at: float,
        in_scope_at: float,
        personal_at: float,
        weights: Iterable[float],
        calibration: Iterable[float],
    ) -> str:
        rows = ["# why", "weights:", *weighed(WEIGHED, weights), "", "# chances", "calibration:  # of scores",
                *weighed(CALIBRATED, calibration), f"answer_at: {answer_at}   # why", "sure_at: 0.9", "alone_at: 0.2",
                f"in_scope_at: {in_scope_at}", f"personal_at: {personal_at}", "details:",
                "  words: 0.6", ""]  # fmt: skip
        return "\n".join(rows)

    def weighed(names: Iterable[str], numbers: Iterable[float]) -> list[str]:
        return [f"  {name}: {number}  # {name}" for name, number in zip(names, numbers, strict=True)]

    before = file(0.5, 0.59, 0.3, [-1.5] * len(WEIGHED), [0] * len(CALIBRATED))
    assert renewed_file(before, NOW) == file(0.9, 0.9, 0.04, NOW.weights.values(), [1.5, 2.0, -0.5])


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        ("in_scope_at: 0.59\n", "answer_at must stand once"),
        ("answer_at: 0.5\nin_scope_at: 0.59\n", "sure_at must stand once"),
        ("answer_at: 0.5\nsure_at: 0.9\nin_scope_at: 0.59\n", "personal_at must stand once"),
        (
            "answer_at: 0.5\nsure_at: 0.9\nin_scope_at: 0.59\npersonal_at: 0.1\n",
            "weights must stand on a line of its own",
        ),
        (
            "answer_at: 0.5\nsure_at: 0.9\nin_scope_at: 0.59\npersonal_at: 0.1\nweights:\n  ridge: 1\n",
            "nearest must stand once",
        ),
    ],
)
def test_a_file_without_a_number_is_refused_by_name(content: str, missing: str) -> None:
    with pytest.raises(ValueError, match=f"^{missing}"):
        renewed_file(content, NOW)


def test_our_own_file_can_be_renewed() -> None:
    path = ROOT / "knowledge" / "understanding.yml"
    now = load_thresholds(path)
    assert renewed_file(path.read_text(encoding="utf-8"), now) == path.read_text(encoding="utf-8")


def test_twelve_development_messages_are_about_every_topic_and_there_are_some_of_every_kind() -> None:
    inside, outside = load_anybodys(DEVELOPMENT_MESSAGES)
    counted = Counter(one.right[0] for one in inside)
    assert {slug for slug in topics() if counted[slug] < 12} == set()
    assert {one.group for one in outside} == set(OWN_REPLY)
    assert len(outside) >= 300
