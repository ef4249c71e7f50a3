"""Compare figures with those stored beside the docs, so that a change that lowers one is seen in review."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.tables import Figures
from bot.settings import ROOT

UNDERSTANDING_BASELINE = ROOT / "docs" / "understanding-figures.json"
"""Written by `clonus evaluate understanding --write`: one measure a line."""

NOTEWORTHY = 0.0005
"""A smaller change of a value is none: it does not show in a percentage with one digit."""


@dataclass(frozen=True)
class Measure:
    """A share or an error, from 0 to 1, of `total` messages."""

    name: str
    value: float
    total: int
    fewer_is_better: bool = False

    @classmethod
    def share(cls, name: str, part: int, total: int, *, fewer_is_better: bool = False) -> Measure:
        """The measure of `part` among `total`; 0 of nothing."""
        return cls(name, part / total if total else 0.0, total, fewer_is_better)

    def worse_than(self, before: float) -> bool:
        """Whether the value got worse by as much as can be seen."""
        return (self.value - before if self.fewer_is_better else before - self.value) >= NOTEWORTHY


class BadBaselineError(ValueError):
    """The stored figures cannot be read; the message names the file and what to do."""


def stored_values(path: Path) -> dict[str, float]:
    """The stored value of every measure; nothing when there is no file. Raises BadBaselineError."""
    if not path.is_file():
        return {}
    try:
        return {name: float(value["value"]) for name, value in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        message = f"{path} cannot be read ({error}). Renew it: clonus evaluate understanding --write"
        raise BadBaselineError(message) from error


def store(path: Path, measures: Iterable[Measure]) -> None:
    """Write the measures, one a line. Raises OSError."""
    lines = [
        f"  {json.dumps(one.name, ensure_ascii=False)}: {json.dumps({'value': round(one.value, 4), 'of': one.total})}"
        for one in measures
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def compared(measures: Sequence[Measure], before: Mapping[str, float]) -> Figures:
    """Every measure that changed: the stored value, the value now, the change in points and whether it got worse."""
    rows = []
    for one in measures:
        was = before.get(one.name)
        if was is None:
            rows.append((one.name, "–", _points(one.value), "new", ""))
        elif abs(one.value - was) >= NOTEWORTHY:
            change = f"{(one.value - was) * 100:+.1f}"
            rows.append((one.name, _points(was), _points(one.value), change, "worse" if one.worse_than(was) else ""))
    headings = ("Measure", "Stored", "Now", "Change", "")
    return Figures("changes", "Changes against docs/understanding-figures.json, in points", headings, rows)


def _points(value: float) -> str:
    return f"{value * 100:.1f}"
