"""What may happen next to a piece of content, and who may do it. Pure: each rule gives an event, or says why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.staff.editing.history import Content, Edit, Event, History, Kind, State, Version
from bot.staff.editing.items import Item, fingerprint, reviewed_with
from bot.staff.editing.standing import Standing, standing
from bot.staff.roles import Permission

LATEST_PLAN = 366 * 24 * 3600.0
"""How far ahead a version can be planned, in seconds."""


class Refused(Exception):
    """Why something may not be done, as a sentence for the person who asked for it."""


@dataclass(frozen=True)
class Person:
    """Who asks: the id of the account and what it may do."""

    id: int
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Now:
    """What holds at the moment of asking: the time, and what is in force.

    `content` and `base` are what patients get now and its fingerprint, `file` the fingerprint of the file; None where
    there is none.
    """

    at: float
    content: Content | None = None
    base: str | None = None
    file: str | None = None


def begin(history: History, who: Person, now: Now, first: Content | None = None) -> Event:
    """Begin an edit with what is in force, or with the `first` words of something new."""
    _may(who, Permission.EDIT)
    if history.edit is not None:
        raise Refused("Somebody has begun an edit of this already. Go on with that one.")
    content = first if now.content is None else now.content
    if content is None:
        raise Refused("There is nothing here to edit.")
    return Event(
        history.next_number, Kind.BEGUN, who.id, now.at, content=content, fingerprint=now.base, base=now.base,
        file=now.file,
    )  # fmt: skip


def save(history: History, who: Person, now: Now, content: Content, revision: int, *, new_base: bool = False) -> Event:
    """Keep what was written over the text of `revision`. An edit that was in review becomes a draft again.

    `new_base`: it was written looking at what is in force now, so that it no longer clashes with that.
    """
    _may(who, Permission.EDIT)
    edit = _open(history)
    if edit.revision != revision:
        raise Refused("Somebody else saved this while you wrote. Compare the two texts, and save again.")
    base = now.base if new_base else edit.base
    return Event(history.next_number, Kind.SAVED, who.id, now.at, content=content, base=base)


def submit(history: History, who: Person, now: Now, mistakes: Sequence[str], note: str = "") -> Event:
    """Hand an edit in for review; one that changes nothing asks for a new review of what is in force."""
    _may(who, Permission.EDIT)
    edit = _open(history)
    if edit.state is not State.DRAFT:
        raise Refused("This waits for its review already.")
    _fits(edit, now, mistakes)
    return Event(history.next_number, Kind.SUBMITTED, who.id, now.at, note.strip())


def send_back(history: History, who: Person, now: Now, item: Item, note: str) -> Event:
    """Give an edit back to its author, with what is to be mended."""
    edit = _in_review(history)
    _may(who, reviewed_with(item, now.content, edit.content))
    if not note.strip():
        raise Refused("Write what is to be mended.")
    return Event(history.next_number, Kind.SENT_BACK, who.id, now.at, note.strip())


def withdraw(history: History, who: Person, now: Now) -> Event:
    """Give an edit up. What was written stays in the history."""
    _may(who, Permission.EDIT)
    _open(history)
    return Event(history.next_number, Kind.WITHDRAWN, who.id, now.at)


def approve(
    history: History,
    who: Person,
    now: Now,
    item: Item,
    content: Content,
    mistakes: Sequence[str],
    revision: int,
    publish_at: float | None = None,
    note: str = "",
) -> Event:
    """Publish what somebody else wrote, now or at `publish_at`.

    `content` is what the edit says, with the review written into it; `revision` what the reviewer read.
    """
    edit = _in_review(history)
    _may_review(who, item, edit, now)
    if edit.revision != revision:
        raise Refused("This was changed while you read it. Read it again.")
    _fits(edit, now, mistakes)
    if publish_at is not None and not now.at < publish_at <= now.at + LATEST_PLAN:
        raise Refused("The time to publish must lie ahead, within a year.")
    return Event(
        history.next_number, Kind.APPROVED, who.id, now.at, note.strip(), content, fingerprint(item, content),
        now.base, publish_at=publish_at if publish_at is not None else now.at,
    )  # fmt: skip


def cancel(history: History, who: Person, now: Now, item: Item) -> Event:
    """Call off what is planned."""
    planned = history.planned(now.at)
    if planned is None:
        raise Refused("Nothing is planned here.")
    _may(who, reviewed_with(item, now.content, planned.content))
    return Event(history.next_number, Kind.CANCELLED, who.id, now.at, version=planned.number)


def restore(history: History, who: Person, now: Now, item: Item, number: int, mistakes: Sequence[str]) -> Event:
    """Bring an earlier version back at once: it was reviewed when it was published. An open edit stays open."""
    version = history.version(number)
    if version is None or version.publish_at > now.at or version.cancelled:
        raise Refused("There is no such version that was published.")
    _may(who, reviewed_with(item, now.content, version.content))
    if version.fingerprint == now.base:
        raise Refused("This version is in force already.")
    _without(mistakes)
    return Event(
        history.next_number, Kind.RESTORED, who.id, now.at, f"Back to version {number}", version.content,
        version.fingerprint, now.base, publish_at=now.at, version=number,
    )  # fmt: skip


def keep_over_file(history: History, who: Person, now: Now, item: Item, in_file: Content | None) -> Event:
    """Decide a clash for what was published: the file, which holds `in_file`, may be written over."""
    _may(who, reviewed_with(item, now.content, in_file))
    _clashes(history, now)
    return Event(history.next_number, Kind.KEPT_OVER_FILE, who.id, now.at, base=now.base, file=now.file)


def take_from_file(history: History, who: Person, now: Now, item: Item, in_file: Content) -> Event:
    """Decide a clash for the file: what it holds is in force from now on."""
    _may(who, reviewed_with(item, now.content, in_file))
    _clashes(history, now)
    return taken_from_file(history, who.id, now, in_file)


def taken_from_file(history: History, by: int, now: Now, content: Content) -> Event:
    """The file, of which `now.file` is the fingerprint, as a version of its own."""
    return Event(
        history.next_number, Kind.TAKEN_FROM_FILE, by, now.at, "Taken from the file", content, now.file, now.base,
        now.file, now.at,
    )  # fmt: skip


def exported(history: History, by: int, now: Now, version: Version) -> Event:
    """That a version was written to the file."""
    return Event(
        history.next_number, Kind.EXPORTED, by, now.at, fingerprint=version.fingerprint, version=version.number
    )


def may_review(who: Person, item: Item, edit: Edit, now: Now) -> bool:
    """Whether somebody may approve this edit."""
    return reviewed_with(item, now.content, edit.content) in who.permissions and who.id not in edit.authors


def _may_review(who: Person, item: Item, edit: Edit, now: Now) -> None:
    needed = reviewed_with(item, now.content, edit.content)
    if needed not in who.permissions:
        clinical = needed is Permission.REVIEW_CLINICAL
        raise Refused("This needs a clinical reviewer." if clinical else "Your role does not include reviews.")
    if who.id in edit.authors:
        raise Refused("You wrote on this yourself. Somebody else must review it.")


def _may(who: Person, permission: Permission) -> None:
    if permission not in who.permissions:
        clinical = permission is Permission.REVIEW_CLINICAL
        raise Refused("This needs a clinical reviewer." if clinical else "Your role does not include this.")


def _open(history: History) -> Edit:
    if history.edit is None:
        raise Refused("There is no open edit of this.")
    return history.edit


def _in_review(history: History) -> Edit:
    edit = _open(history)
    if edit.state is not State.IN_REVIEW:
        raise Refused("This does not wait for a review.")
    return edit


def _fits(edit: Edit, now: Now, mistakes: Sequence[str]) -> None:
    if edit.base != now.base:
        raise Refused("What patients get was changed since this edit began. Compare the two, and save the edit again.")
    _without(mistakes)


def _without(mistakes: Sequence[str]) -> None:
    if mistakes:
        raise Refused(f"Mend this first: {'; '.join(mistakes)}")


def _clashes(history: History, now: Now) -> None:
    if standing(history, now.file, now.at) is not Standing.CLASH:
        raise Refused("The file and what was published here do not clash.")
