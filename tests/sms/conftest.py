"""A desk for each test, whose phones are known already, with records of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.records import records
from bot.settings import settings
from tests.sms.phone import AMERICAN, Desk


@pytest.fixture(autouse=True)
def own_records(records_file: Path) -> Iterator[None]:
    """What staff would see goes to the file of this run."""
    os.environ["CLONUS_RECORDS_PATH"] = str(records_file)
    settings.cache_clear()
    records.cache_clear()
    yield
    records().close()
    records.cache_clear()


@pytest.fixture
def new_desk(tmp_path: Path) -> Desk:
    """A desk that nobody has texted yet."""
    return Desk(tmp_path)


@pytest.fixture
async def desk(new_desk: Desk) -> Desk:
    """A desk that has welcomed the American phone."""
    await new_desk.say("hello", AMERICAN)
    return new_desk
