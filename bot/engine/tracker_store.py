"""Where conversations are kept: Rasa's own stores, which also tell the running turn when they fail.

Rasa puts every store behind one that hides failures: a conversation that cannot be read begins anew, one that cannot be
written goes to memory and is never read again. A "no" would then answer a question that was never put. So the turn is
told, and a turn that did not come to its end is not written at all.
"""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.watch import current_watch

LOCKED_SECONDS = 0.4
"""How long a locked SQLite file is waited for. A turn reads once and writes once, and both must fit before the guard
answers."""


class Watched(TrackerStore):
    """A store that tells the current watch what it read and that it failed, and asks it before it writes."""

    @property
    def domain(self) -> Domain:
        """The model's domain; an empty one while there is no model, so that conversations can still be read."""
        return self._domain or Domain.empty()

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The latest session of a conversation; None for a new one."""
        watch = current_watch()
        try:
            tracker = await super().retrieve(sender_id)
        except Exception:
            self._note_failure()
            raise
        if watch is not None:
            watch.read(tracker)
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """A whole conversation; None for a new one."""
        try:
            return await super().retrieve_full_tracker(conversation_id)
        except Exception:
            self._note_failure()
            raise

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new, unless the turn may not be kept."""
        watch = current_watch()
        if not tracker.events or (watch is not None and not watch.may_keep(tracker)):
            return
        try:
            await super().save(tracker)
        except Exception:
            self._note_failure()
            raise

    @staticmethod
    def _note_failure() -> None:
        watch = current_watch()
        if watch is not None:
            watch.failed = True


class Conversations(Watched, SQLTrackerStore):
    """Conversations in a database; endpoints.yml names this class."""

    def __init__(self, *, dialect: str = "sqlite", query: dict[str, Any] | None = None, **rest: Any) -> None:
        if dialect == "sqlite":
            query = {"timeout": str(LOCKED_SECONDS), **(query or {})}
        super().__init__(dialect=dialect, query=query, **rest)


class ConversationsInMemory(Watched, InMemoryTrackerStore):
    """Conversations that end with the process, for `clonus chat`, `clonus converse` and tests."""
