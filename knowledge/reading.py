"""How hard a text is to read."""

from __future__ import annotations

import re

import textstat

HIGHEST_GRADE = 6.0
"""The highest US school grade a patient's text may need (plain-language advice for readers after a stroke)."""


def reading_grade(text: str) -> float:
    """Flesch-Kincaid US school grade of `text`. A paragraph without a full stop counts as a sentence; a line
    break inside a paragraph is only a space."""
    paragraphs = [" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text) if paragraph.strip()]
    joined = " ".join(text if re.search(r"[.!?:]$", text) else f"{text}." for text in paragraphs)
    return float(textstat.flesch_kincaid_grade(joined)) if joined else 0.0


def word_count(text: str) -> int:
    """Words in `text`, separated by white space."""
    return len(text.split())
