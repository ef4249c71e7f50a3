"""Real databases and a real Redis for the engine's tests, started once on free ports."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from sqlalchemy import create_engine

from bot.engine.tracker_store import Conversations
from tests.engine.running import Running, running_servers

_numbers = itertools.count()


@pytest.fixture(scope="session")
def servers() -> Iterator[Running]:
    """PostgreSQL and Redis."""
    with running_servers() as running:
        yield running


@pytest.fixture
def new_database(servers: Running, tmp_path: Path) -> Callable[[str], str]:
    """Makes an empty database of a kind, "sqlite" or "postgresql"; its address."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'conversations.db'}"
        name = f"conversations_{next(_numbers)}"
        engine = create_engine(servers.database_url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"create database {name}")
        engine.dispose()
        return servers.database_url.rsplit("/", 1)[0] + f"/{name}"

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """The address of an empty database of each kind."""
    return new_database(request.param)


@pytest.fixture
def store(database: str) -> Iterator[Conversations]:
    """Conversations in each kind of database."""
    store = Conversations(Domain.empty(), url=database)
    yield store
    store.tables.close()
