"""Keeps the events of edits: a table that only grows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, UniqueConstraint, func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.staff.editing.history import Event, History, Kind, history_of
from bot.staff.editing.items import Item, item_of
from bot.staff.editing.rules import Refused

edit_events = Table(
    "staff_edit_events",
    MetaData(),
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("item", String(120), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("by", Integer, nullable=False),  # an account; COMMAND_LINE for `clonus knowledge`
    Column("at", Float, nullable=False),
    Column("note", Text, nullable=False),
    Column("content", Text),  # JSON
    Column("fingerprint", String(16)),
    Column("base", String(16)),
    Column("file", String(16)),
    Column("publish_at", Float),
    Column("version", Integer),
    UniqueConstraint("item", "number"),
)

COMMAND_LINE = 0
"""Stands for whoever used `clonus knowledge import` or `export`."""


def append(connection: Connection, item: Item, events: Iterable[Event]) -> None:
    """Keep what happened. Raises Refused when something else happened in between: then it must be decided anew."""
    try:
        for event in events:
            content = None if event.content is None else json.dumps(event.content, ensure_ascii=False)
            row = {name: getattr(event, name) for name in _PLAIN}
            connection.execute(
                edit_events.insert().values(item=item.key, kind=event.kind.value, content=content, **row)
            )
    except IntegrityError as error:
        raise Refused("Somebody else changed this at the same moment. Look again.") from error


def history(connection: Connection, item: Item) -> History:
    """The history of one item."""
    rows = connection.execute(
        select(edit_events).where(edit_events.c.item == item.key).order_by(edit_events.c.number)
    ).mappings()
    return history_of([_event(row) for row in rows])


def histories(connection: Connection) -> dict[Item, History]:
    """The history of every item that has one, the last changed last."""
    events: dict[str, list[Event]] = {}
    for row in connection.execute(select(edit_events).order_by(edit_events.c.id)).mappings():
        key = row["item"]
        events[key] = [*events.pop(key, []), _event(row)]
    return {item_of(key): history_of(happened) for key, happened in events.items()}


def newest(connection: Connection) -> int:
    """A number that grows with every event."""
    return int(connection.execute(select(func.max(edit_events.c.id))).scalar() or 0)


_PLAIN = ("number", "by", "at", "note", "fingerprint", "base", "file", "publish_at", "version")


def _event(row: Mapping[str, Any]) -> Event:
    content = None if row["content"] is None else json.loads(row["content"])
    return Event(kind=Kind(row["kind"]), content=content, **{name: row[name] for name in _PLAIN})
