"""Takes in the texts whose webhook never arrived: a provider is asked now and then what it received for us."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.channels.sms.inbox import Inbox
from bot.channels.sms.provider import Courier
from bot.channels.sms.sender import SEND_SECONDS
from bot.channels.sms.webhooks import Incoming

logger = logging.getLogger(__name__)

LOST_SECONDS = 60.0
"""How often couriers are asked for texts whose webhook was lost."""
WEBHOOK_SECONDS = 30.0
"""Time a webhook has to arrive before its text counts as lost."""
LOOK_BACK = 3600.0
"""How much further back than the last look texts are asked for: a courier may list them late."""


class LostTexts:
    """Looks for lost texts of all `couriers`, by name, and hands them to `receive`."""

    def __init__(
        self,
        inbox: Inbox,
        couriers: Mapping[str, Courier],
        receive: Callable[[Courier, Incoming], Awaitable[Any]],
        give_up_hours: float,
        clock: Callable[[], float],
    ) -> None:
        """`give_up_hours`: an older text is answered no more."""
        self._inbox = inbox
        self._couriers = couriers
        self._receive = receive
        self._give_up_hours = give_up_hours
        self._clock = clock
        self._due = 0.0
        self._looked_at: dict[str, float] = {}

    async def take_in(self) -> bool:
        """Now and then keep the texts whose webhook never arrived. False: nothing more to do for the moment."""
        now = self._clock()
        if now >= self._due:
            self._due = now + LOST_SECONDS
            for courier in list(self._couriers.values()):
                try:
                    await self._take_in_of(courier, now)
                except Exception as error:
                    logger.warning("Text messages: %s could not be asked (%s).", courier.name, type(error).__name__)
        return False

    async def _take_in_of(self, courier: Courier, now: float) -> None:
        first = await asyncio.to_thread(self._inbox.first_of, courier.name)
        if first is None:
            return  # what a courier had before we were connected is not for us
        of_use = now - self._give_up_hours * 3600
        since = max(first, of_use, self._looked_at.get(courier.name, of_use) - LOOK_BACK)
        texts = await asyncio.wait_for(courier.received(since), SEND_SECONDS)
        overdue = [text for text in texts if text.at is None or since <= text.at <= now - WEBHOOK_SECONDS]
        known = await asyncio.to_thread(self._inbox.known, courier.name, [text.message_id for text in overdue])
        # a courier lists the newest first; taken in that way, the newest would be answered before the others are here
        for text in sorted(overdue, key=lambda text: now if text.at is None else text.at):
            if text.message_id not in known:
                logger.warning("Text messages: a webhook of %s was lost; its text is taken in now.", courier.name)
                await self._receive(courier, text)
        self._looked_at[courier.name] = now
