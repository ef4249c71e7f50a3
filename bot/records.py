"""What staff must see later: escalations and messages the bot could not place.

Written by a worker thread after the person has been answered; a record that cannot be written is logged and
never holds up or changes a reply.
"""

from __future__ import annotations

import atexit
import json
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot.names import without_identifiers
from bot.settings import settings
from bot.trial import is_trial

logger = logging.getLogger(__name__)

migrations = Migrations("records")

UNNAMED_SIGN = "unnamed-sign"
"""Category of an emergency of the check-in whose sign the person did not name."""

PATIENCE = 5
"""How often a record is tried again while another program locks the file."""


@migrations()
def m001_escalations(database: sqlite_utils.Database) -> None:
    """Every escalation with the words and the verdict that led to it."""
    database.table("escalations").create(
        {
            "id": int,
            "at": str,
            "conversation": str,
            "text": str,
            "category": str,
            "level": str,
            "sure": int,
            "verdict": str,
        },
        pk="id",
        not_null={"at", "conversation", "text", "category", "level", "verdict"},
    )


@migrations()
def m002_unplaced(database: sqlite_utils.Database) -> None:
    """Messages the bot could not place. No conversation is kept with them."""
    database.table("unplaced").create({"id": int, "at": str, "text": str}, pk="id", not_null={"at", "text"})


@migrations()
def m003_corrections(database: sqlite_utils.Database) -> None:
    """Which message led to an escalation, so that it is noted once; and what the person said of it later."""
    escalations = database.table("escalations")
    escalations.add_column("message", str)
    escalations.add_column("corrected_at", str)
    escalations.add_column("correction", str)
    escalations.create_index(["message"], unique=True, if_not_exists=True)


Change = Callable[[sqlite_utils.Database], None]
"""Writes one record. Called by the worker, so that even a record that cannot be made holds nobody up."""


@migrations()
def m004_consents(database: sqlite_utils.Database) -> None:
    """The words somebody agreed to by writing, once for each conversation and wording."""
    database.table("consents").create(
        {"conversation": str, "version": str, "at": str, "words": str},
        pk=("conversation", "version"),
        not_null={"at", "words"},
    )


@migrations()
def m005_helpful(database: sqlite_utils.Database) -> None:
    """What people said to "Was this helpful?", the last word on each message."""
    database.table("helpful").create(
        {"conversation": str, "message": str, "at": str, "helpful": int, "about": str, "text": str},
        pk=("conversation", "message"),
        not_null={"at", "helpful", "about", "text"},
    )


class Records:
    """The records file. Brought up to date when opened; nothing in it is ever lost by that.

    `deidentify` takes out of a text what could tell who wrote it. When it fails the text is not kept.
    """

    def __init__(self, path: Path, deidentify: Callable[[str], str]) -> None:
        self._path = path
        self._without_identifiers = deidentify
        self._waiting: queue.Queue[Change | None] = queue.Queue()
        self._worker = threading.Thread(target=self._work, name="records", daemon=True)
        self._worker.start()
        atexit.register(self.close)

    def escalation(self, conversation: str, text: str, verdict: Mapping[str, Any], message: str | None = None) -> None:
        """Note an escalation; once, where `message` names the message that led to it."""
        if is_trial(conversation):
            return  # what staff try out is nobody's danger
        at = _now()

        def write(database: sqlite_utils.Database) -> None:
            row = {
                "at": at,
                "conversation": conversation,
                "text": text,
                "category": verdict["category"] or UNNAMED_SIGN,
                "level": verdict["level"],
                "sure": int(bool(verdict["sure"])),
                "verdict": json.dumps(dict(verdict), ensure_ascii=False),
                "message": message,
            }
            table = database.table("escalations")
            if message is None or not table.count_where("message = ?", [message]):
                table.insert(row)

        self._waiting.put(write)

    def correction(self, conversation: str, text: str) -> None:
        """Note what a person said of the escalations so far: "it was a joke". They stay, with these words on them."""
        at = _now()

        def write(database: sqlite_utils.Database) -> None:
            with database.conn:
                database.execute(
                    "update escalations set corrected_at = ?, correction = ? "
                    "where conversation = ? and corrected_at is null",
                    [at, text, conversation],
                )

        self._waiting.put(write)

    def unplaced(self, text: str) -> None:
        """Note a message that fitted nothing, without what could tell who wrote it."""
        at = _now()

        def write(database: sqlite_utils.Database) -> None:
            database.table("unplaced").insert({"at": at, "text": self._without_identifiers(text)})

        self._waiting.put(write)

    def consent(self, conversation: str, version: str, words: str) -> None:
        """Note that somebody agreed to `words` by writing. Noted once."""
        row = {"conversation": conversation, "version": version, "at": _now(), "words": words}

        def write(database: sqlite_utils.Database) -> None:
            database.table("consents").insert(row, ignore=True)

        self._waiting.put(write)

    def helpful(self, conversation: str, message: str, helpful: bool, about: str, text: str) -> None:
        """Note whether a message helped; `about` is its topic or kind. A later word on it replaces the earlier."""
        row = {"conversation": conversation, "message": message, "at": _now(), "helpful": int(helpful)}
        row |= {"about": about, "text": text}

        def write(database: sqlite_utils.Database) -> None:
            database.table("helpful").insert(row, replace=True)

        self._waiting.put(write)

    def erase(self, conversation: str) -> int:
        """Delete everything kept with a conversation; how many rows. Messages without one stay."""
        return self._erase("conversation", "conversation = ?", conversation)

    def erase_before(self, moment: datetime) -> int:
        """Delete every record older than `moment`; how many rows."""
        return self._erase("at", "at < ?", moment.astimezone(timezone.utc).isoformat(timespec="seconds"))

    def close(self) -> None:
        """Write what is waiting, then stop."""
        self._waiting.put(None)
        self._worker.join(timeout=5)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Everything in one table, oldest first, once what is waiting has been written."""
        self._waiting.join()
        database = self._open()
        try:
            return list(database.table(table).rows)
        finally:
            database.close()

    def _erase(self, column: str, where: str, value: str) -> int:
        """Delete the rows of every table that has `column`; how many."""
        self._waiting.join()
        database = self._open()
        try:
            database.execute("pragma secure_delete = on")  # no trace stays in the file
            erased = 0
            for table in database.tables:
                if column in table.columns_dict and not table.name.startswith("_"):
                    before = table.count
                    table.delete_where(where, [value])
                    erased += before - table.count
            return erased
        finally:
            database.close()

    def _open(self) -> sqlite_utils.Database:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite_utils.Database(self._path)
        migrations.apply(database)
        return database

    def _write(self, change: Change) -> None:
        for attempt in range(PATIENCE):
            try:
                database = self._open()
                try:
                    change(database)
                finally:
                    database.close()
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or attempt == PATIENCE - 1:
                    raise

    def _work(self) -> None:
        while (change := self._waiting.get()) is not None:
            try:
                self._write(change)
            except Exception:
                logger.exception("A record for staff could not be written.")
            finally:
                self._waiting.task_done()
        self._waiting.task_done()


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


@lru_cache(maxsize=1)
def records() -> Records:
    """The records of this process."""
    return Records(settings().records_path, without_identifiers)
