"""The history of one piece of content on the console, worked out from its events. Pure: no clock, no database.

Nothing is ever changed or taken away: what a piece of content is, and was, follows from its events in their order. So
every version can be seen, and brought back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum
from typing import Any

Content = Mapping[str, Any]
"""The fields of a topic, or of a whole file its `text`."""


class Kind(str, Enum):
    """What can happen to a piece of content."""

    BEGUN = "begun"
    SAVED = "saved"
    SUBMITTED = "submitted"
    SENT_BACK = "sent-back"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    EXPORTED = "exported"
    TAKEN_FROM_FILE = "taken-from-file"
    KEPT_OVER_FILE = "kept-over-file"


class State(str, Enum):
    """How far an edit has come."""

    DRAFT = "draft"
    IN_REVIEW = "in-review"


@dataclass(frozen=True)
class Event:
    """One thing that happened. `number` counts the events of one piece of content from 1.

    `content` is what was written or published, `fingerprint` that of `content` where it was published. `base` is the
    fingerprint of what was in force, and `file` that of the file, when the event happened; None where there was none.
    `by` is the id of an account; times are seconds since 1970.
    """

    number: int
    kind: Kind
    by: int
    at: float
    note: str = ""
    content: Content | None = None
    fingerprint: str | None = None
    base: str | None = None
    file: str | None = None
    publish_at: float | None = None
    version: int | None = None


@dataclass(frozen=True)
class Edit:
    """An edit that is not published yet. `authors` wrote on it; none of them may review it."""

    state: State
    content: Content
    base: str | None
    authors: tuple[int, ...]
    begun_at: float
    saved_at: float
    revision: int
    """Number of the event that wrote the content: a save must name it, so that nobody overwrites another."""
    notes: tuple[Event, ...] = ()
    """What reviewers wrote when they sent it back, and authors when they handed it in."""


@dataclass(frozen=True)
class Version:
    """What was published, or what the file said before the first edit (number 0)."""

    number: int
    content: Content
    fingerprint: str
    at: float
    publish_at: float
    authors: tuple[int, ...]
    reviewer: int | None
    kind: Kind
    note: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class History:
    """All of it: the open edit if there is one, and every version, oldest first."""

    events: tuple[Event, ...] = ()
    edit: Edit | None = None
    versions: tuple[Version, ...] = ()
    files_seen: frozenset[str | None] = field(default_factory=frozenset)
    """What was in force when a version was published, and files that somebody decided to write over."""
    exported: frozenset[str] = field(default_factory=frozenset)
    """Fingerprints of versions that were written to the file."""

    @property
    def known_files(self) -> frozenset[str | None]:
        """Fingerprints the file may have without having moved on by itself: a version was made knowing of each."""
        return self.files_seen | {version.fingerprint for version in self.versions}

    @property
    def next_number(self) -> int:
        """The number of the next event."""
        return len(self.events) + 1

    def version(self, number: int) -> Version | None:
        """The version of that number."""
        return next((version for version in self.versions if version.number == number), None)

    def in_force(self, now: float) -> Version | None:
        """The published version that counts at `now`; None when the file alone speaks.

        A later version takes the place of an earlier one even if that was planned for a later time: it was made
        knowing of it.
        """
        due = [
            version
            for version in self.versions
            if version.number > 0 and not version.cancelled and version.publish_at <= now
        ]
        return due[-1] if due else None

    def planned(self, now: float) -> Version | None:
        """The version that will be published later; None when there is none, or a later one took its place."""
        last = next((version for version in reversed(self.versions) if not version.cancelled), None)
        return last if last is not None and last.publish_at > now else None


def history_of(events: Sequence[Event]) -> History:
    """What follows from events in their order."""
    history = History()
    for event in events:
        history = _after(history, event)
    return history


def _after(history: History, event: Event) -> History:
    edit, versions = history.edit, history.versions
    seen, exported = history.files_seen, history.exported
    if event.kind is Kind.BEGUN and event.content is not None:
        edit = Edit(State.DRAFT, event.content, event.base, (event.by,), event.at, event.at, event.number)
        if event.fingerprint is not None and not any(version.number for version in versions):
            versions = (_baseline(event),)  # what was in force before the first version: the file
    elif event.kind is Kind.SAVED and edit is not None and event.content is not None:
        edit = replace(
            edit,
            state=State.DRAFT,
            content=event.content,
            base=event.base,
            authors=tuple(dict.fromkeys((*edit.authors, event.by))),
            saved_at=event.at,
            revision=event.number,
        )
    elif event.kind is Kind.SUBMITTED and edit is not None:
        edit = replace(edit, state=State.IN_REVIEW, notes=(*edit.notes, event))
    elif event.kind is Kind.SENT_BACK and edit is not None:
        edit = replace(edit, state=State.DRAFT, notes=(*edit.notes, event))
    elif event.kind is Kind.WITHDRAWN:
        edit = None
    elif event.kind is Kind.APPROVED and edit is not None:
        versions = (*versions, _published(event, versions, edit.authors, event.by))
        seen, edit = seen | {event.base}, None
    elif event.kind is Kind.RESTORED:
        versions = (*versions, _published(event, versions, (event.by,), None))
        seen = seen | {event.base}
    elif event.kind is Kind.KEPT_OVER_FILE:
        seen = seen | {event.file}
    elif event.kind is Kind.TAKEN_FROM_FILE:
        versions = (*versions, _published(event, versions, (event.by,), None))
        exported = exported | {event.fingerprint} if event.fingerprint else exported
    elif event.kind is Kind.EXPORTED and event.fingerprint is not None:
        exported = exported | {event.fingerprint}
    elif event.kind is Kind.CANCELLED:
        versions = tuple(
            replace(version, cancelled=True) if version.number == event.version else version for version in versions
        )
    return History((*history.events, event), edit, versions, seen, exported)


def _baseline(event: Event) -> Version:
    content = event.content or {}
    return Version(0, content, event.fingerprint or "", event.at, event.at, (), None, Kind.TAKEN_FROM_FILE)


def _published(event: Event, versions: tuple[Version, ...], authors: tuple[int, ...], reviewer: int | None) -> Version:
    return Version(
        number=max((version.number for version in versions), default=0) + 1,
        content=event.content or {},
        fingerprint=event.fingerprint or "",
        at=event.at,
        publish_at=event.publish_at or event.at,
        authors=authors,
        reviewer=reviewer,
        kind=event.kind,
        note=event.note,
    )


def one_year_after(day: date) -> date:
    """The usual day of the next review."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)
