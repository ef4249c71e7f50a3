"""Records for the tests of the desk, in each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.engine import Engine

from bot.databases import bring_up_to_date, open_engine
from bot.desk.steps import NAME, STEPS


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    """Empty records."""
    engine = open_engine(database)
    bring_up_to_date(engine, NAME, STEPS)
    yield engine
    engine.dispose()
