"""What the bot makes of words: its own reader and safety screen, without Rasa.

They take some seconds to load, so a thread does it while the console serves already; until then, and when they cannot
be loaded, search goes by words alone, and says so.
"""

from __future__ import annotations

import logging
import threading
from enum import Enum
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.understanding.reader import Reader

logger = logging.getLogger(__name__)


class State(str, Enum):
    """How far the loading has come."""

    LOADING = "loading"
    READY = "ready"
    MISSING = "missing"


class BotReading:
    """The bot's reader, once it is loaded."""

    def __init__(self, here: Settings) -> None:
        self._here = here
        self._reader: Reader | None = None
        self._done = threading.Event()
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

    def _load(self) -> None:
        try:
            from bot.model_files import load_reader

            reader = load_reader()
            reader.watch()
            self._reader = reader
        except Exception as error:
            self.problem = str(error)
            logger.exception("The bot's reading cannot be loaded; search goes by words alone.")
        finally:
            self._done.set()
