"""Messages that mean the same stand together, the most frequent first, whatever order they came in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.staff.unanswered.grouping import Unanswered, grouped, key_of
from bot.understanding.encoder import Vectors

ABOUT = ("tub", "ski", "vitamin")


def by_subject(texts: Sequence[str]) -> Vectors:
    """Vectors of length 1: texts on the same subject are the same, those on none are unlike all others."""
    vectors = np.zeros((len(texts), len(ABOUT) + len(texts)), dtype=np.float32)
    for row, text in enumerate(texts):
        named = [column for column, word in enumerate(ABOUT) if word in text]
        vectors[row, named[0] if named else len(ABOUT) + row] = 1.0
    return vectors


def said(*texts: str, day: int = 1) -> list[Unanswered]:
    return [Unanswered(text, f"2026-11-{day:02}T10:00:00+00:00") for text in texts]


MESSAGES = [
    *said("can I ski?", day=3),
    *said("hot tub ok?", "Hot tub OK", "is a hot tub safe", day=2),
    *said("skiing with this", day=5),
    Unanswered("which vitamin", "2026-11-09T10:00:00+00:00", unhelpful=True, about="brain-foods"),
    *said("???", "", "   "),
]


def test_the_most_frequent_comes_first_and_of_equals_the_latest() -> None:
    groups = grouped(MESSAGES, by_subject, 0.7)
    assert [(group.text, group.count, group.unhelpful, group.last[:10]) for group in groups] == [
        ("Hot tub OK", 3, 0, "2026-11-02"),
        ("skiing with this", 2, 0, "2026-11-05"),
        ("which vitamin", 1, 1, "2026-11-09"),
        ("???", 1, 0, "2026-11-01"),
    ]
    assert [(wording.text, wording.count) for wording in groups[0].wordings] == [
        ("Hot tub OK", 2),
        ("is a hot tub safe", 1),
    ]
    assert groups[0].key == key_of("hot, tub: ok")


@given(st.permutations(MESSAGES))
def test_the_order_in_which_they_came_makes_no_difference(messages: list[Unanswered]) -> None:
    assert grouped(messages, by_subject, 0.7) == grouped(MESSAGES, by_subject, 0.7)


def test_nothing_and_one_message_are_groups_too() -> None:
    assert grouped([], by_subject, 0.7) == []
    assert [group.text for group in grouped(said("hello"), by_subject, 0.7)] == ["hello"]
