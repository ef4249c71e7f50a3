"""What was said in a conversation, read from where Rasa keeps it, without Rasa."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, create_engine, select
from sqlalchemy.engine import URL, Engine
from sqlalchemy.pool import NullPool

from bot.settings import ROOT, conversations_address, settings

MOST_SAID = 300
"""Latest messages of a conversation that are shown."""

OUR_STORE = "bot.engine.tracker_store.Conversations"
"""How endpoints.yml names our own store."""

PERSON, BOT = "person", "bot"
"""Who said something, unless it was one of the staff."""

events = Table(
    "events",
    MetaData(),  # as Rasa's SQLTrackerStore makes it
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255)),
    Column("type_name", String(255)),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)


class Unreadable(Exception):
    """Conversations are kept in a kind of store that the console cannot read."""


@dataclass(frozen=True)
class Said:
    """One message. `who`: "person", "bot", or how a member of staff signs."""

    who: str
    text: str
    at: float
    kind: str = ""
    buttons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conversation:
    """All that was said, oldest first, and what the bot remembers."""

    said: tuple[Said, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)


class Conversations:
    """The conversations at an SQLAlchemy address; `address` may raise Unreadable."""

    def __init__(self, address: Callable[[], str | URL]) -> None:
        self._address = address
        self._engine: Engine | None = None

    def read(self, conversation: str) -> Conversation:
        """A conversation; an empty one when nothing is kept. Raises Unreadable and what SQLAlchemy raises."""
        if self._engine is None:
            # nothing of ours is set on this database: Rasa made it, and its locks are short
            self._engine = create_engine(self._address(), poolclass=NullPool, future=True)
        columns = (events.c.type_name, events.c.timestamp, events.c.data)
        query = select(*columns).where(
            events.c.sender_id == conversation, events.c.type_name.in_(("user", "bot", "slot", "reset_slots"))
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query.order_by(events.c.id)).all()
        slots: dict[str, Any] = {}
        said: list[Said] = []
        for row in rows:
            data = json.loads(row.data)
            if row.type_name == "slot":
                slots[data["name"]] = data.get("value")
            elif row.type_name == "reset_slots":
                slots.clear()
            elif data.get("text"):
                said.append(_said(row.type_name, data, row.timestamp))
        said.sort(key=lambda one: one.at)
        return Conversation(tuple(said[-MOST_SAID:]), slots)


def _said(kind: str, data: Mapping[str, Any], at: float) -> Said:
    if kind == "user":
        return Said(PERSON, data["text"], at)
    metadata = data.get("metadata") or {}
    buttons = (data.get("data") or {}).get("buttons") or []
    titles = tuple(str(button.get("title", "")) for button in buttons)
    return Said(metadata.get("sender") or BOT, data["text"], at, metadata.get("kind", ""), titles)


def tracker_address(endpoints: Path) -> str | URL:
    """Where the running bot keeps conversations, as endpoints.yml says. Raises Unreadable."""
    store = (yaml.safe_load(os.path.expandvars(endpoints.read_text())) or {}).get("tracker_store") or {}
    if store.get("type") == OUR_STORE:
        return str(store.get("url") or conversations_address(settings()))
    if "dialect" not in store:
        raise Unreadable("Conversations are not kept in an SQL database, so they cannot be shown here.")
    if store["dialect"] == "sqlite":
        path = Path(str(store.get("db", "rasa.db")))
        return f"sqlite:///{path if path.is_absolute() else ROOT / path}"
    if "://" in str(store.get("url") or ""):
        return str(store["url"])
    return URL.create(
        store["dialect"],
        username=store.get("username"),
        password=store.get("password"),
        host=store.get("url"),
        port=int(store["port"]) if store.get("port") else None,
        database=store.get("login_db") or store.get("db"),
    )
