"""What came in: each message once, in order, until it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.channels.sms.identity import Identity
from bot.channels.sms.store import Store, inbox, phones
from bot.channels.sms.webhooks import Incoming
from bot.databases import Row

TURN_LEASE = 6.0
"""Seconds for which a worker holds a phone without a sign of life. A worker that died holds it no longer."""

PARTS_BELONG = 3600.0
"""Seconds within which parts with the same reference are parts of one message."""

MOST_TRIES = 5
"""Times a message is tried; one that breaks its worker again and again must not block its phone for ever."""


class Receipt(str, Enum):
    """What became of a message that came in."""

    NEW = "new"
    AGAIN = "again"
    REPLAYED = "replayed"


@dataclass(frozen=True)
class Waiting:
    """One message to be answered. `tries` counts the times this was begun before."""

    id: int
    key: str
    phone: str
    text: str
    pictures: int
    handled: str | None
    received_at: float
    tries: int


Choose = Callable[[list[Waiting]], list[Waiting]]
"""Picks how many of the waiting messages of a phone are answered together: the first, or several."""


class Inbox:
    """The inbox of all phones."""

    def __init__(self, store: Store, identity: Identity) -> None:
        self._store = store
        self._identity = identity

    def put(
        self, provider: str, message: Incoming, number: str, region: str | None, repeats_for: float, now: float
    ) -> Receipt:
        """Keep a message from the phone with this number, unless it was kept before."""
        key = _key(provider, message.message_id)
        phone = self._identity.pseudonym(number)
        try:
            with self._store.transaction() as connection:
                seen = connection.execute(select(inbox.c.received_at).where(inbox.c.key == key)).scalar()
                if seen is not None:
                    return Receipt.AGAIN if now - seen <= repeats_for else Receipt.REPLAYED
                self._know_phone(connection, phone, provider, number, region)
                connection.execute(inbox.insert().values(**self._row(key, phone, message, now)))
                if message.part is not None:
                    self._join_if_whole(connection, phone, message.part.reference, message.part.total, now)
                return Receipt.NEW
        except IntegrityError:
            return Receipt.AGAIN  # another process was first by a moment

    def _row(self, key: str, phone: str, message: Incoming, now: float) -> Row:
        part = message.part
        return {
            "key": key,
            "phone": phone,
            "state": "part" if part else "waiting",
            "received_at": now,
            "sent_at": message.at if message.at is not None else now,
            "text": self._identity.locked(message.text),
            "pictures": message.pictures,
            "handled": message.handled,
            "part_reference": part.reference if part else None,
            "part_number": part.number if part else None,
            "part_total": part.total if part else None,
        }

    def _know_phone(self, connection: Connection, phone: str, provider: str, number: str, region: str | None) -> None:
        known = connection.execute(select(phones.c.number).where(phones.c.id == phone)).first()
        if known is None:
            locked = self._identity.locked(number)
            connection.execute(phones.insert().values(id=phone, provider=provider, number=locked, region=region))
            return
        # replies go the way the last message came; a number forgotten on request is needed again to answer
        values: Row = {"provider": provider, "region": region, "forget": False}
        if known.number is None:
            values["number"] = self._identity.locked(number)
        connection.execute(update(phones).where(phones.c.id == phone).values(**values))

    def _join_if_whole(self, connection: Connection, phone: str, reference: str, total: int, now: float) -> None:
        parts = self._parts(connection, phone, reference, total, now)
        if len({part["part_number"] for part in parts}) == total:
            self._join(connection, parts)

    @staticmethod
    def _parts(connection: Connection, phone: str, reference: str, total: int, now: float) -> list[Row]:
        query = select(inbox).where(
            inbox.c.phone == phone,
            inbox.c.state == "part",
            inbox.c.part_reference == reference,
            inbox.c.part_total == total,
            inbox.c.received_at >= now - PARTS_BELONG,
        )
        return [dict(row) for row in connection.execute(query).mappings()]

    def _join(self, connection: Connection, parts: Sequence[Row]) -> None:
        """Make one waiting message of parts, at the place of the first that came."""
        by_number = {part["part_number"]: part for part in sorted(parts, key=lambda part: -part["id"])}
        whole = "".join(self._identity.opened(by_number[number]["text"]) for number in sorted(by_number))
        first = min(part["id"] for part in parts)
        received = max(part["received_at"] for part in parts)
        others = [part["id"] for part in parts if part["id"] != first]
        connection.execute(
            update(inbox)
            .where(inbox.c.id == first)
            .values(state="waiting", text=self._identity.locked(whole), received_at=received)
        )
        if others:
            connection.execute(update(inbox).where(inbox.c.id.in_(others)).values(state="done", text=None))

    def join_late_parts(self, now: float, wait: float) -> None:
        """Take what has come of a long message whose other parts do not come."""
        with self._store.transaction() as connection:
            late = select(inbox.c.phone, inbox.c.part_reference, inbox.c.part_total).where(inbox.c.state == "part")
            late = late.group_by(inbox.c.phone, inbox.c.part_reference, inbox.c.part_total)
            late = late.having(func.max(inbox.c.received_at) < now - wait)
            for phone, reference, total in connection.execute(late).all():
                parts = self._parts(connection, phone, reference, total, now=0.0)
                self._join(connection, parts)

    def claim(self, now: float, most: int, choose: Choose) -> list[Waiting]:
        """The messages to answer next: those that `choose` picks from the waiting ones, in order and at most `most`,
        of the phone whose last turn is longest ago.

        Nobody else gets this phone until `release`, or until the lease is over. Empty when nothing waits.
        """
        with self._store.transaction() as connection:
            has_some = select(inbox.c.id).where(inbox.c.phone == phones.c.id, inbox.c.state == "waiting").exists()
            first = (
                select(phones.c.id)
                .where(phones.c.turn_until < now, has_some)
                .order_by(phones.c.last_turn_at, phones.c.id)
                .limit(1)
            )
            phone = connection.execute(first).scalar()
            if phone is None:
                return []
            taken = connection.execute(
                update(phones)
                .where(phones.c.id == phone, phones.c.turn_until < now)
                .values(turn_until=now + TURN_LEASE, last_turn_at=now)
            )
            if taken.rowcount != 1:
                return []
            query = select(inbox).where(inbox.c.phone == phone, inbox.c.state == "waiting")
            rows = connection.execute(query.order_by(inbox.c.sent_at, inbox.c.id).limit(most)).mappings().all()
            chosen = choose([self._waiting(phone, row) for row in rows])
            ids = [message.id for message in chosen]
            connection.execute(update(inbox).where(inbox.c.id.in_(ids)).values(tries=inbox.c.tries + 1))
        return chosen

    def _waiting(self, phone: str, row: Mapping[str, Any]) -> Waiting:
        return Waiting(
            id=row["id"],
            key=row["key"],
            phone=phone,
            text=self._identity.opened(row["text"]),
            pictures=row["pictures"],
            handled=row["handled"],
            received_at=row["received_at"],
            tries=row["tries"],
        )

    @staticmethod
    def done(connection: Connection, ids: Sequence[int]) -> None:
        """Note, within a transaction, that messages are dealt with. Their words are not kept."""
        connection.execute(update(inbox).where(inbox.c.id.in_(list(ids))).values(state="done", text=None))

    def hold(self, phone: str, now: float) -> None:
        """Keep a phone that was claimed and not released yet: its lease begins anew."""
        with self._store.transaction() as connection:
            connection.execute(
                update(phones).where(phones.c.id == phone, phones.c.turn_until > 0).values(turn_until=now + TURN_LEASE)
            )

    def release(self, phone: str) -> None:
        """Let others have this phone."""
        with self._store.transaction() as connection:
            connection.execute(update(phones).where(phones.c.id == phone).values(turn_until=0.0))

    def forget_old(self, before: float) -> None:
        """Drop the ids of messages dealt with so long ago that nobody repeats them."""
        with self._store.transaction() as connection:
            connection.execute(delete(inbox).where(inbox.c.state == "done", inbox.c.received_at < before))

    def first_of(self, provider: str) -> float | None:
        """When the oldest message that is still known came from a provider; None when none is."""
        with self._store.transaction() as connection:
            oldest = select(func.min(inbox.c.received_at)).where(inbox.c.key.startswith(_key(provider, "")))
            found = connection.execute(oldest).scalar()
        return None if found is None else float(found)

    def known(self, provider: str, message_ids: Sequence[str]) -> set[str]:
        """Which of a provider's messages were kept before."""
        keys = {_key(provider, message_id): message_id for message_id in message_ids}
        with self._store.transaction() as connection:
            found = connection.execute(select(inbox.c.key).where(inbox.c.key.in_(list(keys)))).scalars().all()
        return {keys[key] for key in found}

    def waiting(self) -> int:
        """Messages that are not dealt with yet."""
        with self._store.transaction() as connection:
            open_states = or_(inbox.c.state == "waiting", inbox.c.state == "part")
            return int(connection.execute(select(func.count()).select_from(inbox).where(open_states)).scalar() or 0)


def _key(provider: str, message_id: str) -> str:
    """The name of a message among those of all providers."""
    return f"{provider}:{message_id}"
