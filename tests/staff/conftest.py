"""Consoles for the tests of the staff console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.staff.world import Clock, World


@pytest.fixture
def clock() -> Clock:
    """The console's clock."""
    return Clock()


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    """A console with an empty database. The bot's reading is not loaded."""
    world = World(tmp_path, clock)
    yield world
    world.close()
