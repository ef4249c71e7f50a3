"""The ordered steps that bring the records' tables up to date. Each spells its tables out: those in use move on."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Connection

from bot.databases import Step, has_table

NAME = "records"
CONVERSATION = String(255)


def _create(connection: Connection, name: str, *parts: Column | Index | UniqueConstraint) -> None:
    Table(name, MetaData(), *parts).create(connection)


def _id() -> Column:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _words(*names: str) -> list[Column]:
    return [Column(name, Text, nullable=False) for name in names]


def _at(name: str = "at", *, needed: bool = True) -> Column:
    return Column(name, String(40), nullable=not needed)


def escalations(connection: Connection) -> None:
    """Every escalation with the words and the verdict that led to it."""
    parts = [Column("conversation", CONVERSATION, nullable=False), *_words("text", "category", "level")]
    _create(connection, "escalations", _id(), _at(), *parts, Column("sure", Integer), *_words("verdict"))


def unplaced(connection: Connection) -> None:
    """Messages the bot could not place. No conversation is kept with them."""
    _create(connection, "unplaced", _id(), _at(), *_words("text"))


def corrections(connection: Connection) -> None:
    """Which message led to an escalation, so that it is noted once; and what the person said of it later."""
    for column in ("message text", "corrected_at varchar(40)", "correction text"):
        connection.execute(text(f"alter table escalations add column {column}"))
    connection.execute(text("create unique index idx_escalations_message on escalations (message)"))


def consents(connection: Connection) -> None:
    """The words somebody agreed to by writing, once for each conversation and wording."""
    key = [Column("conversation", CONVERSATION, primary_key=True), Column("version", String(80), primary_key=True)]
    _create(connection, "consents", *key, _at(), *_words("words"))


def helpful(connection: Connection) -> None:
    """What people said to "Was this helpful?", the last word on each message."""
    key = [Column("conversation", CONVERSATION, primary_key=True), Column("message", String(80), primary_key=True)]
    value = Column("helpful", Integer, nullable=False)
    _create(connection, "helpful", *key, _at(), value, *_words("about", "text"))


def escalations_worked(connection: Connection) -> None:
    """What the person was told, who saw to it and what came of it; notes; and what is left of those erased unseen."""
    for column in (
        "told text",
        "channel varchar(40)",
        "acknowledged_at varchar(40)",
        "acknowledged_by varchar(200)",
        "outcome varchar(40)",
        "outcome_at varchar(40)",
        "outcome_by varchar(200)",
        "version integer not null default 0",
    ):
        connection.execute(text(f"alter table escalations add column {column}"))
    connection.execute(text("create index escalations_conversation on escalations (conversation)"))
    _create(
        connection,
        "escalation_notes",
        _id(),
        Column("escalation", Integer, nullable=False, index=True),
        Column("conversation", CONVERSATION, nullable=False),
        _at(),
        Column("who", String(200), nullable=False),
        *_words("text"),
    )
    _create(
        connection,
        "erased_escalations",
        Column("escalation", Integer, primary_key=True, autoincrement=False),
        _at("escalated_at"),
        _at("erased_at"),
        *_words("category", "level"),
        _at("seen_at", needed=False),
        Column("seen_by", String(200)),
    )


def escalation_alerts(connection: Connection) -> None:
    """Alerts on escalations that nobody acknowledged in time."""
    _create(
        connection,
        "escalation_alerts",
        _id(),
        Column("escalation", Integer, nullable=False),
        Column("conversation", CONVERSATION, nullable=False),
        _at(),
        Column("way", String(20), nullable=False),
        Column("state", String(10), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("next_try_at", Float, nullable=False),
        Column("lease_until", Float, nullable=False),
        _at("sent_at", needed=False),
        Column("error", Text),
        UniqueConstraint("escalation", "way"),
    )


def handovers(connection: Connection) -> None:
    """People who want a person, who answers them, and what staff say to them."""
    _create(
        connection,
        "handovers",
        _id(),
        Column("conversation", CONVERSATION, nullable=False, index=True),
        Column("open_key", CONVERSATION, unique=True),
        _at(),
        Column("channel", String(40), nullable=False),
        Column("state", String(10), nullable=False),
        _at("asked_at", needed=False),
        _at("heard_at", needed=False),
        Column("heard", Integer, nullable=False),
        Column("holder", Integer),
        Column("holder_name", String(200)),
        _at("taken_at", needed=False),
        _at("answered_at", needed=False),
        Column("told_quiet", Integer, nullable=False),
        _at("done_at", needed=False),
        Column("version", Integer, nullable=False),
        Column("deliver_until", Float, nullable=False),
    )
    _create(
        connection,
        "staff_messages",
        _id(),
        Column("handover", Integer, nullable=False, index=True),
        Column("conversation", CONVERSATION, nullable=False, index=True),
        _at(),
        Column("key", String(80), nullable=False, unique=True),
        Column("kind", String(10), nullable=False),
        Column("sender", String(200)),
        *_words("text"),
        Column("topic", String(120)),
        Column("state", String(10), nullable=False),
        Column("tries", Integer, nullable=False),
        Column("next_try_at", Float, nullable=False),
        _at("delivered_at", needed=False),
        Column("error", Text),
    )


def replies(connection: Connection) -> None:
    """What was said, without a word of it: for the figures."""
    _create(
        connection,
        "replies",
        _id(),
        Column("at", String(40), nullable=False, index=True),
        Column("conversation", CONVERSATION, nullable=False, index=True),
        Column("channel", String(40), nullable=False),
        Column("turn", String(80), nullable=False),
        Column("kind", String(20), nullable=False),
        Column("topic", String(120)),
        Column("question", String(120)),
        Column("level", String(20)),
        Column("category", String(120)),
    )


def helpful_asked(connection: Connection) -> None:
    """What the person had asked where an answer did not help."""
    connection.execute(text("alter table helpful add column asked text"))


STEPS: dict[str, Step] = {
    "m001_escalations": escalations,
    "m002_unplaced": unplaced,
    "m003_corrections": corrections,
    "m004_consents": consents,
    "m005_helpful": helpful,
    "m006_escalations_worked": escalations_worked,
    "m007_escalation_alerts": escalation_alerts,
    "m008_handovers": handovers,
    "m009_replies": replies,
    "m010_helpful_asked": helpful_asked,
}
"""Every step, in order."""


def taken_before(connection: Connection) -> Iterable[str]:
    """The steps that sqlite-utils took in files of the time before PostgreSQL."""
    if not has_table(connection, "_sqlite_migrations"):
        return []
    query = text("select name from _sqlite_migrations where migration_set = :name order by id")
    return list(connection.execute(query, {"name": NAME}).scalars())
