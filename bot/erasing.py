"""Delete what is kept of conversations: one when its person asks, all of them when their time is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore

from bot.engine.tracker_store import Conversations, store_below
from bot.records import Records

ERASED_AGAIN = 10.0
"""Seconds after which a conversation that was erased on request is erased once more: a turn or a record that was on its
way may have been written since."""


class CannotErase(Exception):
    """Conversations are kept in a kind of store that this module cannot delete from."""


@dataclass(frozen=True)
class Erased:
    """How much was deleted: conversations, and rows kept for staff."""

    conversations: int
    records: int


def erase_conversation(conversation: str, store: TrackerStore, records: Records) -> Erased:
    """Delete all that was said in one conversation, and every record kept with it.

    A message that could not be placed is recorded without its conversation and without what tells who wrote it; it
    stays until its time is over. Raises CannotErase for an unknown kind of store, and whatever the databases raise.
    """
    return Erased(_delete(store, [conversation]), records.erase(conversation))


def erase_before(moment: datetime, store: TrackerStore, records: Records) -> Erased:
    """Delete every conversation whose last event is before `moment`, and every record older than that.

    Raises CannotErase for an unknown kind of store, and whatever the databases raise.
    """
    return Erased(_delete(store, _quiet_since(store, moment)), records.erase_before(moment))


def _quiet_since(store: TrackerStore, moment: datetime) -> list[str]:
    """Conversations in which nothing happened after `moment`."""
    limit = moment.astimezone(timezone.utc).timestamp()
    real = _real(store)
    if isinstance(real, Conversations):
        return real.quiet_since(limit)
    if isinstance(real, InMemoryTrackerStore):
        trackers = [real.deserialise_tracker(key, kept) for key, kept in real.store.items()]
        return [
            each.sender_id for each in trackers if each and max((e.timestamp for e in each.events), default=0) < limit
        ]
    from sqlalchemy import func

    event = real.SQLEvent
    with real.session_scope() as session:
        rows = session.query(event.sender_id).group_by(event.sender_id).having(func.max(event.timestamp) < limit).all()
    return [row[0] for row in rows]


def _delete(store: TrackerStore, conversations: Sequence[str]) -> int:
    real = _real(store)
    if isinstance(real, Conversations):
        return real.erase(conversations)
    if isinstance(real, InMemoryTrackerStore):
        return sum(real.store.pop(key, None) is not None for key in conversations)
    erased = 0
    with real.session_scope() as session:
        if session.get_bind().dialect.name == "sqlite":
            session.connection().exec_driver_sql("pragma secure_delete = on")  # no trace stays in the file
        for key in conversations:
            events = session.query(real.SQLEvent).filter(real.SQLEvent.sender_id == key)
            erased += bool(events.delete(synchronize_session=False))
        session.commit()
    return erased


def _real(store: TrackerStore) -> Conversations | InMemoryTrackerStore | SQLTrackerStore:
    """The store below Rasa's wrappers."""
    real = store_below(store)
    if not isinstance(real, (Conversations, InMemoryTrackerStore, SQLTrackerStore)):
        raise CannotErase(
            f"Conversations are kept in {type(real).__name__}; only SQL stores can be erased by this program. "
            "Delete them there by hand."
        )
    return real
