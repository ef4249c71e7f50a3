"""What a piece of work on a conversation is told about the store it reads and writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rasa.shared.core.trackers import DialogueStateTracker


class Watch:
    """Learns that the store failed, which Rasa would hide behind an empty conversation in memory."""

    def __init__(self) -> None:
        self.failed = False

    def read(self, tracker: DialogueStateTracker | None) -> None:
        """Called with the conversation as the store holds it; None for a new one."""

    def may_keep(self, tracker: DialogueStateTracker) -> bool:
        """Asked before a conversation is written. False leaves the store as it is."""
        return True


_CURRENT: ContextVar[Watch | None] = ContextVar("watch", default=None)


def current_watch() -> Watch | None:
    """The watch of the work that is being done here, if it has one."""
    return _CURRENT.get()


@contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """Let `watch` know what becomes of the store until this ends."""
    token = _CURRENT.set(watch)
    try:
        yield
    finally:
        _CURRENT.reset(token)
