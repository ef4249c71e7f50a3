"""Edits of content, and what was decided about unanswered messages. Both only grow."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.engine import Connection

from bot.staff.append_only import refuse_changes

metadata = MetaData()

Table(
    "staff_edit_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("item", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("by", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("note", Text, nullable=False),
    Column("content", Text),
    Column("fingerprint", String(16)),
    Column("base", String(16)),
    Column("file", String(16)),
    Column("publish_at", Float),
    Column("version", Integer),
    UniqueConstraint("item", "number"),
)
Table(
    "staff_unanswered_marks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("wording", String(32), nullable=False),
    Column("decision", String(20), nullable=False),
    Column("topic", String(60)),
    Column("by", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Index("staff_unanswered_marks_by_wording", "wording", "id"),
)


def upgrade(connection: Connection) -> None:
    """Make the tables."""
    metadata.create_all(connection)
    for table in metadata.tables:
        refuse_changes(connection, table)
