"""Figures are stored beside the docs and compared with those of now."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.baseline import (
    UNDERSTANDING_BASELINE,
    BadBaselineError,
    Measure,
    compared,
    store,
    stored_values,
)

FIRST = Measure.share("Right topic first", 93, 100)
ERROR = Measure("Expected calibration error", 0.03, 140, fewer_is_better=True)


def test_what_was_stored_is_found_again_one_measure_a_line(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    store(path, [FIRST, ERROR])
    assert path.read_text(encoding="utf-8") == (
        '{\n  "Right topic first": {"value": 0.93, "of": 100},\n'
        '  "Expected calibration error": {"value": 0.03, "of": 140}\n}\n'
    )
    assert stored_values(path) == {"Right topic first": 0.93, "Expected calibration error": 0.03}


def test_nothing_is_stored_yet(tmp_path: Path) -> None:
    assert stored_values(tmp_path / "figures.json") == {}
    assert compared([FIRST], {}).rows == [("Right topic first", "–", "93.0", "new", "")]


def test_only_what_changed_is_shown_and_what_got_worse_is_named() -> None:
    before = {"Right topic first": 0.94, "Expected calibration error": 0.05, "Intent right": 0.8}
    now = [FIRST, ERROR, Measure.share("Intent right", 4, 5), Measure("Kind dose: refused", 0.9, 10)]
    assert compared(now, {**before, "Kind dose: refused": 0.8}).rows == [
        ("Right topic first", "94.0", "93.0", "-1.0", "worse"),
        ("Expected calibration error", "5.0", "3.0", "-2.0", ""),
        ("Kind dose: refused", "80.0", "90.0", "+10.0", ""),
    ]


def test_more_of_what_should_be_few_is_worse() -> None:
    assert ERROR.worse_than(0.02)
    assert not ERROR.worse_than(0.03)
    assert not Measure.share("nothing", 0, 0).worse_than(0.0)


@pytest.mark.parametrize("content", ["not json", "[1]", '{"a": 1}', '{"a": {"of": 3}}'])
def test_stored_figures_that_cannot_be_read_are_named_with_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "figures.json"
    path.write_text(content)
    with pytest.raises(BadBaselineError, match=r"figures.json cannot be read .* clonus evaluate understanding --write"):
        stored_values(path)


def test_our_own_figures_can_be_read_and_reach_the_aims() -> None:
    values = stored_values(UNDERSTANDING_BASELINE)
    assert values["Right topic first"] >= 0.92
    assert values["Right topic in the first three"] >= 0.98
    assert values["Expected calibration error"] <= 0.05
