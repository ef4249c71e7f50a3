"""What the bot would make of messages if a draft were published: its own reader over a library with the draft in it.

That takes some seconds and a few hundred megabytes, as long as taking in a new library does, so one runs at a time and
only when it is asked for.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.build import write_library
from knowledge.models import Topic
from knowledge.topic_files import Library

if TYPE_CHECKING:
    from bot.understanding.reader import Reader

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Landing:
    """Where a message lands: the topic that is likeliest, its chance (0 to 1), and whether the bot answers with it."""

    topic: str | None
    score: float
    answered: bool


@dataclass(frozen=True)
class Moved:
    """A message, where it lands now and where it would."""

    text: str
    before: Landing
    after: Landing


def landing(reader: Reader, text: str) -> Landing:
    """Where a message lands with this reader."""
    reading = reader.read(text)
    if not reading.topics:
        return Landing(None, 0.0, False)
    return Landing(reading.topics[0].slug, reading.topics[0].score, reader.answers(reading))


def tried(
    reader: Reader,
    library: Library,
    drafts: Mapping[str, Topic],
    texts: Sequence[str],
    alone: Callable[[], AbstractContextManager[object]] = nullcontext,
) -> list[Moved]:
    """Where messages land now, and with `drafts` laid over the `library` that patients get. In the order given.

    `alone` keeps others from reading at the same time; it is held only while messages are read.
    """
    with _one_at_a_time, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "knowledge.db"
        write_library(Library({**library.topics, **drafts}, library.sources), path)
        with_draft = reader.over(path)
        with alone():
            return [Moved(text, landing(reader, text), landing(with_draft, text)) for text in texts]
