"""Escalations that were erased before anybody acknowledged them: that there was one stays to be seen, and no more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.databases import Row, insert_once, now_text
from bot.desk.tables import erased_escalations, escalations


def leave_traces(connection: Connection, chosen: Any) -> None:
    """Note every unacknowledged escalation among `chosen`, a condition on the table, before it is deleted."""
    names = (escalations.c.id, escalations.c.at, escalations.c.category, escalations.c.level)
    unseen = select(*names).where(chosen, escalations.c.acknowledged_at.is_(None))
    for row in connection.execute(unseen).mappings().all():
        trace = {
            "escalation": row["id"],
            "escalated_at": row["at"],
            "erased_at": now_text(),
            "category": row["category"],
            "level": row["level"],
        }
        insert_once(connection, erased_escalations, trace)


def unseen_traces(connection: Connection) -> list[Row]:
    """The traces that nobody has looked at, newest first."""
    query = select(erased_escalations).where(erased_escalations.c.seen_at.is_(None))
    return [dict(row) for row in connection.execute(query.order_by(erased_escalations.c.escalation.desc())).mappings()]


def trace_seen(connection: Connection, escalation: int, who: str) -> bool:
    """Note who looked at a trace; whether they were the first."""
    mine = (erased_escalations.c.escalation == escalation) & erased_escalations.c.seen_at.is_(None)
    changed = connection.execute(erased_escalations.update().where(mine).values(seen_at=now_text(), seen_by=who))
    return bool(changed.rowcount == 1)


def drop_seen_traces(connection: Connection, before: str) -> None:
    """Delete the traces that somebody has looked at before a moment."""
    connection.execute(erased_escalations.delete().where(erased_escalations.c.seen_at < before))
