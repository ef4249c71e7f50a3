"""Check what a warning sign says in place of the general replies, beside those replies and the topics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.files import ContentError, Document, Problem, load_yaml
from knowledge.fixed_replies import PLACEHOLDERS, FixedReply, load_fixed_replies
from knowledge.reading import HIGHEST_GRADE, reading_grade
from knowledge.red_flag_models import RedFlag, load_red_flags
from knowledge.topic_files import load_library

LINES = frozenset({"crisis", "abuse"})
"""Placeholders that a warning sign may hold besides those of every reply."""


def danger_word_problems(folder: Path) -> list[Problem]:
    """Everything wrong with `instead`, `again`, `acted` and `touches` of the warning signs in `folder`.

    Each reply that is replaced must exist, and one with the number to call keeps it, small talk aside: the line of an
    open emergency stands below that. Every text reads at the grade of all others, every topic that is touched exists.
    """
    try:
        flags = load_red_flags(folder / "red_flags").categories
        replies = load_fixed_replies(folder / "replies.yml")
        topics = load_library(folder).topics
    except ContentError:
        return []  # told where these files are checked
    problems: list[Problem] = []
    for slug, flag in flags.items():
        document = load_yaml(folder / "red_flags" / f"{slug}.yml")
        problems += [
            document.problem(f"touches: there is no topic called '{topic}'", "touches", place)
            for place, topic in enumerate(flag.touches)
            if topic not in topics
        ]
        problems += _of_instead(document, flag, replies)
        for name, texts in (("again", flag.again), ("acted", flag.acted)):
            for place, text in enumerate(texts):
                problems += _of_text(document, text, name, place)
    return problems


def _of_instead(document: Document, flag: RedFlag, replies: dict[str, FixedReply]) -> Iterator[Problem]:
    for name, text in flag.instead.items():
        if name not in replies:
            yield document.problem(f"instead: there is no reply called '{name}'", "instead", name)
        elif replies[name].kind != "smalltalk" and "{emergency}" in replies[name].text and "{emergency}" not in text:
            yield document.problem(f"instead.{name}: the text must name {{emergency}}", "instead", name)
        yield from _of_text(document, text, "instead", name)


def _of_text(document: Document, text: str, *keys: str | int) -> Iterator[Problem]:
    where = ".".join(map(str, keys))
    unknown = set(re.findall(r"\{(\w+)\}", text)) - PLACEHOLDERS - LINES
    if unknown:
        yield document.problem(f"{where}: unknown placeholder {sorted(unknown)}", *keys)
    grade = reading_grade(re.sub(r"\{\w+\}", "911", text))
    if grade > HIGHEST_GRADE:
        message = f"{where}: reads at school grade {grade:.1f}, must be {HIGHEST_GRADE:.0f} or below"
        yield document.problem(message, *keys)
