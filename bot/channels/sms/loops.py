"""Steps that are done again and again until the process ends, each by some loops side by side."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
"""How often one of the loops of a step looks by itself: for what other processes left, and for what is due again."""
FINISH_SECONDS = 5.0
"""Longest the end of the process waits for what is being done."""


@dataclass(frozen=True)
class Step:
    """What `count` loops do: `do` says whether there was anything to do, and `wake` is set when there may be."""

    do: Callable[[], Awaitable[bool]]
    count: int = 1
    wake: asyncio.Event = field(default_factory=asyncio.Event)


class Loops:
    """The running loops of some steps."""

    def __init__(self) -> None:
        self.ending = False
        self._steps: Sequence[Step] = ()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self, steps: Sequence[Step]) -> None:
        """Begin, in the running event loop. Again: nothing."""
        if self._tasks:
            return
        self.ending, self._steps = False, steps
        self._tasks = [
            asyncio.ensure_future(self._repeat(step, place)) for step in steps for place in range(step.count)
        ]

    async def stop(self) -> None:
        """End soon: what is begun is finished within FINISH_SECONDS; what takes longer is cancelled."""
        self.ending = True  # a cancellation that comes as a wait ends is swallowed in Python 3.10
        for step in self._steps:
            step.wake.set()
        if self._tasks:
            _, unfinished = await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _repeat(self, step: Step, place: int) -> None:
        while not self.ending:
            try:
                step.wake.clear()  # before the look, so that what comes during it leads to another
                if await step.do():
                    continue
                if not self.ending:  # the end may have been told while the step ran
                    await asyncio.wait_for(step.wake.wait(), until_turn(place, step.count, time.monotonic()))
            except asyncio.TimeoutError:
                pass
            except Exception:
                logger.exception("Text messages: a step failed and is tried again.")
                await asyncio.sleep(POLL_SECONDS)


def until_turn(place: int, count: int, now: float) -> float:
    """Seconds from `now` until the loop at this place looks: every POLL_SECONDS another of the `count` does."""
    wait = (place * POLL_SECONDS - now) % (count * POLL_SECONDS)
    return wait or count * POLL_SECONDS
