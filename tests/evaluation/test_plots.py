"""The plots of the docs are drawn from figures, the same ones for the same figures."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from bot.evaluation.calibration import Scored
from bot.evaluation.plots import LEARNING_CURVE, RELIABILITY, draw_learning_curve, draw_reliability


def test_the_reliability_plot_is_a_picture_that_only_the_figures_change(tmp_path: Path) -> None:
    scored = [Scored(0.85, True)] * 8 + [Scored(0.85, False)] * 4 + [Scored(0.15, False)] * 12
    draw_reliability(scored, tmp_path / "one")
    draw_reliability(scored, tmp_path / "same")
    draw_reliability([*scored, *[Scored(0.45, True)] * 12], tmp_path / "other")
    one, same, other = ((tmp_path / name / RELIABILITY).read_text() for name in ("one", "same", "other"))
    assert ElementTree.fromstring(one).tag.endswith("svg")
    assert one == same != other


def test_the_learning_curve_is_drawn_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    points = {12: (0.7, 0.8, 0.9), 50: (0.9, 0.95, 0.99)}
    draw_learning_curve(points, tmp_path / "one")
    draw_learning_curve(dict(reversed(points.items())), tmp_path / "other")
    one, other = ((tmp_path / name / LEARNING_CURVE).read_text() for name in ("one", "other"))
    assert ElementTree.fromstring(one).tag.endswith("svg")
    assert one == other
