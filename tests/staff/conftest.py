"""Consoles for the tests of the staff console."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bot.settings import Settings
from bot.staff import passwords
from knowledge.build import build_library
from tests.staff.at_desk import AtDesk
from tests.staff.world import Clock, World


@pytest.fixture(autouse=True)
def passwords_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes as they are kept, made with the least work: the tests make hundreds of accounts."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    passwords._nobody.cache_clear()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's own library, built once a run."""
    return build_library(Settings().knowledge_folder, tmp_path_factory.mktemp("library") / "knowledge.db").path


@pytest.fixture
def clock() -> Clock:
    """The console's clock."""
    return Clock()


@pytest.fixture
def world(tmp_path: Path, clock: Clock, library: Path) -> Iterator[World]:
    """A console with an empty database. The bot's reading is not loaded."""
    world = World(tmp_path, clock, library_path=library)
    yield world
    world.close()


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[AtDesk]:
    """The chat's side of the console."""
    desk = AtDesk(world, tmp_path)
    yield desk
    desk.close()
