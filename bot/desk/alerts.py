"""Alerts on escalations that nobody acknowledged in time: which are due, and who sends each, once.

An alert is a row, unique for its escalation and way. A process claims it for a while before it sends, so that of
several processes one does; one that died in between holds it no longer, and another sends it then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.databases import as_text, insert_once, now_text
from bot.desk.tables import alerts, escalations

WAITING, SENT, DROPPED = "waiting", "sent", "dropped"

LEASE_SECONDS = 120.0
"""Longest a process may take to send one alert."""
FIRST_WAIT, LONGEST_WAIT = 10.0, 900.0
"""Seconds before the second attempt, doubled each time, and at most."""
GIVE_UP_SECONDS = 86_400.0
"""An alert that could not be sent for so long is of no use any more."""


@dataclass(frozen=True)
class Alert:
    """One alert to be sent now. It tells nothing of the person."""

    id: int
    escalation: int
    way: str
    level: str
    category: str
    escalated_at: str
    tries: int
    at: str


def note_due(connection: Connection, ways: Collection[str], levels: Collection[str], minutes: float, now: float) -> int:
    """Note an alert, for each way, for every escalation of these levels that has waited too long; how many are new."""
    limit = as_text(datetime.fromtimestamp(now, timezone.utc) - timedelta(minutes=minutes))
    overdue = select(escalations.c.id, escalations.c.conversation).where(
        escalations.c.acknowledged_at.is_(None),
        escalations.c.at <= limit,
        escalations.c.level.in_(tuple(levels)),
        ~select(alerts.c.id).where(alerts.c.escalation == escalations.c.id, alerts.c.way.in_(tuple(ways))).exists(),
    )
    new = 0
    for row in connection.execute(overdue).all():
        for way in ways:
            values = {
                "escalation": row.id,
                "conversation": row.conversation,
                "at": as_text(datetime.fromtimestamp(now, timezone.utc)),
                "way": way,
                "state": WAITING,
                "tries": 0,
                "next_try_at": now,
                "lease_until": 0.0,
            }
            new += insert_once(connection, alerts, values)
    return new


def claim(connection: Connection, ways: Collection[str], now: float) -> Alert | None:
    """The next alert to send, for this process alone; None when none is due.

    One whose escalation was acknowledged meanwhile is dropped, and so is one that could not be sent for a day.
    """
    query = (
        select(alerts, escalations.c.level, escalations.c.category, escalations.c.at.label("escalated_at"),
               escalations.c.acknowledged_at)
        .join(escalations, escalations.c.id == alerts.c.escalation)
        .where(
            alerts.c.state == WAITING,
            alerts.c.way.in_(tuple(ways)),
            alerts.c.next_try_at <= now,
            alerts.c.lease_until < now,
        )
        .order_by(alerts.c.id)
    )  # fmt: skip
    for row in connection.execute(query).mappings().all():
        mine = (alerts.c.id == row["id"]) & (alerts.c.state == WAITING) & (alerts.c.lease_until < now)
        too_old = now - datetime.fromisoformat(row["at"]).timestamp() > GIVE_UP_SECONDS
        if row["acknowledged_at"] is not None or too_old:
            why = "acknowledged meanwhile" if row["acknowledged_at"] is not None else "not sent for a day"
            connection.execute(alerts.update().where(mine).values(state=DROPPED, error=why))
            continue
        taken = alerts.update().where(mine).values(lease_until=now + LEASE_SECONDS, tries=alerts.c.tries + 1)
        if connection.execute(taken).rowcount == 1:
            names = ("id", "escalation", "way", "level", "category", "escalated_at", "at")
            return Alert(**{name: row[name] for name in names}, tries=row["tries"] + 1)
    return None


def sent(connection: Connection, alert: Alert) -> None:
    """Note that an alert is out."""
    values = {"state": SENT, "sent_at": now_text(), "lease_until": 0.0, "error": None}
    connection.execute(alerts.update().where(alerts.c.id == alert.id).values(**values))


def later(connection: Connection, alert: Alert, reason: str, now: float, chance: Callable[[], float]) -> None:
    """Try again after a pause that doubles each time and is never the same for all."""
    pause = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(alert.tries - 1, 10)) * (0.75 + chance() / 2)
    values = {"next_try_at": now + pause, "lease_until": 0.0, "error": reason[:500]}
    connection.execute(alerts.update().where(alerts.c.id == alert.id).values(**values))
