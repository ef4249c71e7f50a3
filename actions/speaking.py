"""What every action needs: say replies, and read what the conversation remembers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot.records import records
from bot.replies.content import Content, content
from bot.replies.conversation_so_far import last_said
from bot.replies.escalations import careful_first, told_lately
from bot.replies.fixed import fixed_reply
from bot.replies.for_adults import CHILD_SLOT, for_adults
from bot.replies.reply import Kind, Reply
from bot.replies.where import with_number
from bot.trial import is_trial

Events = list[dict[str, Any]]
Run = Callable[[Any, CollectingDispatcher, Tracker, DomainDict], Events]
"""An action's `run`, for what stands before several of them."""


def region_of(tracker: Tracker) -> str | None:
    """The region the person named, else the one their channel knows, if any."""
    region = tracker.get_slot("region") or _latest_metadata(tracker).get("region")
    return str(region) if region else None


def _latest_metadata(tracker: Tracker) -> dict[str, Any]:
    """What the channel said about the latest message."""
    latest: dict[str, Any] = next((event for event in reversed(tracker.events) if event.get("event") == "user"), {})
    return latest.get("metadata") or {}


def say(dispatcher: CollectingDispatcher, tracker: Tracker, *replies: Reply) -> None:
    """Say replies in order. While an emergency is open the number stays in sight below them. Before an answer stands
    what a same-day danger forbids, and where a child was told of that it is written for adults."""
    slots, minutes, region = tracker.current_slot_values(), content().below_danger.careful_minutes, region_of(tracker)
    if not slots.get("emergency") and any(reply.kind is Kind.ANSWER for reply in replies):
        careful = careful_first(content(), slots, minutes, region)
        replies = (careful, *replies) if careful is not None else replies
    replies = for_adults(content(), replies, slots.get(CHILD_SLOT), region)
    for reply in replies:
        told = with_number(content(), reply, region) if reply.kind is Kind.ANSWER else reply
        dispatcher.utter_message(**told.as_message())
    emergency = tracker.get_slot("emergency") or {}
    own_line = emergency.get("category") in content().regions.lines
    if emergency and (own_line or not emergency.get("help_at")):
        say_fixed(dispatcher, tracker, "after-emergency", only=True)


def say_fixed(
    dispatcher: CollectingDispatcher, tracker: Tracker, name: str, *, only: bool = False, **metadata: Any
) -> None:
    """Say one of the fixed replies, as the emergency that is open, or the danger told in the last hours, says it:
    "shout, knock" is no advice where violence is near. `only`: without the line that an open one adds."""
    lately = told_lately(tracker.current_slot_values(), content().below_danger.careful_minutes)
    danger = (tracker.get_slot("emergency") or {}).get("category") or (lately[0] if lately else None)
    reply = fixed_reply(content(), name, region_of(tracker), danger=danger, **metadata)
    if only:
        dispatcher.utter_message(**reply.as_message())
    else:
        say(dispatcher, tracker, reply)


def say_not_placed(dispatcher: CollectingDispatcher, tracker: Tracker, reply: Reply | None = None) -> None:
    """Say honestly that a message was not understood, in `reply` when given, and note it for staff."""
    say(dispatcher, tracker, reply or fixed_reply(content(), "not-placed", region_of(tracker)))
    if not is_trial(tracker.sender_id):
        records().unplaced(text_of(tracker))


def reading_of(tracker: Tracker) -> dict[str, Any]:
    """What was understood of the latest message (bot/understanding/component.py)."""
    return (tracker.latest_message or {}).get("reading") or {"intent": None, "topics": [], "in_scope": False}


def text_of(tracker: Tracker) -> str:
    """The latest message."""
    return (tracker.latest_message or {}).get("text") or ""


def last_texts(tracker: Tracker) -> tuple[str, ...]:
    """The texts that answered the person's message before the latest."""
    return tuple(said.text for said in last_said(tracker.events))


def message_id_of(tracker: Tracker) -> str | None:
    """What names the latest message among all messages."""
    return (tracker.latest_message or {}).get("message_id")


def note_escalation(tracker: Tracker, words: str, verdict: dict[str, Any], told: str) -> None:
    """Note for staff what was said, what it was taken for, and what the person was told."""
    channel = tracker.get_latest_input_channel()
    records().escalation(tracker.sender_id, words, verdict, message_id_of(tracker), told=told, channel=channel)


def intent_of(tracker: Tracker) -> str:
    """The latest message's intent."""
    return ((tracker.latest_message or {}).get("intent") or {}).get("name") or ""


__all__ = [
    "Content",
    "Events",
    "content",
    "intent_of",
    "note_escalation",
    "reading_of",
    "region_of",
    "say",
    "say_fixed",
    "text_of",
]
