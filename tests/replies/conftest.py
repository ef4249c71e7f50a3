"""The project's own content, with its library built for this run."""

from __future__ import annotations

import pytest

from bot.replies.content import Content
from bot.settings import ROOT, Settings
from knowledge.build import build_library


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """The content of a service that has set neither a region nor a way to reach a person."""
    path = tmp_path_factory.mktemp("library") / "knowledge.db"
    build_library(ROOT / "knowledge", path)
    return Content(Settings(library_path=path, region=None, human_contact=None))


@pytest.fixture(scope="session")
def clinic(content: Content) -> Content:
    """The content of a British clinic that can be called."""
    here = content.here.copy(update={"region": "UK", "human_contact": "Call our clinic on 555 0100."})
    return Content(here)
