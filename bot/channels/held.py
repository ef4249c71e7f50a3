"""Which conversations staff answer, so that the bot keeps quiet in them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict

from bot.databases import reading
from bot.desk import handovers
from bot.records import records

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.3
"""Longest wait for the records before a message: a bot that answers beside a person is better than silence."""
LEFT_ALONE_SECONDS = 5.0
"""How long records that could not be read are left alone."""
MOST_KNOWN = 2000


class Held:
    """Asks the records before each message. While they cannot be read, what they said last holds."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, str | None] = OrderedDict()
        self._again_at = 0.0

    async def by(self, conversation: str) -> str | None:
        """Who answers in a conversation, as the person reads it; None when the bot does."""
        if time.monotonic() >= self._again_at:
            try:
                holder = await asyncio.wait_for(asyncio.to_thread(_holder, conversation), LOOK_SECONDS)
            except Exception as error:
                logger.warning("Whether staff answer cannot be read (%s).", type(error).__name__)
                self._again_at = time.monotonic() + LEFT_ALONE_SECONDS
            else:
                self._known[conversation] = holder
                self._known.move_to_end(conversation)
                while len(self._known) > MOST_KNOWN:
                    self._known.popitem(last=False)
        return self._known.get(conversation)

    async def tell_once(self, conversation: str) -> bool:
        """Whether the person must be told, this once, who has their messages now."""
        try:
            return await asyncio.wait_for(asyncio.to_thread(_told_quiet, conversation), LOOK_SECONDS)
        except Exception as error:
            logger.warning("Whether the person was told who answers cannot be noted (%s).", type(error).__name__)
            return False


def _holder(conversation: str) -> str | None:
    with reading(records().engine) as connection:
        return handovers.holder_of(connection, conversation)


def _told_quiet(conversation: str) -> bool:
    with records().engine.begin() as connection:
        return handovers.told_quiet(connection, conversation)
