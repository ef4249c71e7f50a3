"""What staff decided about unanswered messages, by the key of their wording: no words are kept here. It only grows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, select
from sqlalchemy.engine import Connection

unanswered_marks = Table(
    "staff_unanswered_marks",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("wording", String(32), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("topic", String(60)),
    Column("by", Integer, nullable=False),
    Column("at", Float, nullable=False),
)


class Decision(str, Enum):
    """What was decided about a wording."""

    ATTACHED = "attached"
    """It becomes a question of a topic, once that is reviewed."""
    OUT_OF_SCOPE = "out-of-scope"
    """The bot need not know."""
    OPEN = "open"
    """Nothing any more: an earlier decision was taken back."""


@dataclass(frozen=True)
class Mark:
    """The last decision about a wording."""

    decision: Decision
    topic: str | None
    by: int
    at: float


def mark(
    connection: Connection, wordings: Iterable[str], decision: Decision, by: int, at: float, topic: str | None = None
) -> None:
    """Decide about wordings."""
    for wording in wordings:
        values = {"wording": wording, "decision": decision.value, "topic": topic, "by": by, "at": at}
        connection.execute(unanswered_marks.insert().values(**values))


def marks(connection: Connection) -> dict[str, Mark]:
    """The last decision about every wording that has one, taken back or not."""
    rows = connection.execute(select(unanswered_marks).order_by(unanswered_marks.c.id)).mappings()
    return {row["wording"]: Mark(Decision(row["decision"]), row["topic"], row["by"], row["at"]) for row in rows}
