"""The chat page on a free port, with settings of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.records import records
from bot.replies.content import content
from bot.settings import settings
from tests.channels.page_browser import Browser
from tests.channels.page_server import PageServer, ScriptedBot


@contextmanager
def clinic_settings(folder: Path, **more: str) -> Iterator[None]:
    """An American clinic's settings, with its records in `folder`."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CLONUS_COOKIE_SECRET", "only-for-tests-only-for-tests")
        environment.setenv("CLONUS_REGION", "US")
        environment.setenv("CLONUS_RECORDS_PATH", str(folder / "records.db"))
        for name, value in more.items():
            environment.setenv(f"CLONUS_{name.upper()}", value)
        for cached in (settings, content, records):
            cached.cache_clear()
        yield
        records().close()
    for cached in (settings, content, records):
        cached.cache_clear()


@pytest.fixture(scope="module")
def page_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The settings of a clinic that lets its own site show the chat."""
    with clinic_settings(tmp_path_factory.mktemp("page"), embed_origins="https://clinic.example"):
        yield


@pytest.fixture
def server(page_settings: None) -> Iterator[PageServer]:
    """The page, served for a bot with a script."""
    server = PageServer(ScriptedBot())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def browser(server: PageServer) -> Browser:
    """A person's browser."""
    return Browser(server)
