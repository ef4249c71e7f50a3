"""Renew the parts of a document that are written by a command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bot.settings import ROOT

UNDERSTANDING_DOC = ROOT / "docs" / "understanding.md"
SAFETY_DOC = ROOT / "docs" / "safety.md"


class SectionMissing(Exception):
    """A document does not have the marked section that was to be renewed."""


def renewed(text: str, sections: Mapping[str, str]) -> str:
    """`text` with what stands between the marks `<!-- figures: NAME -->` and `<!-- end -->` replaced, for every NAME.

    Raises SectionMissing, naming the section, when its marks are not there exactly once.
    """
    for name, content in sections.items():
        marks = re.compile(rf"(<!-- figures: {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
        body = f"\n{content.strip()}\n\n"
        text, count = marks.subn(lambda found, body=body: found[1] + body + found[2], text)  # type: ignore[misc]
        if count != 1:
            raise SectionMissing(f'the marks of the section "{name}" were found {count} times, not once')
    return text


def section(text: str, name: str) -> str:
    """What stands between the marks of a section. Raises SectionMissing, naming the section, when it is not there."""
    found = re.search(rf"<!-- figures: {re.escape(name)} -->\n(.*?)<!-- end -->", text, re.DOTALL)
    if found is None:
        raise SectionMissing(f'the marks of the section "{name}" were not found')
    return found[1].strip()


def renew_sections(path: Path, sections: Mapping[str, str]) -> None:
    """Renew marked sections of the file at `path`, all of them or none. Raises SectionMissing and OSError."""
    path.write_text(renewed(path.read_text(encoding="utf-8"), sections), encoding="utf-8")
