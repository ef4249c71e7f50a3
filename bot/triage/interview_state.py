"""What an interview remembers, in a form that survives a restart, and what follows from it.

Only what the person did is kept, one entry a reply; everything else is worked out from the entries. So a step back is
an entry
taken off, and nothing said elsewhere is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Chosen = Mapping[str, tuple[str, ...]]
"""Question -> option ids."""

NO, YES, NOT_SURE, UNANSWERED = "no", "yes", "not-sure", "unanswered"
"""Marks of a group of signs or of one sign."""

YES_UNNAMED = "yes-unnamed"
"""Mark of a group: yes, and the person would not or could not name the sign."""

START = "start"
"""Where an entry comes from that the opening message made."""


@dataclass(frozen=True)
class Entry:
    """What one reply changed.

    `at`: the prompt it answered. `answers`: settled answers. `maybe`: options still open. `unknown`: questions left
    without an answer.
    `groups` and `signs`: marks of danger and same-day signs, by "question/group" and by sign. `one_by_one`: lists to go
    through singly.
    """

    at: str
    answers: Chosen = field(default_factory=dict)
    maybe: Chosen = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    groups: Mapping[str, str] = field(default_factory=dict)
    signs: Mapping[str, str] = field(default_factory=dict)
    one_by_one: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.answers or self.maybe or self.unknown or self.groups or self.signs or self.one_by_one)

    def without(self, question: str, signs: Iterable[str] = ()) -> Entry:
        """The entry with everything about one question taken out; `signs` are that question's own."""
        own = set(signs)
        return replace(
            self,
            answers={name: options for name, options in self.answers.items() if name != question},
            maybe={name: options for name, options in self.maybe.items() if name != question},
            unknown=tuple(name for name in self.unknown if name != question),
            groups={name: mark for name, mark in self.groups.items() if name.split("/")[0] != question},
            signs={name: mark for name, mark in self.signs.items() if name not in own},
        )

    def to_json(self) -> dict[str, Any]:
        """Only what is there, as plain lists and mappings."""
        parts: dict[str, Any] = {"at": self.at}
        for name in ("answers", "maybe"):
            if value := getattr(self, name):
                parts[name] = {question: list(options) for question, options in value.items()}
        for name in ("groups", "signs"):
            if value := getattr(self, name):
                parts[name] = dict(value)
        for name in ("unknown", "one_by_one"):
            if value := getattr(self, name):
                parts[name] = list(value)
        return parts

    @classmethod
    def from_json(cls, data: object) -> Entry:
        """Read back; whatever is missing or not of the right shape is left empty."""
        known = data if isinstance(data, Mapping) else {}
        return cls(
            at=_text(known.get("at")) or START,
            answers=_chosen(known.get("answers")),
            maybe=_chosen(known.get("maybe")),
            unknown=_texts(known.get("unknown")),
            groups=_marks(known.get("groups")),
            signs=_marks(known.get("signs")),
            one_by_one=_texts(known.get("one_by_one")),
        )


@dataclass(frozen=True)
class InterviewState:
    """Everything an interview remembers.

    `current`: the prompt on the screen, None when none is. `put`: the prompts put so far, for the counter. `shown`: the
    number and the
    total last shown. `misses`: replies in a row that could not be read. `asked_why`: the danger question was skipped
    once and asked
    again. `pending`: entries that hold if a danger sign is taken back. `taken_back`: the signs that were. `ended`:
    "finished", "stopped", "emergency" or None. `before_pause`: the prompt in whose place the person was asked whether
    to go on.
    """

    problem: str | None = None
    entries: tuple[Entry, ...] = ()
    current: str | None = None
    put: tuple[str, ...] = ()
    shown: tuple[int, int] = (0, 0)
    misses: int = 0
    asked_why: bool = False
    pending: tuple[Entry, ...] | None = None
    taken_back: tuple[str, ...] = ()
    ended: str | None = None
    before_pause: str | None = None

    @property
    def danger_taken_back(self) -> bool:
        """Whether a danger sign was reported and taken back in this check-in."""
        return bool(self.taken_back)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "problem": self.problem,
            "entries": [entry.to_json() for entry in self.entries],
            "current": self.current,
            "put": list(self.put),
            "shown": list(self.shown),
            "misses": self.misses,
            "asked_why": self.asked_why,
            "pending": None if self.pending is None else [entry.to_json() for entry in self.pending],
            "taken_back": list(self.taken_back),
            "ended": self.ended,
            "before_pause": self.before_pause,
        }

    @classmethod
    def from_json(cls, data: object) -> InterviewState:
        """Read back what `to_json` wrote. Missing or spoiled parts take their first value; nothing raises."""
        known = data if isinstance(data, Mapping) else {}
        pending = known.get("pending")
        shown = known.get("shown")
        misses = known.get("misses")
        return cls(
            problem=_text(known.get("problem")),
            entries=_entries(known.get("entries")),
            current=_text(known.get("current")),
            put=_texts(known.get("put")),
            shown=(shown[0], shown[1])
            if isinstance(shown, list | tuple) and len(shown) == 2 and all(isinstance(part, int) for part in shown)
            else (0, 0),
            misses=misses if isinstance(misses, int) else 0,
            asked_why=known.get("asked_why") is True,
            pending=None if pending is None else _entries(pending),
            taken_back=_texts(known.get("taken_back")),
            ended=_text(known.get("ended")),
            before_pause=_text(known.get("before_pause")),
        )


@dataclass
class Known:
    """What follows from the entries: the newest word on every question."""

    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    maybe: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    groups: dict[str, str] = field(default_factory=dict)
    signs: dict[str, str] = field(default_factory=dict)
    one_by_one: set[str] = field(default_factory=set)

    def is_open(self, question: str) -> bool:
        """Whether the question still needs an answer."""
        return question not in self.answers and question not in self.unknown


def fold(entries: Iterable[Entry]) -> Known:
    """Work out what is known; a later entry about a question replaces an earlier one."""
    known = Known()
    for entry in entries:
        for question, options in entry.answers.items():
            known.answers[question] = options
            known.maybe.pop(question, None)
            known.unknown.discard(question)
        for question, options in entry.maybe.items():
            known.maybe[question] = options
            known.answers.pop(question, None)
            known.unknown.discard(question)
        for question in entry.unknown:
            known.unknown.add(question)
            known.answers.pop(question, None)
            known.maybe.pop(question, None)
        known.groups.update(entry.groups)
        known.signs.update(entry.signs)
        known.one_by_one.update(entry.one_by_one)
    return known


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list | tuple) else ()


def _chosen(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        return {}
    return {name: options for name, raw in value.items() if isinstance(name, str) and (options := _texts(raw))}


def _marks(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {name: mark for name, mark in value.items() if isinstance(name, str) and isinstance(mark, str)}


def _entries(value: object) -> tuple[Entry, ...]:
    return tuple(Entry.from_json(item) for item in value) if isinstance(value, list | tuple) else ()
