"""A person on the chat page and staff on the console, over the same records and conversations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain

from bot.settings import settings
from bot.staff.conversations import Conversations
from tests.channels.page_server import PageServer, ScriptedBot
from tests.staff.world import World


def page_server(folder: Path) -> PageServer:
    """The chat page before a scripted bot that keeps conversations in a file, as Rasa does."""
    bot: Any = ScriptedBot()
    bot.tracker_store = SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(folder / "conversations.db"))
    server = PageServer(bot)
    server.start()
    return server


def console_world(folder: Path) -> World:
    """A console beside it."""
    world = World(folder, records_path=settings().records_path)
    world.console.desk.conversations = Conversations(lambda: f"sqlite:///{folder / 'conversations.db'}")
    world.console.desk.warm()
    return world
