"""Shared by all tests: the project's own files, the trained bot, and nothing that leaves this machine."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.pop("CLONUS_REGION", None)
os.environ["CLONUS_STAFF_DATABASE"] = "sqlite:////nowhere/staff.db"  # what somebody published here changes no test

from bot.quiet import be_quiet
from tests.databases import KINDS, new_address
from tests.left_out import pytest_make_collect_report, pytest_runtest_makereport
from tests.postgresql import PostgreSQL, postgresql

be_quiet()

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One loop for the whole run: the trained bot is loaded once and belongs to the loop it was loaded in."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="session")
def records_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where this run keeps what staff would see, apart from the real file."""
    path = tmp_path_factory.mktemp("records") / "records.db"
    os.environ["CLONUS_RECORDS_PATH"] = str(path)
    return path


@pytest.fixture(scope="session")
async def companion(records_file: Path):  # type: ignore[no-untyped-def]
    """The trained bot with its real actions. `make test` trains it first."""
    from bot.channels.in_process import Companion
    from bot.settings import settings

    settings.cache_clear()
    return await Companion.load(ROOT / "models")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of this run."""
    with postgresql() as server:
        yield server


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    return new_address(request.param, tmp_path, lambda: request.getfixturevalue("postgresql_server"))
