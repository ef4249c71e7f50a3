"""A small content folder for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.content import write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two topics, cold-toe and warm-heel, and one source, all in order."""
    return write_folder(tmp_path / "content")
