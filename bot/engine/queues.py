"""Whose turn it is in a conversation, inside one process: first come, first served, without asking again and again."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False)
class Place:
    """A place in a queue. `called` ends when it is at the front."""

    loop: asyncio.AbstractEventLoop
    called: asyncio.Future[None] = field(init=False)

    def __post_init__(self) -> None:
        self.called = self.loop.create_future()

    def call(self) -> None:
        """Tell whoever waits here that it is their turn. From any thread."""

        def tell() -> None:
            if not self.called.done():
                self.called.set_result(None)

        self.loop.call_soon_threadsafe(tell)


class Queues:
    """A queue for each conversation. Safe for several event loops, each on a thread of its own."""

    def __init__(self) -> None:
        self._queues: dict[str, deque[Place]] = {}
        self._lock = threading.Lock()

    async def enter(self, conversation: str, patience: float) -> Place:
        """Wait until it is our turn; the place is to be given back with `leave`.

        One that stays at the front for longer than `patience` seconds is passed over: its work hangs, and the database
        refuses what it may still want to write.
        """
        place = Place(asyncio.get_running_loop())
        with self._lock:
            queue = self._queues.setdefault(conversation, deque())
            queue.append(place)
            if queue[0] is place:
                return place
        try:
            while True:
                with self._lock:
                    front = self._queues[conversation][0]
                if front is place:
                    return place
                try:
                    await asyncio.wait_for(asyncio.shield(place.called), patience)
                except asyncio.TimeoutError:
                    self._pass_over(conversation, front)
        except BaseException:
            self.leave(conversation, place)
            raise

    def leave(self, conversation: str, place: Place) -> None:
        """Give a place back and call the next one."""
        with self._lock:
            queue = self._queues.get(conversation)
            if queue is None or place not in queue:
                return  # passed over
            was_front = queue[0] is place
            queue.remove(place)
            if not queue:
                del self._queues[conversation]
            elif was_front:
                queue[0].call()

    def _pass_over(self, conversation: str, front: Place) -> None:
        with self._lock:
            queue = self._queues[conversation]
            still_there = queue[0] is front
        if still_there:
            self.leave(conversation, front)

    def waiting(self, conversation: str) -> int:
        """How many places are taken, the front one among them."""
        with self._lock:
            return len(self._queues.get(conversation, ()))
