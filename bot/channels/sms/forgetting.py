"""Erase what a phone told: from Rasa's memory, from what staff see, and from the boxes."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from sqlalchemy import update

from bot.channels.sms.store import Store, inbox, outbox, phones
from bot.records import records

logger = logging.getLogger(__name__)


async def forget_conversation(store: TrackerStore, conversation: str) -> None:
    """Delete everything Rasa keeps of a conversation. Raises NotImplementedError for a store that cannot."""
    store = _innermost(store)
    if isinstance(store, InMemoryTrackerStore):
        store.store.pop(conversation, None)
    elif isinstance(store, SQLTrackerStore):
        await asyncio.to_thread(_delete_events, store, conversation)
    else:
        raise NotImplementedError(f"{type(store).__name__} cannot forget a conversation")


def _innermost(store: Any) -> TrackerStore:
    """The store itself, without what Rasa wraps around it."""
    for name in ("_tracker_store", "_primary_tracker_store"):
        inner = getattr(store, name, None)
        if inner is not None:
            return _innermost(inner)
    return store


def _delete_events(store: SQLTrackerStore, conversation: str) -> None:
    with store.session_scope() as session:
        session.query(store.SQLEvent).filter_by(sender_id=conversation).delete()
        session.commit()


def forget_phone(store: Store, phone: str) -> None:
    """Take the words out of both boxes and clear the phone's row. The number goes with the last text (`let_go`);
    that the phone opted out, and the ids of its messages, stay: they hold nothing it said."""
    records().forget(phone)
    with store.transaction() as connection:
        connection.execute(update(inbox).where(inbox.c.phone == phone).values(text=None, state="done"))
        cleared = {"pages": None, "choices": None, "question": None, "question_text": None, "welcomed_at": None,
                   "said_region": None}  # fmt: skip
        connection.execute(update(phones).where(phones.c.id == phone).values(**cleared, forget=True))


def let_go(store: Store, phone: str) -> None:
    """Delete the number of a phone that asked to be forgotten, once nothing waits for it any more."""
    with store.transaction() as connection:
        waits = outbox.select().where(outbox.c.phone == phone, outbox.c.state.in_(("waiting", "sending")))
        unanswered = inbox.select().where(inbox.c.phone == phone, inbox.c.state != "done")
        connection.execute(
            update(phones)
            .where(phones.c.id == phone, phones.c.forget.is_(True), ~waits.exists(), ~unanswered.exists())
            .values(number=None, region=None, forget=False)
        )
