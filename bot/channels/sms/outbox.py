"""What goes out: every reply kept until the provider has it, in order for each phone, danger first."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.engine import Connection

from bot.channels.sms.identity import Identity
from bot.channels.sms.segments import segment_count
from bot.channels.sms.store import Store, outbox, phones
from bot.channels.sms.webhooks import Delivery, Report
from bot.databases import Row

SEND_LEASE = 60.0
"""Seconds for which a sender may hold a phone. One that died holds it no longer."""

FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
"""Seconds before the second attempt, doubled each time, and at most."""

UNCERTAIN_WAIT = 30.0
"""Seconds before a text is sent again that may have been taken: time for a delivery report to tell."""


@dataclass(frozen=True)
class ToSend:
    """A text to hand over now."""

    id: int
    phone: str
    provider: str
    number: str
    text: str
    danger: bool
    reply: bool
    tries: int
    uncertain: bool
    created_at: float
    first_try_at: float

    @property
    def key(self) -> str:
        """The name of this text towards the provider. It tells nothing."""
        return f"text-{self.id}"


@dataclass(frozen=True)
class Outgoing:
    """A text to be kept for sending."""

    text: str
    danger: bool = False


class Outbox:
    """The outbox of all phones."""

    def __init__(self, store: Store, identity: Identity, chance: Callable[[], float] = random.random) -> None:
        self._store = store
        self._identity = identity
        self._chance = chance

    def put(
        self,
        connection: Connection,
        phone: str,
        cause: str,
        texts: Sequence[Outgoing],
        now: float,
        *,
        reply: bool = True,
    ) -> list[int]:
        """Keep texts within a transaction; their ids. Texts of a cause that has some already are not kept twice."""
        kept = connection.execute(select(outbox.c.id).where(outbox.c.cause == cause).order_by(outbox.c.part))
        ids = [row.id for row in kept]
        if ids:
            return ids
        for part, outgoing in enumerate(texts, start=1):
            row = {
                "phone": phone,
                "cause": cause,
                "part": part,
                "state": "waiting",
                "danger": outgoing.danger,
                "reply": reply,
                "text": self._identity.locked(outgoing.text),
                "segments": segment_count(outgoing.text),
                "created_at": now,
                "next_try_at": now,
            }
            ids.append(int(connection.execute(outbox.insert().values(**row)).inserted_primary_key[0]))
        return ids

    def claim_phone(self, now: float, providers: Sequence[str]) -> str | None:
        """A phone whose next text is due, for this sender alone until `release`; None when nothing is due."""
        with self._store.transaction() as connection:
            due = select(outbox.c.id).where(
                outbox.c.phone == phones.c.id,
                outbox.c.state.in_(("waiting", "sending")),
                outbox.c.next_try_at <= now,
            )
            first = select(phones.c.id).where(phones.c.send_until < now, phones.c.provider.in_(providers), due.exists())
            for (phone,) in connection.execute(first.order_by(phones.c.last_turn_at)).all():
                if self._head(connection, phone, now) is None:
                    continue
                taken = connection.execute(
                    update(phones)
                    .where(phones.c.id == phone, phones.c.send_until < now)
                    .values(send_until=now + SEND_LEASE)
                )
                if taken.rowcount == 1:
                    return str(phone)
        return None

    def next_text(self, phone: str, now: float) -> ToSend | None:
        """The next text of a claimed phone if it is due, marked as being sent; the lease begins anew."""
        with self._store.transaction() as connection:
            head = self._head(connection, phone, now)
            if head is None:
                return None
            first_try = head["first_try_at"] if head["first_try_at"] is not None else now
            # a text found "sending" was left so by a sender that died: it may be out already
            uncertain = head["uncertain"] or head["state"] == "sending"
            connection.execute(
                update(outbox)
                .where(outbox.c.id == head["id"])
                .values(state="sending", tries=head["tries"] + 1, first_try_at=first_try, uncertain=uncertain)
            )
            connection.execute(update(phones).where(phones.c.id == phone).values(send_until=now + SEND_LEASE))
            of = connection.execute(select(phones).where(phones.c.id == phone)).mappings().one()
        return ToSend(
            id=head["id"],
            phone=phone,
            provider=of["provider"],
            number=self._identity.opened(of["number"]),
            text=self._identity.opened(head["text"]),
            danger=head["danger"],
            reply=head["reply"],
            tries=head["tries"] + 1,
            uncertain=uncertain,
            created_at=head["created_at"],
            first_try_at=first_try,
        )

    @staticmethod
    def _head(connection: Connection, phone: str, now: float) -> Row | None:
        """The text that must go next to a phone, if it is due. Nothing overtakes it but danger."""
        query = (
            select(outbox)
            .where(outbox.c.phone == phone, outbox.c.state.in_(("waiting", "sending")))
            .order_by(case((outbox.c.danger, 0), else_=1), outbox.c.id)
            .limit(1)
        )
        row = connection.execute(query).mappings().first()
        return dict(row) if row is not None and row["next_try_at"] <= now else None

    def accepted(self, text_id: int, message_id: str, now: float) -> None:
        """The provider has a text. Its words are not kept."""
        values = {"state": "accepted", "message_id": message_id, "accepted_at": now, "text": None, "error": None}
        self._set(text_id, ("waiting", "sending"), values)

    def later(self, text: ToSend, reason: str, now: float, after: float | None, *, uncertain: bool) -> None:
        """Try again after a pause that doubles each time, is never the same for all, and heeds the provider's wish."""
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(text.tries - 1, 10)) * (0.75 + self._chance() / 2)
        wait = max(wait, after or 0.0, UNCERTAIN_WAIT if uncertain else 0.0)
        values = {
            "state": "waiting",
            "next_try_at": now + wait,
            "error": reason,
            "uncertain": uncertain or text.uncertain,
        }
        self._set(text.id, ("sending",), values)

    def hold(self, text_id: int, until: float) -> None:
        """Keep a text until the quiet hours are over. This is no attempt."""
        self._set(text_id, ("sending",), {"state": "waiting", "next_try_at": until, "tries": outbox.c.tries - 1})

    def gone(self, text_id: int, state: str, reason: str) -> None:
        """Give a text up: `failed` when it was refused, `dropped` when it is of no use any more."""
        self._set(text_id, ("waiting", "sending"), {"state": state, "error": reason, "text": None})

    def _set(self, text_id: int, states: Sequence[str], values: Row) -> None:
        with self._store.transaction() as connection:
            connection.execute(
                update(outbox).where(outbox.c.id == text_id, outbox.c.state.in_(states)).values(**values)
            )

    @staticmethod
    def drop_waiting(connection: Connection, phone: str, reason: str) -> None:
        """Give up, within a transaction, all that waits for a phone."""
        connection.execute(
            update(outbox)
            .where(outbox.c.phone == phone, outbox.c.state.in_(("waiting", "sending")))
            .values(state="dropped", error=reason, text=None)
        )

    def release(self, phone: str) -> None:
        """Let others send to this phone."""
        with self._store.transaction() as connection:
            connection.execute(update(phones).where(phones.c.id == phone).values(send_until=0.0))

    def report(self, provider: str, report: Report, now: float) -> None:
        """Take a delivery report in. Reports come late, twice and out of order: one never undoes a later state.

        A report that names our key also answers a sending that went without an answer.
        """
        same = [outbox.c.message_id == report.message_id]
        number = (report.key or "").removeprefix("text-")
        if number.isdigit():
            same.append(outbox.c.id == int(number))
        with self._store.transaction() as connection:
            mine = select(phones.c.id).where(phones.c.provider == provider)
            query = select(outbox).where(or_(*same), outbox.c.phone.in_(mine))
            row = connection.execute(query).mappings().first()
            if row is None or (row["message_id"] or report.message_id) != report.message_id:
                return
            values: Row = {"message_id": report.message_id, "text": None}
            if row["accepted_at"] is None:
                values["accepted_at"] = now
            if report.delivery is Delivery.DELIVERED:
                values |= {"state": "delivered", "error": None}
            elif report.delivery is Delivery.FAILED and row["state"] != "delivered":
                values |= {"state": "failed", "error": report.error or "not delivered"}
            elif row["state"] in ("waiting", "sending"):
                values["state"] = "accepted"
            connection.execute(update(outbox).where(outbox.c.id == row["id"]).values(**values))
            if report.opted_out:
                connection.execute(
                    update(phones)
                    .where(phones.c.id == row["phone"], phones.c.opted_out_at.is_(None))
                    .values(opted_out_at=now)
                )
                self.drop_waiting(connection, row["phone"], "opted out")

    def forget_old(self, before: float) -> None:
        """Drop texts dealt with so long ago that nobody reports on them, but those whose numbers still count."""
        with self._store.transaction() as connection:
            counts = select(phones.c.id).where(phones.c.question_text == outbox.c.id).exists()
            connection.execute(
                delete(outbox).where(
                    outbox.c.state.notin_(("waiting", "sending")), outbox.c.created_at < before, ~counts
                )
            )

    def fate(self, text_id: int) -> tuple[str, float | None]:
        """The state of a text, and when it was accepted, if it was."""
        with self._store.transaction() as connection:
            query = select(outbox.c.state, outbox.c.accepted_at).where(outbox.c.id == text_id)
            state, accepted_at = connection.execute(query).one()
        return state, accepted_at

    def silence(self, phone: str, now: float) -> float:
        """Seconds since a text to this phone was last kept; 0 when none is known."""
        query = select(func.max(outbox.c.created_at)).where(outbox.c.phone == phone)
        with self._store.transaction() as connection:
            latest = connection.execute(query).scalar()
        return 0.0 if latest is None else now - float(latest)

    def waiting(self, phone: str | None = None) -> int:
        """Texts that are not out yet."""
        query = select(func.count()).select_from(outbox).where(outbox.c.state.in_(("waiting", "sending")))
        if phone is not None:
            query = query.where(outbox.c.phone == phone)
        with self._store.transaction() as connection:
            return int(connection.execute(query).scalar() or 0)
