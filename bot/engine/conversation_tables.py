"""The log of all conversations, and how far each has come. No Rasa in here: events are plain data."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.engine.conversation_database import open_database

EventData = Mapping[str, Any]

SAID = ("user", "bot")
"""Kinds of events that people saw."""

metadata = MetaData()
_number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only what it calls an integer

events = Table(  # as Rasa's own store has it, so that its tools can read it; only ever added to
    "events",
    metadata,
    Column("id", _number, primary_key=True, autoincrement=True),
    Column("sender_id", String(255), nullable=False),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
    Index("events_of_conversation", "sender_id", "id"),
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("version", Integer, nullable=False),  # how often it was written
    Column("writing", String(40), nullable=False),  # names the latest writing, so that it is not done twice
    Column("written_at", Float, nullable=False, index=True),
    Column("window_after", _number, nullable=False),  # the window begins behind this event
    Column("window_known", JSON),  # what was known there; None at the beginning of a session
    Column("next_after", _number, nullable=False),  # where the next window begins
    Column("next_known", JSON),
    Column("next_turns", Integer, nullable=False),  # turns since then
)

messages = Table(  # messages whose channel gives them a name: each is answered once
    "conversation_messages",
    metadata,
    Column("conversation", String(255), primary_key=True),
    Column("message", String(255), primary_key=True),
    Column("event", _number, nullable=False),  # the person's message
)


class ConversationChanged(Exception):
    """Somebody else has written into the conversation since it was read, or has answered the same message."""


@dataclass(frozen=True)
class Found:
    """The window of a conversation as it is kept."""

    version: int
    known: Mapping[str, Any] | None
    events: list[EventData]


@dataclass(frozen=True)
class Addition:
    """What a writing adds.

    `version`: of the conversation as it was read, 0 for a new one; None: whatever it is. `messages` are the names of
    messages with the place of each among the events. `session_at`: the place where a session begins, if one does.
    `known`: what is known at the end, None in the middle of a turn. `turns`: how often the person wrote.
    """

    conversation: str
    version: int | None
    writing: str
    events: Sequence[EventData]
    messages: Mapping[str, int]
    session_at: int | None
    known: Mapping[str, Any] | None
    turns: int
    turns_kept: int


class ConversationTables:
    """Conversations in SQLite or PostgreSQL. Safe for many threads and processes."""

    def __init__(self, address: str) -> None:
        self.engine = open_database(address)
        self._made = False
        # SQLite has one writer at a time and lets those who wait try at random; ours wait in order
        self._writer = threading.Lock() if self.engine.dialect.name == "sqlite" else nullcontext()

    def window(self, conversation: str) -> Found | None:
        """The latest turns; None for a conversation that is not known."""
        with self._reading() as connection:
            row = connection.execute(select(conversations).where(conversations.c.id == conversation)).first()
            after = row.window_after if row is not None else 0
            found = self._events(connection, conversation, after)
        if row is None:
            return Found(0, None, _latest_session(found)) if found else None
        return Found(row.version, row.window_known, found)

    def whole(self, conversation: str) -> list[EventData]:
        """Everything in a conversation, oldest first."""
        with self._reading() as connection:
            return self._events(connection, conversation, 0)

    def said(self, conversation: str, most: int) -> list[EventData]:
        """The latest things that were said in a conversation, oldest first."""
        query = (
            select(events.c.data)
            .where(events.c.sender_id == conversation, events.c.type_name.in_(SAID))
            .order_by(events.c.id.desc())
            .limit(most)
        )
        with self._reading() as connection:
            found = connection.execute(query).scalars().all()
        return [json.loads(data) for data in reversed(found)]

    def said_to(self, conversation: str, message: str) -> list[EventData] | None:
        """What was said to a message, up to the next one; None when it was not answered yet."""
        named = select(messages.c.event).where(messages.c.conversation == conversation, messages.c.message == message)
        with self._reading() as connection:
            asked = connection.execute(named).scalar()
            if asked is None:
                return None
            query = (
                select(events.c.type_name, events.c.data)
                .where(events.c.sender_id == conversation, events.c.id > asked, events.c.type_name.in_(SAID))
                .order_by(events.c.id)
            )
            said: list[EventData] = []
            for kind, data in connection.execute(query):
                if kind == "user":
                    break
                said.append(json.loads(data))
        return said

    def version(self, conversation: str) -> int | None:
        """How often a conversation was written; None when it is not known."""
        query = select(conversations.c.version).where(conversations.c.id == conversation)
        with self._reading() as connection:
            found: int | None = connection.execute(query).scalar()
        return found

    def names(self) -> list[str]:
        """The ids of all conversations."""
        with self._reading() as connection:
            return list(connection.execute(select(events.c.sender_id).distinct()).scalars())

    def add(self, addition: Addition) -> int:
        """Write events behind what is there, all or none; the conversation's new version. Doing it again does nothing.

        Raises ConversationChanged when the conversation is not as it was read.
        """
        with self._writing() as connection:
            row = connection.execute(
                select(conversations).where(conversations.c.id == addition.conversation).with_for_update()
            ).first()
            if row is not None and row.writing == addition.writing:
                return int(row.version)
            version = row.version if row is not None else 0
            if addition.version is not None and addition.version != version:
                raise ConversationChanged(f"{addition.conversation} was written by somebody else meanwhile.")
            try:
                self._add(connection, addition, row)
            except IntegrityError as error:
                raise ConversationChanged(f"{addition.conversation} was written by somebody else meanwhile.") from error
        return int(version) + 1

    def erase(self, names: Sequence[str]) -> int:
        """Delete conversations; how many there were."""
        erased = 0
        with self._writing() as connection:
            for name in names:
                known = connection.execute(delete(conversations).where(conversations.c.id == name)).rowcount
                said = connection.execute(delete(events).where(events.c.sender_id == name)).rowcount
                connection.execute(delete(messages).where(messages.c.conversation == name))
                erased += bool(known or said)
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:  # what was written last stands in a second file as well
                connection.connection.execute("pragma wal_checkpoint(truncate)")
        return erased

    def quiet_since(self, moment: float) -> list[str]:
        """The ids of conversations in which nothing happened after `moment`, in seconds."""
        query = select(events.c.sender_id).group_by(events.c.sender_id).having(func.max(events.c.timestamp) < moment)
        with self._reading() as connection:
            return list(connection.execute(query).scalars())

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    # Transactions

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        self._make_tables()
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        self._make_tables()
        with self._writer, self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection

    def _make_tables(self) -> None:
        """Make what is missing, at first use: a server that is away must not keep the bot from starting."""
        if self._made:
            return
        with self._writer, self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            if self.engine.dialect.name == "postgresql":  # of several processes one makes them
                connection.exec_driver_sql("select pg_advisory_xact_lock(hashtext('tables of conversations'))")
            metadata.create_all(connection)
            for index in events.indexes:  # a file of Rasa's own store has the table already
                index.create(connection, checkfirst=True)
        self._made = True

    # Parts of a writing

    def _add(self, connection: Connection, addition: Addition, row: Any) -> None:
        """Insert the events, then move the windows: a session begins one, and enough turns begin one."""
        conversation, parts = addition.conversation, addition.events
        split = addition.session_at or 0
        self._insert(connection, conversation, parts[:split])
        window, following, turns = self._windows(row)
        if addition.session_at is not None:
            window = following = (self._latest(connection, conversation), None)
            turns = 0
        self._insert(connection, conversation, parts[split:])
        turns += addition.turns
        if addition.known is not None and turns >= addition.turns_kept:
            window, following, turns = following, (self._latest(connection, conversation), addition.known), 0
        self._name(connection, addition)
        values = {
            "version": (row.version if row is not None else 0) + 1,
            "writing": addition.writing,
            "written_at": time.time(),
            "window_after": window[0],
            "window_known": window[1],
            "next_after": following[0],
            "next_known": following[1],
            "next_turns": turns,
        }
        if row is None:
            connection.execute(conversations.insert().values(id=conversation, **values))
        else:
            connection.execute(update(conversations).where(conversations.c.id == conversation).values(**values))

    @staticmethod
    def _windows(row: Any) -> tuple[tuple[int, Any], tuple[int, Any], int]:
        if row is None:
            return (0, None), (0, None), 0
        return (row.window_after, row.window_known), (row.next_after, row.next_known), row.next_turns

    @staticmethod
    def _insert(connection: Connection, conversation: str, parts: Sequence[EventData]) -> None:
        if parts:
            connection.execute(events.insert(), [_row(conversation, data) for data in parts])

    def _name(self, connection: Connection, addition: Addition) -> None:
        """Note where each named message stands: counted back from the end, which is ours alone until the commit."""
        for name, place in addition.messages.items():
            back = len(addition.events) - 1 - place
            query = select(events.c.id).where(events.c.sender_id == addition.conversation)
            at = connection.execute(query.order_by(events.c.id.desc()).offset(back).limit(1)).scalar()
            connection.execute(messages.insert().values(conversation=addition.conversation, message=name, event=at))

    @staticmethod
    def _latest(connection: Connection, conversation: str) -> int:
        query = select(func.max(events.c.id)).where(events.c.sender_id == conversation)
        return int(connection.execute(query).scalar() or 0)

    @staticmethod
    def _events(connection: Connection, conversation: str, after: int) -> list[EventData]:
        query = select(events.c.data).where(events.c.sender_id == conversation, events.c.id > after)
        return [json.loads(data) for data in connection.execute(query.order_by(events.c.id)).scalars()]


def _row(conversation: str, data: EventData) -> dict[str, Any]:
    intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name")
    return {
        "sender_id": conversation,
        "type_name": data["event"],
        "timestamp": data.get("timestamp"),
        "intent_name": intent,
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _latest_session(found: list[EventData]) -> list[EventData]:
    """Of a conversation that Rasa's own store wrote, what belongs to its latest session."""
    starts = [place for place, data in enumerate(found) if data["event"] == "session_started"]
    return found[starts[-1] :] if starts else found
