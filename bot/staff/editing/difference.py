"""What two versions say differently, line by line and word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.staff.editing.history import Content

FILE_TEXT = "text"
SAME, REMOVED, ADDED, SKIPPED = "same", "removed", "added", "skipped"
AROUND = 2
"""Unchanged lines shown around a change."""
ALIKE = 0.4
"""How alike a removed and an added line must be for their words to be compared (0 to 1)."""

TITLES = {
    "title": "Title",
    "group": "Shelf",
    "short": "Short answer",
    "simple": "In the plainest words",
    "answer": "Answer",
    "steps": "Steps",
    "cautions": "Cautions",
    "questions": "Questions",
    "related": "Related topics",
    "sources": "Sources",
    "reviewed": "Review",
    "status": "Status",
    FILE_TEXT: "File",
}
"""The fields of a topic in the order they are shown, and what a reader calls them."""


@dataclass(frozen=True)
class Piece:
    """Words of a line; `changed` where the other line says something else."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Line:
    """One line of a difference: what became of it (SAME, REMOVED, ADDED; SKIPPED stands for equal ones left out)."""

    kind: str
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The line's words."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Changed:
    """A field that differs."""

    field: str
    title: str
    lines: tuple[Line, ...]


def difference(before: Content | None, after: Content | None) -> tuple[Changed, ...]:
    """The fields that differ, in the order of a topic."""
    old, new = before or {}, after or {}
    found = []
    for field in [*TITLES, *sorted({*old, *new} - set(TITLES) - {"slug"})]:
        if old.get(field) != new.get(field):
            lines = tuple(_shortened(list(_lines(_as_lines(field, old.get(field)), _as_lines(field, new.get(field))))))
            found.append(Changed(field, TITLES.get(field, field), lines))
    return tuple(found)


def _as_lines(field: str, value: Any) -> list[str]:
    """The lines of a value: of a file as it stands, of a text its paragraphs, of a list its entries."""
    if value is None:
        return []
    if field == FILE_TEXT:
        return str(value).splitlines()
    if isinstance(value, str):
        return [" ".join(paragraph.split()) for paragraph in value.split("\n\n") if paragraph.strip()]
    if isinstance(value, Mapping):
        return [f"{name}: {inner}" for name, inner in value.items()]
    return [str(line) for line in value]


def _lines(old: list[str], new: list[str]) -> Iterator[Line]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if kind == "equal":
            yield from (_plain(SAME, line) for line in old[old_from:old_to])
            continue
        removed, added = old[old_from:old_to], new[new_from:new_to]
        if len(removed) != len(added):
            yield from (_plain(REMOVED, line) for line in removed)
            yield from (_plain(ADDED, line) for line in added)
            continue
        for before, after in zip(removed, added, strict=True):
            yield from _words(before, after)


def _words(before: str, after: str) -> Iterator[Line]:
    old, new = re.findall(r"\s+|\S+", before), re.findall(r"\s+|\S+", after)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        yield _plain(REMOVED, before)
        yield _plain(ADDED, after)
        return
    codes = matcher.get_opcodes()
    yield Line(REMOVED, tuple(Piece("".join(old[a:b]), kind != "equal") for kind, a, b, _, _ in codes if a < b))
    yield Line(ADDED, tuple(Piece("".join(new[c:d]), kind != "equal") for kind, _, _, c, d in codes if c < d))


def _plain(kind: str, text: str) -> Line:
    return Line(kind, (Piece(text, False),))


def _shortened(lines: list[Line]) -> Iterator[Line]:
    """The lines with long stretches that are the same left out."""
    near = {
        place
        for index, line in enumerate(lines)
        if line.kind != SAME
        for place in range(index - AROUND, index + AROUND + 1)
    }
    left_out = 0
    for index, line in enumerate(lines):
        if index in near:
            if left_out:
                yield _plain(SKIPPED, str(left_out))
                left_out = 0
            yield line
        else:
            left_out += 1
    if left_out:
        yield _plain(SKIPPED, str(left_out))
