"""The chat page on a free port, with settings of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.replies.content import content
from bot.settings import settings
from tests.channels.page_server import PageServer, ScriptedBot


@pytest.fixture(scope="module")
def page_settings() -> Iterator[None]:
    """An American clinic's settings."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CLONUS_COOKIE_SECRET", "only-for-tests-only-for-tests")
        environment.setenv("CLONUS_REGION", "US")
        settings.cache_clear()
        content.cache_clear()
        yield
    settings.cache_clear()
    content.cache_clear()


@pytest.fixture
def server(page_settings: None) -> Iterator[PageServer]:
    """The page, served for a bot with a script."""
    server = PageServer(ScriptedBot())
    server.start()
    yield server
    server.stop()
