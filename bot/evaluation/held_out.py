"""Read labelled messages that nothing was trained on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.settings import ROOT

HELD_OUT = ROOT / "tests" / "held_out"
"""Our own held-out messages; its README says what each file measures."""


class BadMessagesError(ValueError):
    """A file of labelled messages cannot be read; the message names the file and the line."""


@dataclass(frozen=True)
class LabelledMessage:
    """A message, every answer that is right (topic slugs or one intent; none: the message must be refused), and the
    group it is counted in (style or kind)."""

    text: str
    right: tuple[str, ...]
    group: str


def labelled_lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a file of JSON lines, each with a "text", and the number of its line. Raises BadMessagesError."""
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadMessagesError(f"{path}: cannot be read ({error})") from error
    # not splitlines(): a message may hold a line separator of its own that is not a new line
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadMessagesError(f"{path}:{number}: not JSON ({error.msg})") from error
        if not isinstance(value, dict) or not isinstance(value.get("text"), str):
            raise BadMessagesError(f'{path}:{number}: needs an object with a "text"')
        yield number, value


def _named(path: Path, number: int, value: Mapping[str, Any], name: str) -> str:
    if not isinstance(value.get(name), str):
        raise BadMessagesError(f'{path}:{number}: "{name}" must be a text')
    return str(value[name])


def _topics(path: Path, number: int, value: Mapping[str, Any]) -> tuple[str, ...]:
    topics = value.get("topics") or []
    if not isinstance(topics, list) or not all(isinstance(topic, str) for topic in topics):
        raise BadMessagesError(f'{path}:{number}: "topics" must be a list of slugs')
    return tuple(topics)


def load_topics(path: Path) -> list[LabelledMessage]:
    """Messages with the topics that answer them, by style. Raises BadMessagesError."""
    return [
        LabelledMessage(value["text"], _topics(path, number, value), _named(path, number, value, "style"))
        for number, value in labelled_lines(path)
    ]


def load_out_of_scope(path: Path) -> list[LabelledMessage]:
    """Messages that must be refused, by kind. Raises BadMessagesError."""
    return [LabelledMessage(v["text"], (), _named(path, number, v, "kind")) for number, v in labelled_lines(path)]


def load_intents(path: Path) -> list[LabelledMessage]:
    """Messages with what the person is doing. Raises BadMessagesError."""
    return [
        LabelledMessage(v["text"], (_named(path, number, v, "intent"),), v["intent"])
        for number, v in labelled_lines(path)
    ]


def load_anybodys(path: Path) -> tuple[list[LabelledMessage], list[LabelledMessage]]:
    """A file of anybody's: lines with "text" and "topics", a list of acceptable slugs, empty or absent where the
    message must be refused; "style" or "kind" name its group. Returns (with topics, to be refused).

    Raises BadMessagesError, also when the file holds no message.
    """
    inside: list[LabelledMessage] = []
    outside: list[LabelledMessage] = []
    for number, value in labelled_lines(path):
        topics = _topics(path, number, value)
        group = str(value.get("style") or value.get("kind") or "all")
        (inside if topics else outside).append(LabelledMessage(value["text"], topics, group))
    if not inside and not outside:
        raise BadMessagesError(f"{path}: holds no message")
    return inside, outside
