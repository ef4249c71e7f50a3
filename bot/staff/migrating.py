"""Bring the console's tables up to date: one module a step, each applied once, in the order of their names."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from sqlalchemy import Column, Float, MetaData, String, Table, inspect, select
from sqlalchemy.engine import Connection, Engine

from bot.databases import reading
from bot.staff import migrations

NAME = re.compile(r"^m\d{4}_\w+$")
POSTGRESQL_LOCK = 705_005_006
"""Number of the lock that processes which start together take in turn."""

applied = Table(
    "staff_migrations",
    MetaData(),
    Column("name", String(80), primary_key=True),
    Column("applied_at", Float, nullable=False),
)


class Migration(Protocol):
    """A module of `bot/staff/migrations`."""

    def upgrade(self, connection: Connection) -> None:
        """Change the tables; what they hold must still be there afterward."""


@dataclass(frozen=True)
class Step:
    """One migration and its name."""

    name: str
    migration: Migration


def steps() -> list[Step]:
    """Every migration, in order."""
    names = sorted(module.name for module in pkgutil.iter_modules(migrations.__path__) if NAME.match(module.name))
    return [Step(name, cast(Migration, importlib.import_module(f"{migrations.__name__}.{name}"))) for name in names]


def migrate(engine: Engine, wanted: Sequence[Step] | None = None) -> list[str]:
    """Apply the migrations that were not applied yet; their names.

    Each is recorded in the transaction that makes its change: it counts wholly or not at all. Processes that start
    together take turns, and the second finds the work done.
    """
    done: list[str] = []
    known = _known(engine)
    for step in steps() if wanted is None else wanted:
        if step.name in known:
            continue  # looked at without the writers' turn: whoever holds it may open the database once more
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
            if not inspect(connection).has_table(applied.name):
                applied.create(connection)
            if connection.execute(select(applied).where(applied.c.name == step.name)).first():
                continue
            step.migration.upgrade(connection)
            connection.execute(applied.insert().values(name=step.name, applied_at=time.time()))
            done.append(step.name)
    return done


def _known(engine: Engine) -> set[str]:
    """The migrations that were applied before."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(applied.name):
            return set()
        return set(connection.execute(select(applied.c.name)).scalars())
