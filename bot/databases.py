"""Databases through SQLAlchemy, in SQLite files or PostgreSQL; ordered steps bring their tables up to date."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, create_engine, event, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool

Row = dict[str, Any]
Step = Callable[[Connection], None]
"""Changes the tables, or what stands in them, once. A step that was released is never changed."""

READING = "reading"
"""Execution option of a transaction that only reads: it does not wait for those who write."""

CONNECT_SECONDS = 5
"""Longest wait for a database server."""
SQLITE_WAIT_SECONDS = 30
"""Longest wait for a file that another program is writing."""

_AWAY = ("locked", "busy", "unable to open", "disk i/o error", "disk is full", "readonly")
"""What SQLite says of a file that can be used again later. What else it calls operational is a mistake of ours."""

_steps_done = Table(
    "schema_steps",
    MetaData(),
    Column("tables", String(40), primary_key=True),
    Column("step", String(80), primary_key=True),
    Column("at", String(40), nullable=False),
)


def open_engine(address: str) -> Engine:
    """A database by its SQLAlchemy address. Safe for many threads and processes."""
    parsed = make_url(address)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, pool_pre_ping=True, future=True, connect_args={"connect_timeout": CONNECT_SECONDS}
        )  # fmt: skip
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        connect_args={"check_same_thread": False, "timeout": SQLITE_WAIT_SECONDS},
        poolclass=QueuePool,  # SQLAlchemy's own choice for files opens a new connection for every transaction
        max_overflow=30,
        future=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        use_write_ahead_log(connection, SQLITE_WAIT_SECONDS)
        connection.execute("PRAGMA secure_delete=ON")
        connection.execute("PRAGMA synchronous=FULL")  # what was answered with 200 survives a power cut

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a writer takes its turn at once, so that two wait for each other instead of failing halfway
        reading = connection.get_execution_options().get(READING)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def use_write_ahead_log(connection: sqlite3.Connection, seconds: float) -> None:
    """Let readers of an SQLite file go on while another program writes.

    Raises sqlite3.OperationalError when the file stays locked for so many seconds. When several programs switch a new
    file at the same moment, SQLite refuses all but one without the wait it has for everything else: the wait is here.
    """
    until = time.monotonic() + seconds
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads."""
    with engine.connect().execution_options(**{READING: True}) as connection, connection.begin():
        yield connection


def _nothing(connection: Connection) -> Iterable[str]:
    return ()


def bring_up_to_date(
    engine: Engine,
    tables: str,
    steps: Mapping[str, Step],
    done_before: Callable[[Connection], Iterable[str]] = _nothing,
) -> list[str]:
    """Take the steps that were not taken yet, in order, all or none; their names. Of several processes one does it.

    `tables` names the set of tables, so that several sets can share a database. `done_before` tells of steps that
    another tool took before this one was used.
    """
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext(%s))", (f"steps of {tables}",))
        _steps_done.create(connection, checkfirst=True)
        query = select(_steps_done.c.step).where(_steps_done.c.tables == tables)
        done = set(connection.execute(query).scalars())
        if not done:
            for name in done_before(connection):
                _note_step(connection, tables, name)
                done.add(name)
        taken = [name for name in steps if name not in done]
        for name in taken:
            steps[name](connection)
            _note_step(connection, tables, name)
    return taken


def _note_step(connection: Connection, tables: str, name: str) -> None:
    connection.execute(_steps_done.insert().values(tables=tables, step=name, at=now_text()))


def insert_once(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with the same key is there; whether it was inserted."""
    insert = _insert(connection)(table).values(**row).on_conflict_do_nothing()
    return bool(connection.execute(insert).rowcount == 1)


def insert_or_replace(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row in the place of the one with the same primary key."""
    key = [column.name for column in table.primary_key]
    rest = {name: value for name, value in row.items() if name not in key}
    insert = _insert(connection)(table).values(**row).on_conflict_do_update(index_elements=key, set_=rest)
    connection.execute(insert)


def _insert(connection: Connection) -> Any:
    return postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert


def is_away(error: BaseException) -> bool:
    """Whether the database, and not what was asked of it, is at fault: the same may work later."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    if type(error.orig).__module__.startswith("sqlite3"):
        return isinstance(error, OperationalError) and any(word in str(error.orig).lower() for word in _AWAY)
    return isinstance(error, (OperationalError, InterfaceError))


def leave_no_trace(engine: Engine) -> None:
    """Let nothing that was deleted stay readable beside the file: SQLite keeps what was written last in a second one.
    What others are reading just now stays until the next time."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def has_table(connection: Connection, name: str) -> bool:
    """Whether there is a table of that name."""
    return bool(inspect(connection).has_table(name))


def now_text() -> str:
    """The time in UTC, as it stands in tables: such texts are in order when they are sorted."""
    return as_text(datetime.now(timezone.utc))


def as_text(moment: datetime) -> str:
    """A time as it stands in tables."""
    return moment.astimezone(timezone.utc).isoformat(timespec="seconds")
