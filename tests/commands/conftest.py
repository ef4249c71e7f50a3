"""Settings of a service that lives in a temporary folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import settings


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in which library, vectors and models would stand."""
    monkeypatch.setenv("CLONUS_LIBRARY_PATH", str(tmp_path / "knowledge.db"))
    monkeypatch.setenv("CLONUS_VECTORS_PATH", str(tmp_path / "vectors.db"))
    monkeypatch.setenv("CLONUS_MODELS_FOLDER", str(tmp_path / "models"))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture(autouse=True)
def the_one_loop_stays(event_loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """A command runs a loop of its own and leaves the thread without one."""
    yield
    asyncio.set_event_loop(event_loop)
