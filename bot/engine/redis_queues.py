"""Whose turn it is in a conversation, among several processes: a queue for each in Redis.

A place is a token at the end of a list. Entering, asking and leaving are one step each in Redis, so that no two
processes are ever at the front together. A place lives for LEASE_SECONDS unless its process says again that it is
there: one that was killed is passed over then. Who leaves wakes the next, so nobody asks again and again.
"""

from __future__ import annotations

import asyncio
import secrets
import weakref
from contextlib import suppress
from typing import Any

from redis import asyncio as redis
from redis.exceptions import RedisError

LEASE_SECONDS = 1.5
"""How long a place lives without a sign of its process. Shorter than a turn may take, so that a message whose process
was killed is answered by another in good time."""
RENEWED_SECONDS = 0.4
"""How often a process says that it is there."""
WAKE_SECONDS = 0.5
"""Longest a waiting place sleeps before it asks again, in case whoever was before it was killed."""
ANSWER_SECONDS = 1.0
"""Longest wait for Redis, to be reached or to answer."""

FRONT, BEHIND, UNKNOWN = 1, 0, -1

_ASK = """
local queue, token, lease, entering = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
if entering == '1' then redis.call('rpush', queue, token) end
redis.call('set', queue .. ':alive:' .. token, 1, 'px', lease)
redis.call('pexpire', queue, 600000)
while true do
  local front = redis.call('lindex', queue, 0)
  if not front then return -1 end
  if front == token then return 1 end
  if redis.call('exists', queue .. ':alive:' .. front) == 1 then break end
  redis.call('lpop', queue)
end
if redis.call('lpos', queue, token) then return 0 end
return -1
"""

_LEAVE = """
local queue, token = KEYS[1], ARGV[1]
redis.call('lrem', queue, 0, token)
redis.call('del', queue .. ':alive:' .. token, queue .. ':wake:' .. token)
local front = redis.call('lindex', queue, 0)
if front then
  redis.call('rpush', queue .. ':wake:' .. front, 1)
  redis.call('pexpire', queue .. ':wake:' .. front, 60000)
end
return 1
"""

RedisAway = (RedisError, OSError, asyncio.TimeoutError)
"""What is raised when Redis cannot be reached or does not answer."""


class RedisPlace:
    """A place in a queue, kept alive until it is given back."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self.token = secrets.token_hex(8)
        self.alive: asyncio.Task[None] | None = None
        self.given_back = False


class RedisQueues:
    """The queues of all processes that use the same Redis. Every method raises RedisAway."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[Any, asyncio.Lock]] = (
            weakref.WeakKeyDictionary()
        )

    async def enter(self, conversation: str) -> RedisPlace:
        """Wait until it is our turn; the place is to be given back with `leave`."""
        client, in_order = self._client()
        place = RedisPlace(f"clonus:turn:{{{conversation}}}")
        async with in_order:  # two messages of this process must not overtake each other on two connections
            state = await self._ask(client, place, entering=True)
        place.alive = asyncio.get_running_loop().create_task(self._stay_alive(client, place))
        try:
            while state != FRONT:
                await client.blpop([f"{place.queue}:wake:{place.token}"], timeout=WAKE_SECONDS)
                state = await self._ask(client, place, entering=state == UNKNOWN)
        except BaseException:
            with suppress(*RedisAway):
                await self.leave(place)
            raise
        return place

    async def leave(self, place: RedisPlace) -> None:
        """Give a place back and wake the next one. When Redis is away the place ends by itself."""
        place.given_back = True
        if place.alive is not None:
            place.alive.cancel()
        client, _ = self._client()
        await asyncio.shield(client.eval(_LEAVE, 1, place.queue, place.token))

    async def _stay_alive(self, client: Any, place: RedisPlace) -> None:
        while not place.given_back:  # a cancellation alone may be lost inside a client that is just timing out
            await asyncio.sleep(RENEWED_SECONDS)
            try:
                await self._ask(client, place, entering=False)
            except RedisAway:
                continue  # the database refuses to write for two

    @staticmethod
    async def _ask(client: Any, place: RedisPlace, *, entering: bool) -> int:
        return int(
            await client.eval(_ASK, 1, place.queue, place.token, int(LEASE_SECONDS * 1000), "1" if entering else "0")
        )

    def _client(self) -> tuple[Any, asyncio.Lock]:
        """The connections of this event loop, and what keeps its messages in order."""
        loop = asyncio.get_running_loop()
        if loop not in self._clients:
            client = redis.Redis.from_url(
                self._url,
                socket_timeout=ANSWER_SECONDS,
                socket_connect_timeout=ANSWER_SECONDS,
                health_check_interval=15,
            )
            self._clients[loop] = client, asyncio.Lock()
        return self._clients[loop]
