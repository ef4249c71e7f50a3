"""Where conversations are kept: a window of each for the turn, and beside it the whole log, which is only added to.

Rasa puts every store behind one that hides failures: a conversation that cannot be read begins anew, one that cannot be
written goes to memory and is never read again. A "no" would then answer a question that was never put. So the turn is
told, and a turn that did not come to its end is not written at all.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import AwaitableTrackerStore, FailSafeTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.conversation_database import CONNECTIONS, is_away
from bot.engine.conversation_tables import Addition, ConversationTables
from bot.engine.restoring import restored_events
from bot.engine.watch import current_watch
from bot.engine.window import TURNS_KEPT, Known, Window, known_in, session_start_in, turns_in
from bot.settings import conversations_address, settings

MESSAGE_ID = "page_message"
"""Metadata key of the id that a channel gave to a message. A message with an id is answered once."""

PATIENCE_SECONDS = 1.2
"""How long a database server that is away is tried again within one reading or writing."""
PAUSE_SECONDS = 0.1

Result = TypeVar("Result")


class Conversations(TrackerStore):
    """Conversations in a database; endpoints.yml names this class.

    `url` is an SQLAlchemy address; when left out that of the settings. Rasa hands the `url` of endpoints.yml over as
    `host`.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        host: str | None = None,
    ) -> None:
        super().__init__(domain, event_broker)
        address = url or host or conversations_address(settings())
        self.tables = ConversationTables(address)
        workers = 1 if address == IN_MEMORY else CONNECTIONS
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="conversations")

    @property
    def domain(self) -> Domain:
        """The model's domain; an empty one while there is no model, so that conversations can still be read."""
        return self._domain or Domain.empty()

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain

    def init_tracker(self, sender_id: str) -> Window:
        """The window of a conversation in which nothing was said."""
        return Window(sender_id, self.domain.slots)

    async def retrieve(self, sender_id: str) -> Window | None:
        """The latest turns of a conversation; None for a new one."""
        watch = current_watch()
        found = await self._do(lambda: self.tables.window(sender_id))
        window = None
        if found is not None:
            known = Known.from_json(found.known) if found.known is not None else None
            window = Window.of(sender_id, self.domain.slots, known, restored_events(found.events), found.version)
        if watch is not None:
            watch.read(window)
        return window

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """A whole conversation; None for a new one."""
        found = await self._do(lambda: self.tables.whole(conversation_id))
        if not found:
            return None
        return DialogueStateTracker.from_events(conversation_id, restored_events(found), self.domain.slots)

    async def said(self, conversation: str, most: int) -> list[Event]:
        """The latest messages of the person and the bot, oldest first."""
        return restored_events(await self._do(lambda: self.tables.said(conversation, most)))

    async def said_to(self, conversation: str, message_id: str) -> list[Event] | None:
        """What the bot said to a message with this id; None when it was not answered yet."""
        found = await self._do(lambda: self.tables.said_to(conversation, message_id))
        return None if found is None else restored_events(found)

    async def version(self, conversation: str) -> int | None:
        """How often a conversation was written; None for a new one."""
        return await self._do(lambda: self.tables.version(conversation))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new, unless the turn may not be kept.

        Raises ConversationChanged when another process has written meanwhile.
        """
        watch = current_watch()
        if not tracker.events or (watch is not None and not watch.may_keep(tracker)):
            return
        if isinstance(tracker, Window):
            new, version = tracker.new_events(), tracker.version
        else:  # Rasa's own interface puts a tracker made of events in the place of the whole conversation
            known = await self._do(lambda: self.tables.whole(tracker.sender_id))
            new, version = list(tracker.events)[len(known) :], None
        if not new:
            return
        addition = _addition(tracker, new, version)
        written = await self._do(lambda: self.tables.add(addition))
        if isinstance(tracker, Window):
            tracker.written(written)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await self._do(self.tables.names)

    # Erasing, on the caller's thread

    def erase(self, conversations: Sequence[str]) -> int:
        """Delete conversations; how many there were."""
        return self._threads.submit(self.tables.erase, conversations).result()

    def quiet_since(self, moment: float) -> list[str]:
        """The ids of conversations in which nothing happened after `moment`, in seconds."""
        return self._threads.submit(self.tables.quiet_since, moment).result()

    async def _do(self, work: Callable[[], Result]) -> Result:
        """Work with the database on a thread apart; the watch is told when it fails."""
        watch = current_watch()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, _patiently, work)
        except Exception:
            if watch is not None:
                watch.failed = True
            raise


IN_MEMORY = "sqlite://"


class ConversationsInMemory(Conversations):
    """Conversations that end with the process, for `clonus chat`, `clonus converse` and tests."""

    def __init__(self, domain: Domain | None = None) -> None:
        super().__init__(domain, url=IN_MEMORY)


def store_below(store: TrackerStore) -> TrackerStore:
    """The store below Rasa's wrappers."""
    while isinstance(store, (FailSafeTrackerStore, AwaitableTrackerStore)):
        store = store._tracker_store
    return store


async def latest_said(store: TrackerStore, conversation: str, most: int) -> list[Event]:
    """What was said in a conversation, oldest first: about the latest `most` messages, beginning with the person's.

    The watch is told when a store of Rasa's fails; ours raises as well.
    """
    real = store_below(store)
    if not isinstance(real, Conversations):
        tracker = await store.retrieve_full_tracker(conversation)
        return list(tracker.events) if tracker else []
    said = await real.said(conversation, most)
    if len(said) == most:  # a reply is named after the message before it, so the first may not be without one
        while said and not isinstance(said[0], UserUttered):
            said.pop(0)
    return said


def _patiently(work: Callable[[], Result]) -> Result:
    """Do `work`, again and again for a moment while the database server is away."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return work()
        except Exception as error:
            if not is_away(error) or time.monotonic() > deadline:
                raise
            time.sleep(PAUSE_SECONDS)


def _addition(tracker: DialogueStateTracker, new: Sequence[Event], version: int | None) -> Addition:
    session_at = session_start_in(new)
    known = known_in(tracker)
    names = {
        str(event.metadata[MESSAGE_ID]): place
        for place, event in enumerate(new)
        if isinstance(event, UserUttered) and (event.metadata or {}).get(MESSAGE_ID)
    }
    return Addition(
        conversation=tracker.sender_id,
        version=version,
        writing=uuid.uuid4().hex,
        events=[event.as_dict() for event in new],
        messages=names,
        session_at=session_at,
        known=known.as_json() if known is not None else None,
        turns=turns_in(new[session_at or 0 :]),
        turns_kept=TURNS_KEPT,
    )
