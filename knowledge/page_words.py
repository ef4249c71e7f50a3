"""Load the words of the chat page."""

from __future__ import annotations

import re
from pathlib import Path

from knowledge.files import ContentError, Document, Problem, load_yaml
from knowledge.reading import HIGHEST_GRADE, reading_grade

SERVER_PLACEHOLDERS = frozenset({"emergency", "emergency_text", "health_advice", "human", "days"})
"""Filled in once, when the server starts."""
PAGE_PLACEHOLDERS = frozenset({"number", "count", "of", "words", "name"})
"""Filled in by the page while it is used."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_NAME = re.compile(r"[a-z][a-z_]*")


def load_page_words(path: Path) -> dict[str, str]:
    """Every text of the page by name.

    Raises ContentError with file and line for a text that is empty or no text, and for an unknown placeholder.
    """
    document = load_yaml(path)
    if not isinstance(document.data, dict) or not document.data:
        raise ContentError([document.problem("the file must hold named texts (name: text)")])
    problems = [problem for name in document.data for problem in _problems(document, name)]
    if problems:
        raise ContentError(problems)
    return dict(document.data)


def hard_to_read(path: Path) -> list[Problem]:
    """Texts of the page above the highest reading grade. Labels of a few words have no grade worth the name."""
    document = load_yaml(path)
    problems = []
    for name, text in load_page_words(path).items():
        grade = reading_grade(_PLACEHOLDER.sub("911", text))
        if len(text.split()) >= SHORTEST_GRADED and grade > HIGHEST_GRADE:
            message = f"{name}: reads at school grade {grade:.1f}, must be {HIGHEST_GRADE:.0f} or below"
            problems.append(document.problem(message, name))
    return problems


SHORTEST_GRADED = 8
"""Words a text must have for its reading grade to say anything."""


def _problems(document: Document, name: object) -> list[Problem]:
    text = document.data[name]
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return [document.problem(f"{name!r}: a name is written in small letters and underscores", str(name))]
    if not isinstance(text, str) or not text.strip():
        return [document.problem(f"{name}: must be a text that is not empty; put quotes around yes and no", name)]
    unknown = set(_PLACEHOLDER.findall(text)) - SERVER_PLACEHOLDERS - PAGE_PLACEHOLDERS
    if unknown:
        return [document.problem(f"{name}: unknown placeholder {sorted(unknown)}", name)]
    return []
