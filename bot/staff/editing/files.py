"""What the content files say now, read again only when one of them changed."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from bot.staff.editing.history import Content
from bot.staff.editing.items import RED_FLAGS, WHOLE_FILES, Item, file_item
from knowledge.models import Topic
from knowledge.topic_files import Library, load_library


def plain_fields(topic: Topic) -> Content:
    """A topic as plain data, as it is kept and compared."""
    fields: Content = json.loads(topic.json())
    return fields


class ContentFiles:
    """The content folder. Safe for threads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._stamp: tuple[tuple[str, int, int], ...] | None = None
        self._library: Library | None = None

    def library(self) -> Library:
        """Topics and sources as the files hold them. Raises ContentError, with every mistake, while they cannot be
        read; it is tried again each time."""
        with self._lock:
            stamp = self._stamp_now()
            if self._library is None or stamp != self._stamp:
                self._library, self._stamp = load_library(self.folder), stamp
            return self._library

    def content(self, item: Item) -> Content | None:
        """What the file of an item says; None when there is none. Raises ContentError."""
        if item.is_topic:
            topic = self.library().topics.get(item.name)
            return plain_fields(topic) if topic else None
        path = self.folder / item.name
        return {"text": path.read_text(encoding="utf-8")} if path.is_file() else None

    def whole_files(self) -> list[Item]:
        """The files that are edited as they stand."""
        flags = sorted(path.name for path in (self.folder / RED_FLAGS).glob("*.yml"))
        names = [
            *(name for name in WHOLE_FILES if (self.folder / name).is_file()),
            *(RED_FLAGS + name for name in flags),
        ]
        return [file_item(name) for name in names]

    def _stamp_now(self) -> tuple[tuple[str, int, int], ...]:
        paths = [self.folder / "sources.yml", *sorted((self.folder / "topics").glob("*/*.yml"))]
        return tuple(
            (str(path), status.st_mtime_ns, status.st_size) for path in paths if (status := _stat(path)) is not None
        )


def _stat(path: Path):  # type: ignore[no-untyped-def]
    try:
        return path.stat()
    except OSError:
        return None
