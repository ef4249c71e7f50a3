"""A desk for each test, whose phones are known already, with records of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.sms import connectors, loops, outbox
from bot.channels.sms.connectors import LoopbackTexts, ShortLinks, text_service
from bot.records import records
from bot.settings import settings
from tests.channels.page_server import ScriptedBot
from tests.channels.serving import ChannelServer
from tests.sms.phone import AMERICAN, Desk
from tests.sms.provider_servers import ProviderServer
from tests.sms.world import SETTINGS, QuickTwilio, QuickVonage, World


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


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of a service with both providers, and pauses short enough to wait for."""
    for name, value in {**SETTINGS, "SMS_DATABASE": f"sqlite:///{tmp_path / 'texts.db'}"}.items():
        monkeypatch.setenv(f"CLONUS_{name}", value)
    monkeypatch.setattr(outbox, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(outbox, "UNCERTAIN_WAIT", 0.4)
    monkeypatch.setattr(loops, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(connectors, "ROOT", tmp_path)
    (tmp_path / "var").mkdir()
    for cached in (settings, text_service):
        cached.cache_clear()
    yield monkeypatch
    for cached in (settings, text_service):
        cached.cache_clear()


@pytest.fixture
def world(environment: pytest.MonkeyPatch) -> Iterator[World]:
    """Everything running, and the American phone welcomed."""
    provider, bot = ProviderServer(), ScriptedBot()
    server = ChannelServer(
        lambda: [QuickTwilio(provider.url), QuickVonage(provider.url), LoopbackTexts(), ShortLinks()], bot
    )
    server.start()
    world = World(provider, server, bot)
    world.twilio("hello")
    world.settled()
    provider.came.clear()
    yield world
    server.stop()
    text_service().store.close()
    provider.close()
