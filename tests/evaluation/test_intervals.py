"""How sure a measured share is."""

from __future__ import annotations

import pytest

from bot.evaluation.intervals import wilson


def rounded(interval: tuple[float, float]) -> tuple[float, float]:
    return round(interval[0], 4), round(interval[1], 4)


def test_the_interval_of_a_textbook_example() -> None:
    # 81 of 263, Newcombe (1998), table I, method 3
    assert rounded(wilson(81, 263)) == (0.2553, 0.3662)


def test_all_right_is_not_certainty() -> None:
    assert rounded(wilson(25, 25)) == (0.8668, 1.0)


def test_all_wrong_mirrors_all_right() -> None:
    assert rounded(wilson(0, 25)) == (0.0, 0.1332)


def test_nothing_measured_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("part", "total"), [(3, 2), (-1, 2)])
def test_what_is_not_a_share_is_refused(part: int, total: int) -> None:
    with pytest.raises(ValueError, match="not a share"):
        wilson(part, total)
