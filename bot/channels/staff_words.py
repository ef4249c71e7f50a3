"""What staff say, and what people say to them, written into conversations: in order, and once each."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.conversation_log import (
    LOCK_POLL_SECONDS,
    ConversationUnreadable,
    Keeper,
    listening,
    opening,
    said,
    told,
)
from bot.channels.told_before import kept
from bot.desk.messages import BACK, TAKEN, ToDeliver
from bot.engine.tracker_store import MESSAGE_ID
from bot.engine.watch import Watch, watched_by
from bot.replies.after_danger import CHECK_IN_SLOTS
from bot.replies.reply import Kind

STAFF_MESSAGE = "staff_message"
"""Metadata key under which Rasa keeps what names a message of staff, so that it is written once."""

Slots = Mapping[str, Any]


def as_message(message: ToDeliver) -> dict[str, Any]:
    """A message of staff as channels collect replies."""
    metadata: dict[str, Any] = {"kind": Kind.HANDOVER.value, "topic": message.topic, "sender": message.sender}
    held = {key: value for key, value in metadata.items() if value is not None}
    return {"recipient_id": message.conversation, "text": message.text, "metadata": held}


async def write_from_staff(keeper: Keeper, message: ToDeliver) -> bool:
    """Write a message of staff into its conversation; False when it stands there already. Run on the turn loop.

    When a person takes over or leaves, a check-in that was running ends: what is written next is no answer to it.
    Raises ConversationUnreadable when the store fails.
    """
    async with keeper.lock_store.lock(message.conversation, wait_time_in_seconds=LOCK_POLL_SECONDS):
        before = await _all_of(keeper.tracker_store, message.conversation)
        keys = {event.metadata.get(STAFF_MESSAGE) for event in before if isinstance(event, BotUttered)}
        if message.key in keys:
            return False
        words = said(as_message(message), time.time())
        words.metadata[STAFF_MESSAGE] = message.key
        events: list[Event] = [words]
        if message.kind in (TAKEN, BACK):
            cleared = [SlotSet(name, value) for name, value in {**CHECK_IN_SLOTS, "danger_check": None}.items()]
            events = [ActiveLoop(None), *cleared, words, listening()]
        await _append(keeper.tracker_store, message.conversation, lambda tracker: events)
    return True


async def write_quietly(
    keeper: Keeper, message: UserMessage, at: float, answers_bot: Callable[[Slots], bool], notice: dict[str, Any] | None
) -> bool:
    """Write what a person said to staff into the conversation, and the notice that they have it, without a turn.

    False, and nothing is written, when the bot has to hear it: `answers_bot` tells from the conversation's slots. A
    message that came before is not written twice. Raises ConversationUnreadable. Run on the turn loop.
    """
    conversation = message.sender_id
    page_id = (message.metadata or {}).get(MESSAGE_ID)
    async with keeper.lock_store.lock(conversation, wait_time_in_seconds=LOCK_POLL_SECONDS):
        before = await _all_of(keeper.tracker_store, conversation)
        heard = [event.metadata.get(MESSAGE_ID) for event in before if isinstance(event, UserUttered)]
        if page_id is not None and page_id in heard:
            return True

        def events(tracker: DialogueStateTracker) -> list[Event]:
            slots = tracker.current_slot_values()
            if answers_bot(slots):
                return []
            notices: list[Event] = [said(notice, time.time())] if notice else []
            return [told(message, None, at), *kept(message.text or "", slots, at), *notices, listening()]

        return await _append(keeper.tracker_store, conversation, events)


async def _all_of(store: TrackerStore, conversation: str) -> list[Event]:
    watch = Watch()
    with watched_by(watch):
        tracker = await store.retrieve_full_tracker(conversation)
    if watch.failed:
        raise ConversationUnreadable(conversation)
    return list(tracker.events) if tracker else []


async def _append(
    store: TrackerStore, conversation: str, events_for: Callable[[DialogueStateTracker], list[Event]]
) -> bool:
    """Write events behind what is there; False when there are none to write."""
    watch = Watch()
    with watched_by(watch):
        tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
        if watch.failed:
            raise ConversationUnreadable(conversation)
        events = events_for(tracker)
        if not events:
            return False
        if not tracker.events:
            events = [*opening(events[0].timestamp), *events]
        for event in events:
            tracker.update(event)
        await store.save(tracker)
    if watch.failed:
        raise ConversationUnreadable(conversation)
    return True
