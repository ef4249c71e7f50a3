"""Load what the bot says besides topics, warning signs and check-in questions."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, ValidationError

from knowledge.files import ContentError, Problem, load_yaml
from knowledge.models import Content, Text
from knowledge.reading import HIGHEST_GRADE, reading_grade

PLACEHOLDERS = frozenset({"emergency", "emergency_text", "health_advice", "poison", "human", "days", "who", "opens"})

OF_ONE = {"taken-for": frozenset({"topic"})}
"""Placeholders that only one reply has."""


class FixedReply(Content):
    """One thing the bot says: its kind, its text with placeholders, and the words on its buttons."""

    kind: Text
    text: Text
    buttons: list[Text] = Field(default_factory=list, max_items=4)


def load_fixed_replies(path: Path) -> dict[str, FixedReply]:
    """All replies by name. Raises ContentError with file and line for a bad field or an unknown placeholder."""
    document = load_yaml(path)
    problems: list[Problem] = []
    replies: dict[str, FixedReply] = {}
    if not isinstance(document.data, dict):
        raise ContentError([document.problem("the file must hold named replies (name: fields)")])
    for name, fields in document.data.items():
        try:
            reply = FixedReply.parse_obj(fields)
        except ValidationError as error:
            problems.extend(
                document.problem(f"{name}.{item['loc'][0]}: {item['msg']}", name, *item["loc"])
                for item in error.errors()
            )
            continue
        unknown = set(re.findall(r"\{(\w+)\}", reply.text)) - PLACEHOLDERS - OF_ONE.get(name, frozenset())
        if unknown:
            problems.append(document.problem(f"{name}.text: unknown placeholder {sorted(unknown)}", name, "text"))
        replies[name] = reply
    if problems:
        raise ContentError(problems)
    return replies


def hard_to_read(path: Path) -> list[Problem]:
    """Replies above the highest reading grade."""
    document = load_yaml(path)
    problems = []
    for name, reply in load_fixed_replies(path).items():
        grade = reading_grade(re.sub(r"\{\w+\}", "911", reply.text))
        if grade > HIGHEST_GRADE:
            message = f"{name}.text: reads at school grade {grade:.1f}, must be {HIGHEST_GRADE:.0f} or below"
            problems.append(document.problem(message, name, "text"))
    return problems
