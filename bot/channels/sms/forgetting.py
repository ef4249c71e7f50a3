"""Take what a phone told out of the boxes. `bot/erasing.py` deletes its conversation and what staff see of it."""

from __future__ import annotations

from sqlalchemy import Column, and_, select, update
from sqlalchemy.sql import Select

from bot.channels.sms.outbox import Outbox
from bot.channels.sms.store import Store, inbox, outbox, phones

FORGOTTEN = {
    "pages": None,
    "choices": None,
    "question": None,
    "question_text": None,
    "welcomed_at": None,
    "said_region": None,
    "forget": True,
}
"""A phone's row once it asked to be forgotten. That it opted out stays: it holds nothing it said."""


def _unfinished(phone: Column[str]) -> tuple[Select, Select]:
    """What waits to be sent to a phone, and what it sent that waits to be answered."""
    waits = select(outbox.c.id).where(outbox.c.phone == phone, outbox.c.state.in_(("waiting", "sending")))
    unanswered = select(inbox.c.id).where(inbox.c.phone == phone, inbox.c.state != "done")
    return waits, unanswered


def forget_phone(store: Store, phone: str, up_to: int | None = None) -> None:
    """Take a phone's words out of both boxes and clear its row: its messages up to the one with the id `up_to`, or all.

    Its number goes with `let_go`, once nothing waits for it any more; the ids of its messages go when they are old, for
    until then they may be repeated.
    """
    mine = inbox.c.phone == phone if up_to is None else and_(inbox.c.phone == phone, inbox.c.id <= up_to)
    with store.transaction() as connection:
        connection.execute(update(inbox).where(mine).values(text=None, state="done"))
        Outbox.drop_waiting(connection, phone, "the person asked to be forgotten")
        connection.execute(update(phones).where(phones.c.id == phone).values(**FORGOTTEN))


def forget_silent_phones(store: Store, before: float) -> None:
    """Forget the phones from which nothing has come since `before`."""
    waits, unanswered = _unfinished(phones.c.id)
    silent = and_(phones.c.last_turn_at < before, ~waits.exists(), ~unanswered.exists())
    with store.transaction() as connection:
        connection.execute(update(phones).where(phones.c.number.is_not(None), silent).values(**FORGOTTEN))


def claim_forgotten(store: Store, now: float, after: float) -> str | None:
    """A phone to let go of, whose last turn is `after` seconds ago and for which nothing waits; None without one.

    It is claimed for so long: whoever fails with it, or another process, tries again then.
    """
    waits, unanswered = _unfinished(phones.c.id)
    due = and_(
        phones.c.forget.is_(True),
        phones.c.last_turn_at <= now - after,
        ~waits.exists(),
        ~unanswered.exists(),
    )
    with store.transaction() as connection:
        phone = connection.execute(select(phones.c.id).where(due).limit(1)).scalar()
        if phone is None:
            return None
        connection.execute(update(phones).where(phones.c.id == phone).values(last_turn_at=now))
    return str(phone)


def let_go(store: Store, phone: str) -> bool:
    """Delete a forgotten phone's number, unless it has texted again; whether a phone of this name was known."""
    with store.transaction() as connection:
        known = connection.execute(select(phones.c.id).where(phones.c.id == phone)).first() is not None
        connection.execute(
            update(phones)
            .where(phones.c.id == phone, phones.c.forget.is_(True))
            .values(number=None, region=None, forget=False)
        )
    store.leave_no_trace()
    return known
