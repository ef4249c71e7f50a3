"""Where texts are kept until they are dealt with: tables and transactions, in SQLite or another SQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.engine import Connection

from bot.databases import Row, leave_no_trace, open_engine

metadata = MetaData()

phones = Table(
    "text_phones",
    metadata,
    Column("id", String(40), primary_key=True),  # the pseudonym
    Column("provider", String(20), nullable=False),
    Column("number", Text),  # locked; None once it is forgotten
    Column("region", String(10)),  # of the number; None when it does not tell one
    Column("said_region", String(10)),  # where the person said they are; it counts more
    Column("welcomed_at", Float),
    Column("opted_out_at", Float),
    Column("forget", Boolean, nullable=False, default=False),  # forget the number when the last text is out
    Column("pages", JSON),  # the rest of the last reply, for MORE
    Column("choices", JSON),  # the numbered choices last written to the phone
    Column("question", JSON),  # the texts of the question last asked
    Column("question_text", Integer),  # the outbox row that carries its numbers
    Column("last_turn_at", Float, nullable=False, default=0.0),
    Column("turn_until", Float, nullable=False, default=0.0),  # a worker is answering this phone until then
    Column("send_until", Float, nullable=False, default=0.0),  # a sender is sending to this phone until then
)

inbox = Table(
    "text_inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(160), nullable=False, unique=True),  # provider and message id
    Column("phone", String(40), ForeignKey("text_phones.id"), nullable=False),
    Column("state", String(10), nullable=False),  # part, waiting, done
    Column("received_at", Float, nullable=False),
    Column("sent_at", Float, nullable=False),  # by the provider's clock where it tells, else received_at
    Column("text", Text),  # locked; None once it is dealt with
    Column("pictures", Integer, nullable=False, default=0),
    Column("handled", String(10)),
    Column("tries", Integer, nullable=False, default=0),
    Column("part_reference", String(40)),
    Column("part_number", Integer),
    Column("part_total", Integer),
    Index("text_inbox_waiting", "state", "phone", "id"),
)

outbox = Table(
    "text_outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("phone", String(40), ForeignKey("text_phones.id"), nullable=False),
    Column("cause", String(170), nullable=False),  # what it answers: an inbox key
    Column("part", Integer, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, sending, accepted, delivered, failed, dropped
    Column("danger", Boolean, nullable=False),
    Column("reply", Boolean, nullable=False),
    Column("text", Text),  # locked; None once it is accepted or given up
    Column("segments", Integer, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("uncertain", Boolean, nullable=False, default=False),  # an attempt went without an answer
    Column("created_at", Float, nullable=False),
    Column("first_try_at", Float),
    Column("next_try_at", Float, nullable=False),
    Column("accepted_at", Float),
    Column("message_id", String(80), index=True),
    Column("error", Text),
    UniqueConstraint("cause", "part"),
    Index("text_outbox_waiting", "state", "phone", "id"),
)


class Store:
    """Transactions over the three tables. Safe for many threads and processes."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        metadata.create_all(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All of it or nothing of it."""
        with self.engine.begin() as connection:
            yield connection

    def rows(self, table: Table) -> list[Row]:
        """Everything in a table, oldest first."""
        with self.transaction() as connection:
            return [dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()]

    def leave_no_trace(self) -> None:
        """Let nothing that was deleted stay readable beside the file."""
        leave_no_trace(self.engine)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
