"""How the database of conversations is reached: connections that are checked, recycled, and never waited for long."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.pool import QueuePool, StaticPool

from bot.databases import use_write_ahead_log

LOCKED_SECONDS = 0.4
"""How long a locked SQLite file is waited for. A turn reads once and writes once, and both must fit before the guard
answers."""

CONNECT_SECONDS = 2
STATEMENT_MILLISECONDS = 2000
GONE_MILLISECONDS = 3000
"""Longest wait for a server to be reached, for one statement, and for a server that has gone without a word."""

RECYCLE_SECONDS = 1800
"""Age at which a connection is opened anew: firewalls cut those that stay open for long."""

CONNECTIONS = 8
"""Connections of one process, and so transactions at the same time."""


class FileReplaced(Exception):
    """Another file stands in the place of the SQLite file that was opened: what was written would be lost."""


def open_database(address: str) -> Engine:
    """A database by its SQLAlchemy address, such as "sqlite:///var/conversations.db" or
    "postgresql://clonus:secret@database/clonus". Nothing is connected yet, and nothing fails."""
    parsed = make_url(address)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed,
            future=True,
            pool_pre_ping=True,
            pool_recycle=RECYCLE_SECONDS,
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=CONNECT_SECONDS,
            connect_args={
                "connect_timeout": CONNECT_SECONDS,
                "tcp_user_timeout": GONE_MILLISECONDS,
                "options": f"-c statement_timeout={STATEMENT_MILLISECONDS} -c lock_timeout={STATEMENT_MILLISECONDS}",
                "application_name": "clonus",
            },
        )
    in_memory = not parsed.database or parsed.database == ":memory:"
    engine = create_engine(
        parsed,
        future=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False, "timeout": LOCKED_SECONDS},
    )
    _prepare_sqlite(engine)
    if not in_memory:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        _watch_file(engine, Path(parsed.database))
    return engine


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def prepare(connection: Any, record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin transactions by itself
        use_write_ahead_log(connection, LOCKED_SECONDS)
        connection.execute("pragma synchronous = full")  # what was answered survives a power cut
        connection.execute("pragma secure_delete = on")  # what was erased leaves no trace in the file

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # a writer takes its turn at once, so that two wait for each other instead of failing halfway
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("begin immediate" if writes else "begin")


def _watch_file(engine: Engine, path: Path) -> None:
    """Refuse to go on with a file that was moved away: the rest of its writing stands in a second file of its name."""
    opened: list[tuple[int, int]] = []

    def look() -> None:
        try:
            found = os.stat(path)
        except FileNotFoundError:
            raise FileReplaced(f"{path} is gone. Put it back, or start again.") from None
        if (found.st_dev, found.st_ino) not in opened:
            raise FileReplaced(f"{path} is another file than the one that was opened. Put it back, or start again.")

    @event.listens_for(engine, "do_connect")
    def before_opening(dialect: Any, record: Any, arguments: Any, more: Any) -> None:
        if opened:
            look()

    @event.listens_for(engine, "connect")
    def note(connection: Any, record: Any) -> None:
        found = os.stat(path)
        opened[:] = opened or [(found.st_dev, found.st_ino)]

    @event.listens_for(engine, "checkout")
    def before_using(connection: Any, record: Any, proxy: Any) -> None:
        look()


def is_away(error: BaseException) -> bool:
    """Whether a database server cannot be reached just now: the same may work in a moment."""
    if not isinstance(error, DBAPIError) or type(error.orig).__module__.startswith("sqlite3"):
        return False
    return error.connection_invalidated or isinstance(error, (OperationalError, InterfaceError))
