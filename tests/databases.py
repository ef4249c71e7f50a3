"""The two kinds of database that everything kept for staff must work in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from bot.databases import Row, open_engine, reading
from tests.postgresql import PostgreSQL

KINDS = ("sqlite", "postgresql")


def new_address(kind: str, folder: Path, server: Callable[[], PostgreSQL]) -> str:
    """The address of an empty database of a kind. `server` gives the PostgreSQL server, when it is wanted."""
    return f"sqlite:///{folder / 'records.db'}" if kind == "sqlite" else server().new_database()


def change(address: str, statement: str, **values: object) -> None:
    """Change something behind the program's back."""
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def found(address: str, query: str) -> list[Row]:
    """What a query finds."""
    engine = open_engine(address)
    with reading(engine) as connection:
        rows = [dict(row) for row in connection.execute(text(query)).mappings()]
    engine.dispose()
    return rows
