"""The rows of a period that figures are made of, read without the words and numbers that stand beside them."""

from __future__ import annotations

from datetime import datetime, time, timezone

from sqlalchemy import Column, Table, select
from sqlalchemy.engine import Connection

from bot.databases import Row, as_text
from bot.desk.figures import Period, Stored
from bot.desk.tables import escalations, handovers, helpful, replies, unplaced

SENT = ("accepted", "delivered")


def stored(records: Connection, period: Period, texts: list[Row]) -> Stored:
    """What was recorded in a period. `texts` come from another database (`texts_sent`)."""

    def of(table: Table, *names: str) -> list[Row]:
        columns: list[Column] = [table.c[name] for name in names]
        query = select(*columns).where(table.c.at >= _since(period))
        order = table.c.id if "id" in table.c else table.c.at
        return [dict(row) for row in records.execute(query.order_by(order)).mappings()]

    return Stored(
        replies=of(replies, "at", "conversation", "turn", "kind", "topic", "question", "level"),
        helpful=of(helpful, "at", "helpful", "about"),
        unplaced=of(unplaced, "at"),
        escalations=of(escalations, "at", "category", "level", "outcome", "acknowledged_at"),
        handovers=of(handovers, "at", "asked_at", "taken_at", "answered_at"),
        texts=texts,
    )


def texts_sent(texts: Connection, outbox: Table, period: Period) -> list[Row]:
    """When texts were sent in a period, and their segments, from the outbox of text messages."""
    since = datetime.combine(period.first, time(0), timezone.utc).timestamp()
    query = select(outbox.c.accepted_at, outbox.c.segments).where(
        outbox.c.accepted_at >= since, outbox.c.state.in_(SENT)
    )
    found = texts.execute(query.order_by(outbox.c.id)).all()
    return [
        {"at": as_text(datetime.fromtimestamp(row.accepted_at, timezone.utc)), "segments": row.segments}
        for row in found
    ]


def _since(period: Period) -> str:
    return as_text(datetime.combine(period.first, time(0), timezone.utc))
