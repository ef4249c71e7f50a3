"""The log of what staff did: who, when, what, on what. It only grows, and a row that was tampered with shows.

Never write what a patient said or a number into it: name the thing ("escalation:17"), not its content.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, select
from sqlalchemy.engine import Connection

BEGINNING = "0" * 64

audit = Table(
    "staff_audit",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("account", Integer),  # None: nobody was signed in
    Column("who", String(200), nullable=False),
    Column("action", String(60), nullable=False),
    Column("object", String(200), nullable=False),
    Column("details", Text, nullable=False),
    Column("hash", String(64), nullable=False),  # over this row and the hash of the one before
)


@dataclass(frozen=True)
class Entry:
    """One row of the log."""

    id: int
    at: float
    account: int | None
    who: str
    action: str
    object: str
    details: dict[str, Any]
    hash: str


def note(
    connection: Connection,
    account: int | None,
    who: str,
    action: str,
    on: str,
    details: Mapping[str, Any] | None = None,
    at: float | None = None,
) -> None:
    """Write what was done, in the transaction that does it. `details` may hold plain facts, never a patient's words."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE staff_audit IN EXCLUSIVE MODE")  # one row after the other
    last = connection.execute(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)).scalar()
    row = {
        "at": time.time() if at is None else at,
        "account": account,
        "who": who,
        "action": action,
        "object": on,
        "details": json.dumps(dict(details or {}), ensure_ascii=False, sort_keys=True),
    }
    connection.execute(audit.insert().values(**row, hash=_hash(last or BEGINNING, row)))


def entries(connection: Connection, most: int = 100, before: int | None = None) -> list[Entry]:
    """The latest rows, newest first; `before` an id, to read on."""
    query = select(audit).order_by(audit.c.id.desc()).limit(most)
    if before is not None:
        query = query.where(audit.c.id < before)
    return [_entry(row) for row in connection.execute(query).mappings()]


def first_broken(connection: Connection) -> int | None:
    """The id of the first row that was changed, or that stands after one that was taken away; None when all is whole.

    Rows cut off at the end cannot be seen by this: keep a copy of the newest hash elsewhere to notice that.
    """
    last = BEGINNING
    for row in connection.execute(select(audit).order_by(audit.c.id)).mappings():
        if row["hash"] != _hash(last, row):
            return int(row["id"])
        last = row["hash"]
    return None


def _hash(before: str, row: Mapping[str, Any]) -> str:
    told = [before, *(row[name] for name in ("at", "account", "who", "action", "object", "details"))]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{**row, "details": json.loads(row["details"])})
