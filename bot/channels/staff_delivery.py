"""Delivers what staff say: any chat server that shares the records does, one at a time for each person."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from typing import TypeVar

from sqlalchemy.engine import Connection

from bot.databases import reading
from bot.desk import messages
from bot.desk.messages import ToDeliver
from bot.records import records

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.5
"""How often to look whether staff said something."""
AGAIN_SECONDS = 5.0
"""Pause after the records could not be read."""

Deliver = Callable[[ToDeliver], Awaitable["str | None"]]
"""Brings a message to its person. Called again with the same message after a failure, so it must not matter twice. The
reason when it can never reach them; raises whatever may be over later."""

Result = TypeVar("Result")


class StaffDelivery:
    """The messages of staff for some channels."""

    def __init__(
        self, channels: Collection[str], deliver: Deliver, clock: Callable[[], float] = time.time
    ) -> None:  # fmt: skip
        self._channels = channels
        self._deliver = deliver
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Look for messages now and then, in the running event loop."""
        self._task = asyncio.ensure_future(self._run())

    def stop(self) -> None:
        """End at once. What is not delivered yet is delivered by the next process."""
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            try:
                delivered = await self.deliver_next()
            except Exception as error:
                logger.warning("What staff say cannot be looked up (%s).", type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                if not delivered:
                    await asyncio.sleep(POLL_SECONDS)

    async def deliver_next(self, only: str | None = None) -> list[ToDeliver]:
        """Deliver what waits for one person, in order: of any conversation, or `only` of this one."""
        handover = await asyncio.to_thread(self._claimed, only)
        if handover is None:
            return []
        done: list[ToDeliver] = []
        try:
            while message := await self._with(lambda one: messages.next_message(one, handover, self._clock())):
                if not await self._bring(message):
                    break
                done.append(message)
        finally:
            await self._with(lambda one: messages.release(one, handover))
        return done

    def _claimed(self, only: str | None) -> int | None:
        """A handover with messages to deliver, for this process alone."""
        now, engine = self._clock(), records().engine
        with reading(engine) as connection:
            waiting = messages.due(connection, self._channels, now, only=only)
        for handover in waiting:
            with engine.begin() as connection:
                if messages.claim(connection, handover, now):
                    return handover
        return None

    async def _bring(self, message: ToDeliver) -> bool:
        """Deliver one message; whether the next may follow."""
        try:
            unreachable = await self._deliver(message)
        except Exception as error:
            logger.warning("What staff said could not be delivered (%s). It is tried again.", type(error).__name__)
            reason = type(error).__name__
            await self._with(lambda one: messages.later(one, message, reason, self._clock()))
            return False
        if unreachable is not None:
            await self._with(lambda one: messages.drop(one, message, unreachable))
        else:
            await self._with(lambda one: messages.delivered(one, message))
        return True

    @staticmethod
    async def _with(work: Callable[[Connection], Result]) -> Result:
        def run() -> Result:
            with records().engine.begin() as connection:
                return work(connection)

        return await asyncio.to_thread(run)
