"""Escalations as staff work them: seen, acknowledged, noted, and what came of them. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.engine import Connection

from bot.databases import Row, now_text
from bot.desk.staff import Clash
from bot.desk.tables import escalation_notes, escalations

OUTCOMES: Mapping[str, str] = {
    "help-came": "Called for help, and help came",
    "called-is-fine": "Called, is fine",
    "seen-by-clinician": "Seen, or will be seen, by a clinician",
    "false-alarm": "False alarm",
    "not-reached": "Could not be reached",
    "other": "Something else (say what in a note)",
}
"""What can come of an escalation, and how staff read it."""

LONGEST_NOTE = 2000
PAGE = 50

LISTED = ("id", "at", "conversation", "category", "level", "sure", "channel", "acknowledged_at", "acknowledged_by",
          "outcome", "corrected_at", "version")  # fmt: skip
"""What a list shows: no words of the person."""


@dataclass(frozen=True)
class Counts:
    """How many escalations want something."""

    unacknowledged: int
    without_outcome: int
    newest: int
    """Highest id there is; a higher one is new."""


def listed(
    connection: Connection, *, level: str | None = None, show: str = "all", before: int | None = None
) -> list[Row]:
    """Escalations newest first, PAGE at a time, before the id `before`.

    `show`: "new" (not acknowledged), "open" (without an outcome) or "all".
    """
    query = select(*(escalations.c[name] for name in LISTED))
    if level is not None:
        query = query.where(escalations.c.level == level)
    if show == "new":
        query = query.where(escalations.c.acknowledged_at.is_(None))
    elif show == "open":
        query = query.where(escalations.c.outcome.is_(None))
    if before is not None:
        query = query.where(escalations.c.id < before)
    query = query.order_by(escalations.c.id.desc()).limit(PAGE)
    return [dict(row) for row in connection.execute(query).mappings()]


def counts(connection: Connection) -> Counts:
    """How many want something."""
    unseen = func.sum(case((escalations.c.acknowledged_at.is_(None), 1), else_=0))
    undone = func.sum(case((escalations.c.outcome.is_(None), 1), else_=0))
    row = connection.execute(select(unseen, undone, func.max(escalations.c.id))).one()
    return Counts(*(int(value or 0) for value in row))


def one(connection: Connection, escalation: int) -> Row | None:
    """An escalation with all that is known of it."""
    row = connection.execute(select(escalations).where(escalations.c.id == escalation)).mappings().first()
    return dict(row) if row else None


def notes(connection: Connection, escalation: int) -> list[Row]:
    """Its notes, oldest first."""
    query = select(escalation_notes).where(escalation_notes.c.escalation == escalation).order_by(escalation_notes.c.id)
    return [dict(row) for row in connection.execute(query).mappings()]


def acknowledge(connection: Connection, escalation: int, who: str) -> bool:
    """Note who has seen it and sees to it; False when somebody did before. That stays as it is."""
    mine = and_(escalations.c.id == escalation, escalations.c.acknowledged_at.is_(None))
    values = {"acknowledged_at": now_text(), "acknowledged_by": who, "version": escalations.c.version + 1}
    return bool(connection.execute(escalations.update().where(mine).values(**values)).rowcount == 1)


def add_note(connection: Connection, escalation: int, who: str, text: str) -> None:
    """Add a note. Raises Clash when the escalation was erased, ValueError for a note that is empty or too long."""
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise ValueError(f"A note has 1 to {LONGEST_NOTE} characters.")
    row = _there(connection, escalation)
    values = {"escalation": escalation, "conversation": row["conversation"], "who": who, "text": words}
    connection.execute(escalation_notes.insert().values(**values, at=now_text()))


def set_outcome(connection: Connection, escalation: int, version: int, who: str, outcome: str) -> None:
    """Note what came of it, and that it was seen. `version` is that of the escalation as it stood on the screen.

    Raises Clash when a colleague changed it since, or it was erased; ValueError for an unknown outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError("Choose what came of it.")
    row = _there(connection, escalation)
    at = now_text()
    values = {
        "outcome": outcome,
        "outcome_at": at,
        "outcome_by": who,
        "acknowledged_at": row["acknowledged_at"] or at,
        "acknowledged_by": row["acknowledged_by"] or who,
        "version": version + 1,
    }
    mine = and_(escalations.c.id == escalation, escalations.c.version == version)
    if connection.execute(escalations.update().where(mine).values(**values)).rowcount != 1:
        raise Clash("A colleague changed this just now. Look at it again before you choose.")


def _there(connection: Connection, escalation: int) -> Row:
    row = one(connection, escalation)
    if row is None:
        raise Clash("This escalation was erased: the person asked to be forgotten, or its time was over.")
    return row


def state_of_all(connection: Connection) -> tuple[int, ...]:
    """Numbers that differ whenever any escalation, or a note on one, changed."""
    query = select(
        func.count(),
        func.max(escalations.c.id),
        func.sum(escalations.c.version),
        func.count(escalations.c.corrected_at),
    )
    noted = select(func.max(escalation_notes.c.id), func.count()).select_from(escalation_notes)
    rows = (connection.execute(each).one() for each in (query, noted))
    return tuple(int(value or 0) for row in rows for value in row)
