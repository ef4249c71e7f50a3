"""Charts of figures, drawn on the server as SVG. Every chart stands beside the table of its figures."""

from __future__ import annotations

import csv
import io

from markupsafe import Markup, escape

from bot.desk.figures import Table

LABEL_WIDTH, BAR_WIDTH, VALUE_WIDTH, LINE = 230, 360, 70, 24
LONGEST_LABEL = 30


def bars(table: Table) -> Markup:
    """The first column of figures as bars, one for each row; nothing for an empty table."""
    if not table.rows:
        return Markup("")
    values = [float(row[1]) for row in table.rows]
    most = max(values) or 1.0
    height = LINE * len(values) + 4
    width = LABEL_WIDTH + BAR_WIDTH + VALUE_WIDTH
    parts = [
        Markup(
            '<svg class="chart" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}" '
            'xmlns="http://www.w3.org/2000/svg">'
        ).format(f"Chart: {table.title}. The table below has the same figures.", width, height, width, height)
    ]
    for number, (row, value) in enumerate(zip(table.rows, values, strict=True)):
        middle = number * LINE + LINE // 2 + 2
        label = str(row[0])
        short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
        length = round(BAR_WIDTH * value / most, 1)
        parts.append(
            Markup(
                '<text class="label" x="{}" y="{}" text-anchor="end" dominant-baseline="middle">{}</text>'
                '<rect class="bar" x="{}" y="{}" width="{}" height="{}"/>'
                '<text class="value" x="{}" y="{}" dominant-baseline="middle">{}</text>'
            ).format(
                LABEL_WIDTH - 8, middle, escape(short),
                LABEL_WIDTH, middle - 8, length, 16,
                LABEL_WIDTH + length + 6, middle, _plain(value),
            )
        )  # fmt: skip
    return Markup("").join([*parts, Markup("</svg>")])


def as_csv(tables: list[Table]) -> str:
    """Tables one after the other: the name of each, its columns, its rows."""
    text = io.StringIO()
    writer = csv.writer(text)
    for number, table in enumerate(tables):
        if number:
            writer.writerow([])
        writer.writerow([table.title])
        writer.writerow(table.columns)
        writer.writerows([_safe(value) for value in row] for row in table.rows)
    return text.getvalue()


def _safe(value: str | int | float) -> str | int | float:
    """A text that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value


def _plain(value: float) -> str:
    return f"{value:g}"
