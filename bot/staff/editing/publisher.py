"""Brings what was published into the library that running bots watch, within seconds, by a thread of its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.engine import Connection

from bot.staff.database import Database
from bot.staff.editing import store
from bot.staff.editing.desk import ContentDesk
from bot.staff.editing.history import Kind
from knowledge.build import SHOWN, write_library
from knowledge.files import ContentError
from knowledge.overlay import LeftOut
from knowledge.topic_files import Library

logger = logging.getLogger(__name__)

PUBLISHING = (Kind.APPROVED, Kind.CANCELLED, Kind.RESTORED, Kind.EXPORTED, Kind.TAKEN_FROM_FILE, Kind.KEPT_OVER_FILE)
LOOK_SECONDS = 1.0
"""How often it looks for something that was published, or whose time has come."""


@dataclass(frozen=True)
class Outcome:
    """How the last attempt went: when, which edits were left out, and why nothing could be built ("" when it was)."""

    at: float
    left_out: tuple[LeftOut, ...] = ()
    problem: str = ""


class Publisher:
    """Builds the library anew whenever what is published differs from what it was built from."""

    def __init__(
        self, database: Database, desk: ContentDesk, library_path: Path, clock: Callable[[], float] = time.time
    ) -> None:
        self._database, self._desk, self._path, self._clock = database, desk, library_path, clock
        self._built_for: tuple[object, ...] | None = None
        self._ended = threading.Event()
        self._asked = threading.Event()
        self._working = threading.Lock()
        self._thread: threading.Thread | None = None
        self.outcome: Outcome | None = None

    def start(self) -> None:
        """Look from now on, until `close`."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="publisher", daemon=True)
            self._thread.start()

    def hurry(self) -> None:
        """Look now: something was published."""
        self._asked.set()

    def close(self) -> None:
        """Stop."""
        self._ended.set()
        self._asked.set()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def look(self) -> bool:
        """Build if there is something new; whether it did. What fails is told in `outcome` and tried again."""
        with self._working:
            at = self._clock()
            with self._database.reading() as connection:
                published = _published(connection, at)
                # whoever else built the library, perhaps without the edits, is noticed by the file
                if (*published, _stamp(self._path)) == self._built_for:
                    return False
                library, left_out = self._desk.library(connection, at)
            shown = {slug: topic for slug, topic in library.topics.items() if topic.status in SHOWN}
            built = write_library(Library(shown, library.sources), self._path, left_out=left_out)
            self._built_for, self.outcome = (*published, _stamp(self._path)), Outcome(at, left_out)
            for edit in left_out:
                logger.error("%s", edit)
            return built.fresh

    def _work(self) -> None:
        while not self._ended.is_set():
            try:
                self.look()
            except ContentError as error:
                self._failed(f"The content files have a mistake: {error}")
            except Exception as error:
                self._failed(f"{type(error).__name__}: {error}")
            self._asked.wait(LOOK_SECONDS)
            self._asked.clear()

    def _failed(self, problem: str) -> None:
        if self.outcome is None or self.outcome.problem != problem:  # it is tried every second, and told once
            logger.error("What was published cannot be built into the library; it is tried again. %s", problem)
        self.outcome = Outcome(self._clock(), problem=problem)


def _published(connection: Connection, at: float) -> tuple[int, int]:
    """Differs whenever something was published, taken back, or came due."""
    events = store.edit_events.c
    due = select(events.id).where(
        events.kind.in_([kind.value for kind in PUBLISHING]), or_(events.publish_at.is_(None), events.publish_at <= at)
    )
    ids = [int(row.id) for row in connection.execute(due)]
    return len(ids), max(ids, default=0)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino
