"""Whether a score means what it says."""

from __future__ import annotations

import pytest

from bot.evaluation.calibration import Bin, Scored, calibration_bins, expected_calibration_error


def test_scores_that_come_true_have_no_error() -> None:
    scored = [Scored(0.75, True), Scored(0.75, True), Scored(0.75, True), Scored(0.75, False)]
    assert expected_calibration_error(scored) == 0.0


def test_the_error_is_the_gap_of_each_range_weighed_by_its_answers() -> None:
    sure_and_wrong = [Scored(1.0, False)]
    unsure_and_right = [Scored(0.5, True)] * 3
    # one answer is off by 1, three are off by a half
    assert expected_calibration_error([*sure_and_wrong, *unsure_and_right]) == pytest.approx((1.0 + 3 * 0.5) / 4)


def test_a_score_on_the_border_belongs_to_the_range_it_begins() -> None:
    scored = [Scored(0.0, False), Scored(0.3, True), Scored(0.5, False), Scored(1.0, True)]
    assert calibration_bins(scored, bins=2) == [
        Bin(low=0.0, high=0.5, count=2, right=1, mean_score=0.15),
        Bin(low=0.5, high=1.0, count=2, right=1, mean_score=0.75),
    ]


def test_every_tenth_begins_its_own_range() -> None:
    filled = calibration_bins([Scored(tenth / 10, True) for tenth in range(10)])
    assert [part.count for part in filled] == [1] * 10


def test_an_empty_range_is_shown_as_empty() -> None:
    assert calibration_bins([Scored(0.9, True)], bins=2)[0] == Bin(0.0, 0.5, count=0, right=0, mean_score=0.0)


def test_no_answers_have_no_error() -> None:
    assert expected_calibration_error([]) == 0.0


def test_a_score_that_is_no_chance_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.2 is not a score"):
        calibration_bins([Scored(1.2, True)])
