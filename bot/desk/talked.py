"""Who talked to the bot of late, without a word of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.databases import Row, as_text
from bot.desk.tables import replies

LATELY = timedelta(hours=24)
MOST = 50


def lately(connection: Connection, now: datetime | None = None) -> list[Row]:
    """The latest reply in every conversation of the last day, newest first, and how many messages it had."""
    since = as_text((now or datetime.now(timezone.utc)) - LATELY)
    newest = (
        select(func.max(replies.c.id).label("id"), func.count(replies.c.turn.distinct()).label("turns"))
        .where(replies.c.at >= since)
        .group_by(replies.c.conversation)
        .subquery()
    )
    query = (
        select(replies.c.id, replies.c.at, replies.c.conversation, replies.c.channel, replies.c.kind, replies.c.topic,
               newest.c.turns)
        .join(newest, newest.c.id == replies.c.id)
        .order_by(replies.c.id.desc())
        .limit(MOST)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(query).mappings()]


def of_reply(connection: Connection, reply: int) -> tuple[str, str] | None:
    """The conversation and channel of a reply."""
    row = connection.execute(select(replies.c.conversation, replies.c.channel).where(replies.c.id == reply)).first()
    return (row.conversation, row.channel) if row else None
