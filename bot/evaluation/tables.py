"""Tables that are shown in the terminal and written into the docs from the same cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table

from bot.evaluation.intervals import wilson


@dataclass(frozen=True)
class Figures:
    """A table of texts. `name` is the marked section of the docs it belongs in."""

    name: str
    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_rich(self) -> Table:
        """For the terminal."""
        table = Table(title=self.title, title_justify="left")
        for column, heading in enumerate(self.headings):
            # headings may wrap, figures may not
            widest = max((len(row[column]) for row in self.rows), default=0)
            table.add_column(heading, justify="left" if column == 0 else "right", min_width=widest)
        for row in self.rows:
            table.add_row(*row)
        return table

    def as_markdown(self) -> str:
        """For the docs."""
        lines = [self.headings, ["---"] + ["---:"] * (len(self.headings) - 1), *self.rows]
        return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def share(part: int, total: int) -> str:
    """A share in per cent, such as "93.4 %"; "–" of nothing."""
    return f"{part / total:.1%}".replace("%", " %") if total else "–"


def share_with_interval(part: int, total: int) -> str:
    """A share with its 95 % interval, such as "93.4 % (91.3–95.0)"; "–" of nothing."""
    if not total:
        return "–"
    low, high = wilson(part, total)
    return f"{share(part, total)} ({low * 100:.1f}–{high * 100:.1f})"
