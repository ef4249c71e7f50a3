"""What a reply says, before anything is done with it."""

from __future__ import annotations

from dataclasses import dataclass, field

ANSWER, COMMAND, DIGRESSION, UNREAD = "answer", "command", "digression", "unread"
"""What a reply turned out to be."""


@dataclass(frozen=True)
class Reading:
    """What a reply says.

    `mark`: yes, no or not-sure to a yes-or-no prompt. `answers` and `maybe`: settled and narrowed questions that the
    prompt asks about.
    `signs`: signs named. `rest_absent`: everything else on the list is not true. `not_sure`: the person does not know.
    `reopens`: it says something that was ruled out before. `contradicts`: it answers the question in two ways that
    exclude each other, so it cannot be read. `command` with `about`, the question a change is about.
    `beside`, `beside_maybe`: what it says on other questions.
    """

    kind: str
    command: str | None = None
    about: str | None = None
    mark: str | None = None
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    maybe: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signs: tuple[str, ...] = ()
    rest_absent: bool = False
    not_sure: bool = False
    reopens: bool = False
    contradicts: bool = False
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    beside_maybe: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stated:
    """What a text says on one question: the options it leaves (none for a contradiction) and what it denies."""

    options: tuple[str, ...] = ()
    conflict: bool = False
    denied: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()
