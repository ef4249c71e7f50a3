"""Where the console keeps its data: SQLite by default, PostgreSQL by address. Safe for many threads and processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection

from bot.databases import open_engine, reading
from bot.staff.migrating import migrate


class Database:
    """Opens the database at an SQLAlchemy address and brings its tables up to date.

    Raises sqlalchemy.exc.SQLAlchemyError when it cannot be reached.
    """

    def __init__(self, address: str) -> None:
        self.engine = open_engine(address)
        if self.engine.dialect.name == "sqlite":

            @event.listens_for(self.engine, "connect")
            def check_references(connection: Any, record: Any) -> None:
                connection.execute("PRAGMA foreign_keys=ON")

        migrate(self.engine)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A connection for writing: all of it or nothing of it. Writers wait for each other."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads: it sees one state of the data, and waits for no writer."""
        with reading(self.engine) as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
