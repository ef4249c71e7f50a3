"""How hard a text is to read."""

from __future__ import annotations

import re

import textstat

HIGHEST_GRADE = 6.0
"""The highest US school grade a patient's text may need (plain-language advice for readers after a stroke)."""


def reading_grade(text: str) -> float:
    """Flesch-Kincaid US school grade of `text`; a list counts each item as a sentence of its own."""
    sentences = [line.strip() for line in text.splitlines() if line.strip()]
    joined = " ".join(line if re.search(r"[.!?]$", line) else f"{line}." for line in sentences)
    return float(textstat.flesch_kincaid_grade(joined)) if joined else 0.0


def word_count(text: str) -> int:
    """Words in `text`, separated by white space."""
    return len(text.split())
