"""What the bot makes of words: its own reader, without Rasa.

It takes some seconds to load, so a thread does it while the console serves already; until then, and when it cannot be
loaded, search goes by words alone, and says so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.staff.library import Shelf
    from bot.staff.why import Likest, Questions
    from bot.understanding.reader import Reader
    from bot.understanding.reading import Reading
    from bot.understanding.vector_cache import VectorCache

logger = logging.getLogger(__name__)


class State(str, Enum):
    """How far the loading has come."""

    LOADING = "loading"
    READY = "ready"
    MISSING = "missing"


@dataclass(frozen=True)
class Read:
    """A message as the bot reads it, and for every topic the question it is most like."""

    reading: Reading
    likest: Mapping[str, Likest]


class BotReading:
    """The bot's reader, once it is loaded. Safe for threads."""

    def __init__(self, here: Settings) -> None:
        self._here = here
        self._reader: Reader | None = None
        self._cache: VectorCache | None = None
        self._questions: Questions | None = None
        self._done = threading.Event()
        self._reads = threading.Lock()
        self._thread: threading.Thread | None = None
        self.problem = ""
        """Why it could not be loaded."""

    def start(self) -> None:
        """Load it in a thread of its own."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._load, name="reading", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> State:
        """Wait until it is loaded or cannot be, at most so long."""
        self._done.wait(seconds)
        return self.state

    @property
    def state(self) -> State:
        """How far it is."""
        if self._reader is not None:
            return State.READY
        return State.MISSING if self._done.is_set() else State.LOADING

    @property
    def reader(self) -> Reader | None:
        """The reader of the newest model; None until it is loaded."""
        return self._reader

    @contextmanager
    def borrowed(self) -> Iterator[Reader | None]:
        """The reader for one thread alone; None until it is loaded."""
        with self._reads:
            yield self._reader

    def read(self, text: str, shelf: Shelf) -> Read | None:
        """A message as the first of a conversation, in the library `shelf`; None until the reader is loaded."""
        if self._reader is None or self._cache is None:
            return None
        from bot.shared import sentence_encoder
        from bot.staff.why import Questions

        with self._reads:
            if self._questions is None or self._questions.version != shelf.version:
                self._questions = Questions(shelf, self._cache, sentence_encoder())
            return Read(self._reader.read(text), self._questions.likest(text))

    def _load(self) -> None:
        try:
            from bot.model_files import load_reader
            from bot.shared import sentence_encoder
            from bot.understanding.vector_cache import VectorCache

            reader = load_reader()
            reader.watch()
            self._cache = VectorCache(self._here.vectors_path, sentence_encoder())
            self._reader = reader
        except Exception as error:
            self.problem = str(error)
            logger.exception("The bot's reading cannot be loaded; search goes by words alone.")
        finally:
            self._done.set()
