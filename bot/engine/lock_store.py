"""Messages of one person are handled one after the other, in the order in which they came.

Rasa's own locks ask once a second whether it is their turn, and its Redis locks can be held by two processes at once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig

from bot.engine.queues import Queues
from bot.engine.redis_queues import RedisAway, RedisPlace, RedisQueues
from bot.settings import settings

logger = logging.getLogger(__name__)

AWAY_SECONDS = 1.0
"""How long Redis is left alone after it could not be reached, so that not every message waits for it."""

_HELD: ContextVar[frozenset[tuple[int, str]]] = ContextVar("held", default=frozenset())


class Locks(LockStore):
    """Locks in memory, or in the Redis of the settings when several processes share the conversations; endpoints.yml
    names this class.

    Who holds a conversation may lock it again. While Redis is away every process keeps order among its own messages,
    and the database refuses the second of two turns that were made at once (bot/engine/conversation_tables.py).
    """

    def __init__(self, endpoint_config: EndpointConfig | None = None, redis_url: str | None = None) -> None:
        super().__init__()
        url = redis_url or settings().redis_url
        self._here = Queues()
        self._everywhere = RedisQueues(url) if url else None
        self._away_until = 0.0

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncIterator[TicketLock]:
        """Hold a conversation. Nobody asks again and again, so `wait_time_in_seconds` has no meaning."""
        held, mine = _HELD.get(), (id(self), conversation_id)
        if mine in held:
            yield TicketLock(conversation_id)
            return
        shared = await self._enter_everywhere(conversation_id)
        try:
            place = await self._here.enter(conversation_id, lock_lifetime)
            token = _HELD.set(held | {mine})
            try:
                yield TicketLock(conversation_id)
            finally:
                _HELD.reset(token)
                self._here.leave(conversation_id, place)
        finally:
            await self._leave_everywhere(shared)

    def is_someone_waiting(self, conversation_id: str) -> bool:
        """Whether a message of this process is being handled, or waits."""
        return self._here.waiting(conversation_id) > 0

    async def _enter_everywhere(self, conversation: str) -> RedisPlace | None:
        if self._everywhere is None or time.monotonic() < self._away_until:
            return None
        try:
            return await self._everywhere.enter(conversation)
        except RedisAway as error:
            self._note_away(error)
            return None

    async def _leave_everywhere(self, place: RedisPlace | None) -> None:
        if place is None or self._everywhere is None:
            return
        try:
            await self._everywhere.leave(place)
        except RedisAway as error:
            self._note_away(error)

    def _note_away(self, error: BaseException) -> None:
        self._away_until = time.monotonic() + AWAY_SECONDS
        logger.error("Redis cannot be reached (%s). Each process keeps order by itself meanwhile.", error)


@asynccontextmanager
async def alone_with(locks: LockStore, conversation: str) -> AsyncIterator[None]:
    """Hold a conversation over more than Rasa's own turn. Only our locks may be held by who holds them already; with
    another store Rasa locks the turn alone."""
    if isinstance(locks, Locks):
        async with locks.lock(conversation):
            yield
    else:
        yield
