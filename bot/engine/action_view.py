"""What the action server is told of the events of a conversation: what actions read, and no more.

Actions read the current turn whole; what was said in the turn before it; what was understood of the message before;
and of earlier turns the person's words with their intent, and which topic was told in which way or offered. Slots and
actions of earlier turns are not read: the state of the slots stands beside the events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

EventData = Mapping[str, Any]

READING, INTENT, RED_FLAG = "reading", "intent", "red_flag"
TOLD = ("kind", "topic", "depth", "topics")
"""The metadata of what was said earlier."""


def for_actions(call: Mapping[str, Any]) -> dict[str, Any]:
    """A call of an action as Rasa makes it, with less of the conversation in it. Nothing of the call is changed."""
    tracker = call.get("tracker") or {}
    return {**call, "tracker": {**tracker, "events": seen_by_actions(tracker.get("events") or [])}}


def seen_by_actions(events: Sequence[EventData]) -> list[EventData]:
    """Events for the action server, oldest first."""
    said_at = [place for place, event in enumerate(events) if event["event"] == "user"]
    current = said_at[-1] if said_at else 0
    before = said_at[-2] if len(said_at) > 1 else current
    earlier = [_earlier(event) for event in events[:before]]
    turn_before = [_turn_before(event) for event in events[before:current]]
    return [seen for seen in (*earlier, *turn_before) if seen] + [_current(event) for event in events[current:]]


def _earlier(event: EventData) -> EventData | None:
    if event["event"] == "user":
        return {key: event.get(key) for key in ("event", "timestamp", "text")} | {"parse_data": _meant(event)}
    told = event.get("metadata") or {}
    if event["event"] == "bot" and (told.get("topic") or told.get("topics")):
        kept = {key: told[key] for key in TOLD if told.get(key)}
        return {"event": "bot", "timestamp": event.get("timestamp"), "metadata": kept}
    return None


def _turn_before(event: EventData) -> EventData | None:
    if event["event"] == "user":
        parsed = event.get("parse_data") or {}
        kept = {key: parsed[key] for key in (INTENT, READING, RED_FLAG) if key in parsed}
        return {key: event.get(key) for key in ("event", "timestamp", "text")} | {"parse_data": kept}
    return event if event["event"] == "bot" else None


def _current(event: EventData) -> EventData:
    """The current message's parse data stand beside the events (`latest_message`); here only what it was meant for."""
    return {**event, "parse_data": _meant(event)} if event["event"] == "user" else event


def _meant(event: EventData) -> EventData:
    parsed = event.get("parse_data") or {}
    reading = parsed.get(READING) or {}
    return {INTENT: {"name": (parsed.get(INTENT) or {}).get("name")}, READING: {INTENT: reading.get(INTENT)}}
