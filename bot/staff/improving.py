"""What the pages on content share: the item of an address, who asks, names of people, what bots have taken in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy.engine import Connection

from bot.staff import accounts
from bot.staff.accounts import Account
from bot.staff.editing.desk import Seen
from bot.staff.editing.history import State, Version
from bot.staff.editing.items import Item, item_of
from bot.staff.editing.rules import Person
from bot.staff.editing.store import COMMAND_LINE
from bot.staff.roles import Permission, permitted
from bot.staff.visit import Visit, not_found
from knowledge.library import LibraryMissing, LibraryReader

CONTENT = "content"
"""Name of what changes when content does, for open pages."""

STATES = {State.DRAFT: "Draft", State.IN_REVIEW: "Waits for review"}


def address_of(item: Item, page: str = "") -> str:
    """The address of an item, or of a page about it."""
    return f"/improve/{item.key.replace('/', '~')}" + (f"/{page}" if page else "")


def item_in(visit: Visit) -> Item:
    """The item an address names. Raises Problem (404)."""
    try:
        return item_of(visit.path("key").replace("~", "/"))
    except ValueError:
        raise not_found("There is nothing of this name to edit.") from None


def seen_in(visit: Visit, connection: Connection) -> Seen:
    """The item an address names, as it is now. Raises Problem (404) when there is nothing of it."""
    seen = visit.console.editing.see(connection, item_in(visit), visit.now)
    if not seen.history.events and seen.in_file is None:
        raise not_found("There is nothing of this name to edit.")
    return seen


def person_of(account: Account) -> Person:
    """Somebody as the rules know them."""
    return Person(account.id, permitted(account.roles))


def names_in(connection: Connection) -> Callable[[int | None], str]:
    """Gives the name of an account."""
    known: Mapping[int, str] = {person.id: person.name for person in accounts.everybody(connection)}

    def name(account: int | None) -> str:
        if account == COMMAND_LINE:
            return "the command line"
        return known.get(account, "somebody") if account is not None else ""

    return name


def reviewer_title(account: Account) -> str:
    """How a reviewer is named to patients."""
    clinical = account.may(Permission.REVIEW_CLINICAL)
    return f"{account.name}, {'clinical reviewer' if clinical else 'editor'}"


def day_of(at: float) -> date:
    """The day of a moment, in the service's own time zone."""
    return datetime.fromtimestamp(at).astimezone().date()


def moment_of(written: str) -> float | None:
    """The moment of a `datetime-local` field, in the service's own time zone; None when it is empty.

    Raises ValueError when it cannot be read.
    """
    return datetime.fromisoformat(written).astimezone().timestamp() if written else None


def is_live(library_path: Path, seen: Seen) -> bool | None:
    """Whether bots read what is in force from the library; None for what is read at the next start."""
    if not seen.item.is_topic:
        return None
    content = seen.now.content or {}
    hidden = content.get("status") in ("retired", "draft")
    found = live_fingerprints(library_path).get(seen.item.name)
    return found is None if hidden else found == seen.now.base


def live_fingerprints(path: Path) -> Mapping[str, str]:
    """The fingerprint of every topic in the library that bots read; empty when there is none."""
    try:
        status = path.stat()
    except OSError:
        return {}
    return _fingerprints(path, status.st_mtime_ns, status.st_ino)


@lru_cache(maxsize=4)
def _fingerprints(path: Path, changed: int, number: int) -> Mapping[str, str]:
    try:
        reader = LibraryReader(path)
    except LibraryMissing:
        return {}
    try:
        return reader.fingerprints()
    finally:
        reader.close()


def version_title(version: Version) -> str:
    """What a version is called."""
    return f"Version {version.number}" if version.number else "As in the files, before the first edit"
