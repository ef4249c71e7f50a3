"""A console on a small content folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.knowledge.content import write_folder
from tests.staff.world import Clock, World


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two topics, cold-toe and warm-heel, and the project's own warning signs and regions."""
    folder = write_folder(tmp_path / "content")
    shutil.copytree(ROOT / "knowledge" / "red_flags", folder / "red_flags")
    for name in ("regions.yml", "text_messages.yml", "replies.yml", "understanding.yml", "below_danger.yml"):
        shutil.copy(ROOT / "knowledge" / name, folder / name)
    return folder


@pytest.fixture
def desk_world(tmp_path: Path, folder: Path, clock: Clock) -> Iterator[World]:
    """The console over that folder."""
    world = World(tmp_path, clock, knowledge_folder=folder)
    yield world
    world.close()
