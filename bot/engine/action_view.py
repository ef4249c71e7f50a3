"""What the action server is told of the events of a conversation: what actions read, and no more.

Actions read the current turn whole; what was said in the turn before it; what was understood of the message before;
and of earlier turns the person's words with their intent, and which topic was told in which way. Slots and actions of
earlier turns are not read: the state of the slots stands beside the events.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

READING, INTENT, RED_FLAG = "reading", "intent", "red_flag"
TOLD = ("kind", "topic", "depth", "topics")
"""The metadata of what was said earlier."""


def seen_by_actions(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Events as plain data for the action server, oldest first."""
    said_at = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    current = said_at[-1] if said_at else 0
    before = said_at[-2] if len(said_at) > 1 else current
    earlier = [_earlier(event) for event in events[:before]]
    turn_before = [_turn_before(event) for event in events[before:current]]
    return [seen for seen in (*earlier, *turn_before) if seen] + [_current(event) for event in events[current:]]


def _earlier(event: Event) -> dict[str, Any] | None:
    if isinstance(event, UserUttered):
        reading = (event.parse_data or {}).get(READING) or {}
        parsed = {INTENT: {"name": event.intent_name}, READING: {INTENT: reading.get(INTENT)}}
        return {"event": "user", "timestamp": event.timestamp, "text": event.text, "parse_data": parsed}
    if isinstance(event, BotUttered) and event.metadata.get("topic"):
        told = {key: event.metadata[key] for key in TOLD if event.metadata.get(key)}
        return {"event": "bot", "timestamp": event.timestamp, "metadata": told}
    return None


def _turn_before(event: Event) -> dict[str, Any] | None:
    if isinstance(event, UserUttered):
        parsed = event.parse_data or {}
        kept = {key: parsed[key] for key in (INTENT, READING, RED_FLAG) if key in parsed}
        return {"event": "user", "timestamp": event.timestamp, "text": event.text, "parse_data": kept}
    if isinstance(event, BotUttered):
        said: dict[str, Any] = event.as_dict()
        return said
    return None


def _current(event: Event) -> dict[str, Any]:
    """The current message's parse data stand beside the events (`latest_message`); here only what it was meant for."""
    seen: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        reading = (event.parse_data or {}).get(READING) or {}
        seen["parse_data"] = {INTENT: {"name": event.intent_name}, READING: {INTENT: reading.get(INTENT)}}
    return seen
