"""What staff say to people: kept first, then delivered by a chat server, in order and once each.

The console only keeps a message; it may end at any moment after that. Any chat server that shares the records delivers
it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.databases import Row, insert_once, now_text
from bot.desk import handovers
from bot.desk.staff import Staff
from bot.desk.tables import handovers as handover_table
from bot.desk.tables import staff_messages

TAKEN, WORDS, BACK = "taken", "words", "back"
"""Kinds: a person is here now; their words; the bot is back."""
WAITING, DELIVERED, DROPPED = "waiting", "delivered", "dropped"

REACHABLE = ("web", "sms", "rest")
"""Channels through which staff can reach a person."""

LEASE_SECONDS = 20.0
"""Longest a process may take over the messages of one person. One that died holds them no longer."""
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds before a delivery that failed is tried again, doubled each time, and at most."""

LONGEST = 2000
"""Characters of one message."""


@dataclass(frozen=True)
class ToDeliver:
    """A message on its way to a person."""

    id: int
    conversation: str
    channel: str
    key: str
    kind: str
    sender: str | None
    text: str
    topic: str | None
    tries: int
    heard_at: str | None


class NotSendable(ValueError):
    """A message that is empty or too long. The words are for staff."""


def say(
    connection: Connection, handover: int, staff: Staff, key: str, text: str, topic: str | None = None
) -> bool:  # fmt: skip
    """Keep what staff say to the person of a handover; False when the form with this key was sent before.

    Raises Clash when somebody else answers this person, NotSendable for a message nobody should get.
    """
    words = text.strip()
    if not words:
        raise NotSendable("Write something first.")
    if len(words) > LONGEST:
        raise NotSendable(f"This is too long: {len(words)} characters, {LONGEST} at most.")
    if connection.execute(select(staff_messages.c.id).where(staff_messages.c.key == key)).first():
        return False
    row = handovers.held(connection, handover, staff)
    kept = keep(connection, row, key, WORDS, words, sender=staff.sender, topic=topic)
    handovers.answered(connection, handover)
    return kept


def keep(
    connection: Connection,
    handover: Row,
    key: str,
    kind: str,
    text: str,
    *,
    sender: str | None = None,
    topic: str | None = None,
) -> bool:
    """Keep a message for delivery, once for each key; whether it is new."""
    row = {
        "handover": handover["id"],
        "conversation": handover["conversation"],
        "at": now_text(),
        "key": key,
        "kind": kind,
        "sender": sender,
        "text": text,
        "topic": topic,
        "state": WAITING,
        "tries": 0,
        "next_try_at": 0.0,
    }
    return insert_once(connection, staff_messages, row)


def due(connection: Connection, channels: Collection[str], now: float, *, only: str | None = None) -> list[int]:
    """Handovers whose next message is due and that no process delivers to, longest waiting first.

    `channels` are those that the process serves; `only` one conversation.
    """
    first = (
        select(func.min(staff_messages.c.id))
        .where(staff_messages.c.state == WAITING)
        .group_by(staff_messages.c.conversation)
    )
    query = (
        select(handover_table.c.id)
        .join(staff_messages, staff_messages.c.handover == handover_table.c.id)
        .where(
            staff_messages.c.id.in_(first),
            staff_messages.c.next_try_at <= now,
            handover_table.c.channel.in_(tuple(channels)),
            handover_table.c.deliver_until < now,
        )
        .order_by(staff_messages.c.id)
    )
    if only is not None:
        query = query.where(handover_table.c.conversation == only)
    return [int(handover) for handover in connection.execute(query).scalars()]


def claim(connection: Connection, handover: int, now: float) -> bool:
    """Let this process alone deliver to a person until `release`; False when another was quicker."""
    mine = (handover_table.c.id == handover) & (handover_table.c.deliver_until < now)
    taken = handover_table.update().where(mine).values(deliver_until=now + LEASE_SECONDS)
    return bool(connection.execute(taken).rowcount == 1)


def next_message(connection: Connection, handover: int, now: float) -> ToDeliver | None:
    """The next message of a claimed handover if it is due; the lease begins anew."""
    query = (
        select(staff_messages, handover_table.c.channel, handover_table.c.heard_at, handover_table.c.asked_at)
        .join(handover_table, handover_table.c.id == staff_messages.c.handover)
        .where(staff_messages.c.handover == handover, staff_messages.c.state == WAITING)
        .order_by(staff_messages.c.id)
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is None or row["next_try_at"] > now:
        return None
    lease = handover_table.update().where(handover_table.c.id == handover).values(deliver_until=now + LEASE_SECONDS)
    connection.execute(lease)
    names = ("id", "conversation", "channel", "key", "kind", "sender", "text", "topic", "tries")
    return ToDeliver(**{name: row[name] for name in names}, heard_at=row["heard_at"] or row["asked_at"])


def release(connection: Connection, handover: int) -> None:
    """Let others deliver to this person."""
    connection.execute(handover_table.update().where(handover_table.c.id == handover).values(deliver_until=0.0))


def delivered(connection: Connection, message: ToDeliver) -> None:
    """Note that a message reached its conversation."""
    _set(connection, message, {"state": DELIVERED, "delivered_at": now_text(), "error": None})


def later(connection: Connection, message: ToDeliver, reason: str, now: float) -> None:
    """Try again after a pause that doubles each time."""
    pause = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(message.tries, 10))
    _set(connection, message, {"tries": message.tries + 1, "next_try_at": now + pause, "error": reason})


def drop(connection: Connection, message: ToDeliver, reason: str) -> None:
    """Give a message up, such as one to a phone that opted out. Staff see that and why."""
    _set(connection, message, {"state": DROPPED, "error": reason})


def last_key(connection: Connection, handover: int) -> str:
    """The key of the form by which staff wrote last in a handover; "" when they have not."""
    mine = (staff_messages.c.handover == handover) & (staff_messages.c.kind == WORDS)
    query = select(staff_messages.c.key).where(mine).order_by(staff_messages.c.id.desc()).limit(1)
    return str(connection.execute(query).scalar() or "")


def undelivered(connection: Connection, conversation: str) -> list[Row]:
    """What was said in a conversation and did not reach it (yet), oldest first."""
    query = (
        select(staff_messages)
        .where(staff_messages.c.conversation == conversation, staff_messages.c.state != DELIVERED)
        .order_by(staff_messages.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def _set(connection: Connection, message: ToDeliver, values: Row) -> None:
    mine = (staff_messages.c.id == message.id) & (staff_messages.c.state == WAITING)
    connection.execute(staff_messages.update().where(mine).values(**values))
