"""What staff must see later: escalations and messages the bot could not place.

Written by a worker thread after the person has been answered; a record that cannot be written is logged and
never holds up or changes a reply.
"""

from __future__ import annotations

import atexit
import json
import logging
import queue
import re
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot.settings import settings

logger = logging.getLogger(__name__)

migrations = Migrations("records")

Row = Callable[[], dict[str, Any]]
"""Makes a row. Called by the worker, so that even a row that cannot be made holds nobody up."""

_IDENTIFIERS = re.compile(r"\S+@\S+|\+?\d[\d\s().-]{4,}\d")


def without_identifiers(text: str) -> str:
    """`text` with e-mail addresses and long numbers (telephone, insurance, birth dates) taken out."""
    return _IDENTIFIERS.sub("[removed]", text)


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
def m003_consents(database: sqlite_utils.Database) -> None:
    """The words somebody agreed to by writing, once for each conversation and wording."""
    database.table("consents").create(
        {"conversation": str, "version": str, "at": str, "words": str},
        pk=("conversation", "version"),
        not_null={"at", "words"},
    )


@migrations()
def m004_helpful(database: sqlite_utils.Database) -> None:
    """What people said to "Was this helpful?", the last word on each message."""
    database.table("helpful").create(
        {"conversation": str, "message": str, "at": str, "helpful": int, "about": str, "text": str},
        pk=("conversation", "message"),
        not_null={"at", "helpful", "about", "text"},
    )


class Records:
    """The records file. Brought up to date when opened; nothing in it is ever lost by that."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: queue.Queue[tuple[str, Row, bool, bool] | None] = queue.Queue()
        self._worker = threading.Thread(target=self._work, name="records", daemon=True)
        self._worker.start()
        atexit.register(self.close)

    def escalation(self, conversation: str, text: str, verdict: Mapping[str, Any]) -> None:
        """Note an escalation."""
        self._later(
            "escalations",
            lambda: {
                "conversation": conversation,
                "text": text,
                "category": verdict["category"],
                "level": verdict["level"],
                "sure": int(bool(verdict["sure"])),
                "verdict": json.dumps(dict(verdict), ensure_ascii=False),
            },
        )

    def unplaced(self, text: str) -> None:
        """Note a message that fitted nothing, without what could tell who wrote it."""
        self._later("unplaced", lambda: {"text": without_identifiers(text)})

    def consent(self, conversation: str, version: str, words: str) -> None:
        """Note that somebody agreed to `words` by writing. Noted once."""
        self._later("consents", lambda: {"conversation": conversation, "version": version, "words": words}, ignore=True)

    def helpful(self, conversation: str, message: str, helpful: bool, about: str, text: str) -> None:
        """Note whether a message helped; `about` is its topic or kind. A later word on it replaces the earlier."""
        row = {"conversation": conversation, "message": message, "helpful": int(helpful), "about": about, "text": text}
        self._later("helpful", lambda: row, replace=True)

    def erase(self, conversation: str) -> int:
        """Delete everything kept with a conversation; how many rows. Messages without one stay."""
        return self._erase("conversation = ?", conversation, lambda columns: "conversation" in columns)

    def erase_before(self, moment: datetime) -> int:
        """Delete every record older than `moment`; how many rows."""
        at = moment.astimezone(timezone.utc).isoformat(timespec="seconds")
        return self._erase("at < ?", at, lambda columns: "at" in columns)

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

    def _erase(self, where: str, value: str, has: Callable[[set[str]], bool]) -> int:
        self._waiting.join()
        database = self._open()
        try:
            database.execute("pragma secure_delete = on")  # no trace stays in the file
            erased = 0
            for table in database.tables:
                if has({column.name for column in table.columns}) and not table.name.startswith("_"):
                    before = table.count
                    table.delete_where(where, [value])
                    erased += before - table.count
            return erased
        finally:
            database.close()

    def _later(self, table: str, row: Row, *, ignore: bool = False, replace: bool = False) -> None:
        at = datetime.now(timezone.utc).isoformat(timespec="seconds")
        self._waiting.put((table, lambda: {"at": at, **row()}, ignore, replace))

    def _open(self) -> sqlite_utils.Database:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        database = sqlite_utils.Database(self._path)
        migrations.apply(database)
        return database

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            try:
                database = self._open()
                try:
                    table, row, ignore, replace = item
                    database.table(table).insert(row(), ignore=ignore, replace=replace)
                finally:
                    database.close()
            except Exception:
                logger.exception("A record for staff could not be written.")
            finally:
                self._waiting.task_done()
        self._waiting.task_done()


@lru_cache(maxsize=1)
def records() -> Records:
    """The records of this process."""
    return Records(settings().records_path)
