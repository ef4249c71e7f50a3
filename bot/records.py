"""What staff must see later: escalations, people who want a person, messages the bot could not place, what was said.

Written by a worker thread after the person has been answered; a record that cannot be written never holds up or changes
a reply. While the database is away records wait, in order, and are written when it is back.
"""

from __future__ import annotations

import atexit
import json
import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from bot.databases import (
    Row,
    as_text,
    bring_up_to_date,
    insert_once,
    insert_or_replace,
    is_away,
    leave_no_trace,
    now_text,
    open_engine,
    reading,
)
from bot.desk import handovers
from bot.desk.erased import drop_seen_traces, leave_traces
from bot.desk.steps import NAME, STEPS, taken_before
from bot.desk.tables import consents, escalations, helpful, metadata, replies, unplaced
from bot.names import without_identifiers
from bot.settings import Settings, settings
from bot.trial import is_trial

logger = logging.getLogger(__name__)

UNNAMED_SIGN = "unnamed-sign"
"""Category of an emergency of the check-in whose sign the person did not name."""

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
"""Seconds before a record is tried again while the database is away, doubled each time, and at most."""
MOST_WAITING = 20_000
"""Records that wait while the database is away; then the oldest is given up."""
WAIT_SECONDS = 5.0
"""Longest wait, for those who read or erase, until what waits is written; and at the end of the process."""

Change = Callable[[Connection], object]
"""Writes one record. Called by the worker, so that even a record that cannot be made holds nobody up."""


class RecordsAway(Exception):
    """The records cannot be written just now, so nothing can be said of them either."""


class Records:
    """The records at an SQLAlchemy address. Brought up to date when opened; nothing in them is ever lost by that.

    `deidentify` takes out of a text what could tell who wrote it. When it fails the text is not kept.
    """

    def __init__(self, address: str, deidentify: Callable[[str], str]) -> None:
        self._address = address
        self._without_identifiers = deidentify
        self._engine: Engine | None = None
        self._opening = threading.Lock()
        self._waiting: deque[Change] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._worker = threading.Thread(target=self._work, name="records", daemon=True)
        self._worker.start()
        atexit.register(self.close)

    # What the bot notes

    def escalation(
        self,
        conversation: str,
        text: str,
        verdict: Mapping[str, Any],
        message: str | None = None,
        *,
        told: str | None = None,
        channel: str | None = None,
    ) -> None:
        """Note an escalation; once, where `message` names the message that led to it. `told`: what the person heard."""
        if is_trial(conversation):
            return  # what staff try out is nobody's danger
        at = now_text()

        def write(connection: Connection) -> None:
            row = {
                "at": at,
                "conversation": conversation,
                "text": text,
                "category": verdict["category"] or UNNAMED_SIGN,
                "level": verdict["level"],
                "sure": int(bool(verdict["sure"])),
                "verdict": json.dumps(dict(verdict), ensure_ascii=False),
                "message": message,
                "told": told,
                "channel": channel,
            }
            insert_once(connection, escalations, row)

        self._put(write)

    def correction(self, conversation: str, text: str) -> None:
        """Note what a person said of the escalations so far: "it was a joke". They stay, with these words on them."""
        at = now_text()

        def write(connection: Connection) -> None:
            mine = (escalations.c.conversation == conversation) & escalations.c.corrected_at.is_(None)
            connection.execute(escalations.update().where(mine).values(corrected_at=at, correction=text))

        self._put(write)

    def unplaced(self, text: str) -> None:
        """Note a message that fitted nothing, without what could tell who wrote it."""
        at = now_text()

        def write(connection: Connection) -> None:
            connection.execute(unplaced.insert().values(at=at, text=self._without_identifiers(text)))

        self._put(write)

    def consent(self, conversation: str, version: str, words: str) -> None:
        """Note that somebody agreed to `words` by writing. Noted once."""
        row = {"conversation": conversation, "version": version, "at": now_text(), "words": words}
        self._put(lambda connection: insert_once(connection, consents, row))

    def helpful(
        self, conversation: str, message: str, helpful_: bool, about: str, text: str, asked: str | None = None
    ) -> None:
        """Note whether a message helped; `about` is its topic or kind. A later word on it replaces the earlier.

        `asked` is what the person had asked. It is kept where the answer did not help, without what could tell who
        wrote it.
        """
        at = now_text()

        def write(connection: Connection) -> None:
            row = {"conversation": conversation, "message": message, "at": at, "helpful": int(helpful_)}
            kept = None if helpful_ or asked is None else self._without_identifiers(asked)
            insert_or_replace(connection, helpful, {**row, "about": about, "text": text, "asked": kept})

        self._put(write)

    def said(self, conversation: str, channel: str, turn: str, said: Iterable[Mapping[str, Any]]) -> None:
        """Note what kind of replies a message got, by their metadata, without a word of them."""
        if is_trial(conversation):
            return
        at = now_text()
        names = ("kind", "topic", "question", "level", "category")
        rows = [
            {"at": at, "conversation": conversation, "channel": channel, "turn": turn}
            | {name: metadata.get(name) for name in names}
            for metadata in said
            if metadata.get("kind")
        ]
        if rows:
            self._put(lambda connection: connection.execute(replies.insert(), rows))

    def person_wanted(self, conversation: str, channel: str) -> None:
        """Note that somebody asked for a person. Asked again while it is open: once."""
        if is_trial(conversation):
            return
        at = now_text()
        self._put(lambda connection: handovers.ask(connection, conversation, channel, at))

    def heard(self, conversation: str) -> None:
        """Note that a person whose conversation staff hold wrote something."""
        at = now_text()
        self._put(lambda connection: handovers.heard(connection, conversation, at))

    # What is kept

    @property
    def engine(self) -> Engine:
        """The database, with its tables up to date. Raises what SQLAlchemy raises when it cannot be reached."""
        with self._opening:
            if self._engine is None:
                engine = open_engine(self._address)
                bring_up_to_date(engine, NAME, STEPS, taken_before)
                self._engine = engine
        return self._engine

    def erase(self, conversation: str) -> int:
        """Delete everything kept with a conversation; how many rows. Messages without one stay.

        Raises RecordsAway while the database is away. An escalation that nobody acknowledged leaves a trace that there
        was one, without its conversation and its words.
        """
        return self._erase("conversation", conversation)

    def erase_before(self, moment: datetime) -> int:
        """Delete every record older than `moment`; how many rows. Raises RecordsAway while the database is away."""
        return self._erase("at", as_text(moment))

    def rows(self, table: str) -> list[Row]:
        """Everything in one table, oldest first, once what is waiting has been written."""
        self.written()
        wanted = metadata.tables[table]
        with reading(self.engine) as connection:
            query = select(wanted).order_by(*(wanted.primary_key if "id" in wanted.c else [wanted.c.at]))
            return [dict(row) for row in connection.execute(query).mappings()]

    def written(self) -> None:
        """Return when all that was noted so far is written. Raises RecordsAway when that takes too long."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._waiting, WAIT_SECONDS):
                raise RecordsAway("Records wait to be written; the database cannot be reached.")

    def close(self) -> None:
        """Write what is waiting, then stop. What cannot be written now is lost, and logged."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._worker.join(timeout=WAIT_SECONDS)
        atexit.unregister(self.close)

    def _erase(self, column: str, value: str) -> int:
        self.written()
        erased = 0
        with self.engine.begin() as connection:
            chosen = escalations.c[column]
            leave_traces(connection, chosen == value if column == "conversation" else chosen < value)
            for table in metadata.sorted_tables:
                if column in table.c:
                    where = table.c[column] == value if column == "conversation" else table.c[column] < value
                    erased += connection.execute(table.delete().where(where)).rowcount
            if column == "at":
                drop_seen_traces(connection, value)
        leave_no_trace(self.engine)
        return erased

    # The worker

    def _put(self, change: Change) -> None:
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                del self._waiting[1]  # the first is being written
                logger.error("A record for staff is lost: the database has been away for too long.")
            self._waiting.append(change)
            self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    if self._engine is not None:
                        self._engine.dispose()
                    return
                change = self._waiting[0]
            self._write(change)
            with self._changed:
                self._waiting.popleft()
                self._changed.notify_all()

    def _write(self, change: Change) -> None:
        """Write one record, however long the database is away."""
        pause, told = FIRST_PAUSE, False
        while True:
            opened = False
            try:
                engine = self.engine
                opened = True
                with engine.begin() as connection:
                    change(connection)
                return
            except Exception as error:
                away = is_away(error) or (isinstance(error, OSError) and not opened)
                if not away or self._closing:
                    logger.exception("A record for staff could not be written.")
                    return
                if not told:
                    logger.warning("Records for staff wait: the database cannot be used (%s).", type(error).__name__)
                told = True
            with self._changed:
                self._changed.wait_for(lambda: self._closing, pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def records_address(here: Settings) -> str:
    """The SQLAlchemy address of the records."""
    return here.records_database or f"sqlite:///{here.records_path}"


@lru_cache(maxsize=1)
def records() -> Records:
    """The records of this process."""
    return Records(records_address(settings()), without_identifiers)
