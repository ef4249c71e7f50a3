"""Where texts are kept until they are dealt with: tables and transactions, in SQLite or another SQL database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
    create_engine,
    event,
)
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

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

Row = dict[str, Any]


class Store:
    """Transactions over the three tables. Safe for many threads and processes."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
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
        """Let nothing that was deleted stay readable beside the file: SQLite keeps what was written last in a second
        one. What others are reading just now stays until the next time."""
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, future=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        connect_args={"check_same_thread": False, "timeout": 30},
        poolclass=QueuePool,  # SQLAlchemy's own choice for files opens a new connection for every transaction
        max_overflow=30,
        future=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")  # what was answered with 200 survives a power cut

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # taken at once, so that two writers wait for each other instead of failing halfway
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
