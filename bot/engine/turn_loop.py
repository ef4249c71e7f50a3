"""The thread on which turns run, apart from the one that answers people.

Much of a turn blocks its thread: the database, the sentence model, spaCy. If that happened on the thread that answers,
nobody could be told that something is wrong.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from functools import lru_cache
from typing import Any, TypeVar

Result = TypeVar("Result")


class TurnLoop:
    """An event loop on a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="turns", daemon=True).start()

    def start(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """Begin `work` there. Cancelling the future stops it where it next waits."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Do `work` there and wait for it here."""
        return await asyncio.wrap_future(self.start(work))


@lru_cache(maxsize=1)
def turn_loop() -> TurnLoop:
    """The turn loop of this process."""
    return TurnLoop()
