"""Turns as Rasa makes them, without the wits of a bot."""

from __future__ import annotations

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.tracker_store import MESSAGE_ID


def turn(text: str, *more: Event, name: str | None = None) -> list[Event]:
    """The events of one turn. `more` happens before the bot answers; `name`: the message's id."""
    metadata = {MESSAGE_ID: name} if name else None
    return [
        UserUttered(text, metadata=metadata),
        ActionExecuted("action_answer"),
        *more,
        BotUttered(f"You wrote: {text}"),
        ActionExecuted("action_listen"),
    ]


def opening() -> list[Event]:
    """How a session begins."""
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


async def say(store: TrackerStore, conversation: str, *events: Event) -> DialogueStateTracker:
    """Write events into a conversation, as a turn does."""
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)
    return tracker


def texts(tracker: DialogueStateTracker | None) -> list[str]:
    """What the person wrote, as far as the tracker has it."""
    return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []
