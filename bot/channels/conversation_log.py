"""What the guard said, written into the conversation as if the bot had said it: at once, or as soon as that works."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SessionStarted, SlotSet, UserUttered

from bot.engine.tracker_store import MESSAGE_ID, Conversations, latest_said, store_below
from bot.engine.watch import Watch, watched_by
from bot.replies.reply import contract_metadata

logger = logging.getLogger(__name__)

MOST_WAITING = 2000
"""Conversations whose unwritten exchanges are held while the store is broken; the oldest are dropped."""

LOCK_POLL_SECONDS = 0.05
"""How often to look whether a turn that was broken off has left the conversation."""

Slots = Mapping[str, Any]
Exchange = Callable[[Slots, "str | None"], list[Event]]
"""Makes the events of one exchange from the conversation's slots and its active form, both as they are before it."""


class ConversationUnreadable(Exception):
    """The store could not say what was written in a conversation."""


class Keeper(Protocol):
    """Rasa's agent, as far as a conversation is read and written."""

    tracker_store: TrackerStore
    lock_store: LockStore


def told(message: UserMessage, verdict: Mapping[str, Any] | None, at: float) -> UserUttered:
    """A message of the person that no turn has written, with its verdict."""
    intent = {"name": "red_flag", "confidence": 1.0} if verdict else None
    parsed: Any = {"red_flag": dict(verdict), "intent": intent} if verdict else None
    return UserUttered(
        message.text,
        intent,
        parse_data=parsed,
        timestamp=at,
        input_channel=message.input_channel,
        message_id=message.message_id,
        metadata=message.metadata,
    )


def said(message: Mapping[str, Any], at: float) -> BotUttered:
    """A reply that a channel gave."""
    return BotUttered(message["text"], {"buttons": message.get("buttons")}, dict(message["metadata"]), at)


def done(action: str, slots: Slots, *, ends_check_in: bool) -> list[Event]:
    """An action with the slots that it sets."""
    loop = [ActiveLoop(None)] if ends_check_in else []
    return [ActionExecuted(action), *loop, *(SlotSet(name, value) for name, value in slots.items())]


def listening() -> Event:
    """The end of an exchange."""
    return ActionExecuted(ACTION_LISTEN_NAME)


class ConversationLog:
    """Writes exchanges behind what is there, in the order in which they were handed over."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, list[Exchange]] = OrderedDict()

    def add(self, conversation: str, exchange: Exchange) -> None:
        """Have an exchange written by the next `write`."""
        self._waiting.setdefault(conversation, []).append(exchange)
        while len(self._waiting) > MOST_WAITING:
            self._waiting.popitem(last=False)
            logger.error("What was said in a conversation is not written and now lost: the store is broken.")

    def waits(self, conversation: str) -> bool:
        """Whether something is not written yet."""
        return bool(self._waiting.get(conversation))

    def forget(self, conversation: str) -> None:
        """Drop what waits to be written into a conversation."""
        self._waiting.pop(conversation, None)

    async def write(self, keeper: Keeper, conversation: str) -> bool:
        """Write what waits; whether nothing waits any more. Run on the turn loop, outside a turn."""
        if not self._waiting.get(conversation):
            return True
        try:
            async with keeper.lock_store.lock(conversation, wait_time_in_seconds=LOCK_POLL_SECONDS):
                return await self._write_locked(keeper.tracker_store, conversation)
        except Exception:
            logger.exception("What the guard said cannot be written into the conversation yet.")
            return False

    async def _write_locked(self, store: TrackerStore, conversation: str) -> bool:
        exchanges = list(self._waiting.get(conversation, ()))
        watch = Watch()
        with watched_by(watch):
            tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
            if watch.failed:
                return False
            for exchange in exchanges:
                events = exchange(tracker.current_slot_values(), tracker.active_loop_name)
                if await _answered_elsewhere(store, conversation, events):
                    continue
                if not tracker.events:
                    events = [*opening(events[0].timestamp), *events]
                for event in events:
                    tracker.update(event)
            await store.save(tracker)
        if watch.failed:
            return False
        waiting = self._waiting.get(conversation, [])
        del waiting[: len(exchanges)]
        if not waiting:
            self._waiting.pop(conversation, None)
        return True

    async def read(self, keeper: Keeper, conversation: str, most: int) -> list[Event]:
        """What was said in a conversation, oldest first and about the latest `most` messages, with what still waits to
        be written. Run on the turn loop.

        Raises ConversationUnreadable when the store fails.
        """
        watch = Watch()
        try:
            with watched_by(watch):
                said = await latest_said(keeper.tracker_store, conversation, most)
        except Exception as error:
            raise ConversationUnreadable(conversation) from error
        if watch.failed:
            raise ConversationUnreadable(conversation)
        waiting = [event for exchange in self._waiting.get(conversation, ()) for event in exchange({}, None)]
        return [*said, *waiting]

    @staticmethod
    async def said_to(keeper: Keeper, conversation: str, message_id: str | None) -> list[dict[str, Any]] | None:
        """The replies that a message with this id got already, from any process, which may be none; None for a new one.

        None either when that cannot be looked up: the turn then fails at the same store, and is not kept.
        """
        store = store_below(keeper.tracker_store)
        if message_id is None or not isinstance(store, Conversations):
            return None
        try:
            found = await store.said_to(conversation, message_id)
        except Exception:
            logger.exception("Whether a message was answered before cannot be looked up.")
            return None
        if found is None:
            return None
        return [_as_reply(event, conversation) for event in found if isinstance(event, BotUttered)]


async def _answered_elsewhere(store: TrackerStore, conversation: str, events: list[Event]) -> bool:
    """Whether another process has answered the message of an exchange: its answer is the one that counts."""
    real = store_below(store)
    asked = next((event for event in events if isinstance(event, UserUttered)), None)
    name = (asked.metadata or {}).get(MESSAGE_ID) if asked is not None else None
    return name is not None and isinstance(real, Conversations) and await real.said_to(conversation, name) is not None


def _as_reply(event: BotUttered, conversation: str) -> dict[str, Any]:
    """A reply as a channel collects it."""
    reply: dict[str, Any] = {"recipient_id": conversation, "text": event.text}
    if buttons := (event.data or {}).get("buttons"):
        reply["buttons"] = buttons
    reply["metadata"] = contract_metadata(event.metadata or {})
    return reply


def opening(at: float) -> list[Event]:
    """How Rasa begins a conversation. Not later than what follows: a store finds a session by its time."""
    return [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
        SessionStarted(at),
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=at),
    ]
