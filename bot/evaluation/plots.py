"""Draw the plots of docs/understanding.md: vector files without dates, so that equal figures give equal files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.evaluation.calibration import Scored, calibration_bins
from bot.evaluation.intervals import wilson
from bot.settings import ROOT

PLOTS = ROOT / "docs" / "plots"
RELIABILITY, LEARNING_CURVE = "understanding-reliability.svg", "understanding-learning-curve.svg"
FEWEST = 10
"""Messages that a range of scores must hold to be drawn."""


def _figure() -> tuple[Any, Any]:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "clonus"
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(6, 4), layout="constrained")


def _save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot

    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def draw_reliability(scored: Sequence[Scored], folder: Path = PLOTS) -> None:
    """The share of best topics that are right against their score, with 95 % intervals. Raises OSError."""
    bins = [part for part in calibration_bins(scored) if part.count >= FEWEST]
    figure, axes = _figure()
    axes.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="a score that is exactly a chance")
    shares = [part.share_right for part in bins]
    intervals = [wilson(part.right, part.count) for part in bins]
    below = [share - low for share, (low, _) in zip(shares, intervals, strict=True)]
    above = [high - share for share, (_, high) in zip(shares, intervals, strict=True)]
    axes.errorbar([part.mean_score for part in bins], shares, yerr=[below, above], fmt="o", capsize=3,
                  label="held-out messages, 95 % interval")  # fmt: skip
    axes.set(xlabel="score of the best topic", ylabel="share that is right", xlim=(0, 1), ylim=(0, 1))
    axes.legend(loc="upper left")
    _save(figure, folder / RELIABILITY)


def draw_learning_curve(points: Mapping[int, tuple[float, float, float]], folder: Path = PLOTS) -> None:
    """Shares (right topic first, in the first three, area under the curve of in against out of scope) by the number of
    phrasings a topic. Raises OSError."""
    figure, axes = _figure()
    numbers = sorted(points)
    for place, name in enumerate(
        ("right topic first", "right topic in the first three", "in scope told from out of scope")
    ):
        axes.plot(numbers, [points[number][place] * 100 for number in numbers], marker="o", label=name)
    axes.set(xlabel="phrasings a topic", ylabel="held-out messages, %")
    axes.legend(loc="lower right")
    _save(figure, folder / LEARNING_CURVE)
