"""Tell open pages that something changed, by topic names; what changed they fetch anew.

`publish` says so from this process. `watch` looks every second whether a value differs: another process, the chat for
example, may have changed it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from bot.staff.roles import Permission

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0


@dataclass(eq=False)
class _Listener:
    topics: frozenset[str]
    loop: asyncio.AbstractEventLoop
    changed: set[str]
    wake: asyncio.Event


class Live:
    """Topics and who listens to them. Safe for threads."""

    def __init__(self) -> None:
        self._needs: dict[str, Permission] = {}
        self._watched: dict[str, Callable[[], object]] = {}
        self._listeners: set[_Listener] = set()
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._watching: threading.Thread | None = None

    def topic(self, name: str, permission: Permission, version: Callable[[], object] | None = None) -> None:
        """Make a topic known, and what a page needs to listen to it. `version` gives a value that differs whenever
        something changed; left out, only `publish` tells."""
        with self._lock:
            self._needs[name] = permission
            if version is not None:
                self._watched[name] = version
                if self._watching is None:
                    self._watching = threading.Thread(target=self._watch, name="live", daemon=True)
                    self._watching.start()

    def needs(self, topic: str) -> Permission | None:
        """What listening to a topic needs; None when there is no such topic."""
        return self._needs.get(topic)

    def publish(self, topic: str) -> None:
        """Say that something changed. From any thread; never waits, never fails."""
        with self._lock:
            listeners = [listener for listener in self._listeners if topic in listener.topics]
        for listener in listeners:
            try:
                listener.loop.call_soon_threadsafe(_mark, listener, topic)
            except RuntimeError:
                self._forget(listener)  # its loop has ended

    async def changes(self, topics: Iterable[str], seconds: float) -> AsyncIterator[str | None]:
        """The topics that change, as they do; None after `seconds` without one, so that the caller can look around."""
        listener = _Listener(frozenset(topics), asyncio.get_running_loop(), set(), asyncio.Event())
        with self._lock:
            self._listeners.add(listener)
        try:
            while not self._ended.is_set():
                try:
                    await asyncio.wait_for(listener.wake.wait(), seconds)
                except asyncio.TimeoutError:
                    yield None
                    continue
                listener.wake.clear()
                changed, listener.changed = listener.changed, set()
                for topic in sorted(changed):
                    yield topic
        finally:
            self._forget(listener)

    @property
    def listening(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    def close(self) -> None:
        """Stop looking, and let every listener go."""
        self._ended.set()
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener.loop.call_soon_threadsafe(listener.wake.set)
            except RuntimeError:
                self._forget(listener)

    def _forget(self, listener: _Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def _watch(self) -> None:
        last: dict[str, object] = {}
        while not self._ended.wait(LOOK_SECONDS):
            for topic, version in list(self._watched.items()):
                try:
                    now = version()
                except Exception:
                    logger.exception("It cannot be told whether %s changed.", topic)
                    continue
                if last.setdefault(topic, now) != now:
                    last[topic] = now
                    self.publish(topic)


def _mark(listener: _Listener, topic: str) -> None:
    listener.changed.add(topic)
    listener.wake.set()
