"""What was last said, read from the events of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.replies.reply import contract_metadata

CHOICE_TURNS = 2
"""Messages of the person, with the newest, within which "the other one" may mean a choice shown before an answer."""


@dataclass(frozen=True)
class Said:
    """One message the bot said: its text, the words on its buttons, and its contract metadata."""

    text: str
    buttons: tuple[str, ...]
    metadata: Mapping[str, Any]

    def as_message(self) -> dict[str, Any]:
        """Keyword arguments that say it once more through rasa-sdk's dispatcher."""
        buttons = [{"title": title, "payload": title} for title in self.buttons]
        return {"text": self.text, "buttons": buttons, **self.metadata}


def last_said(events: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
    """The bot's messages between the person's last message and the one before it, oldest first."""
    replies: list[Said] = []
    latest_seen = False
    for event in reversed(list(events)):
        if event.get("event") == "user":
            if latest_seen:
                break
            latest_seen = True
        elif event.get("event") == "bot" and latest_seen and event.get("text"):
            buttons = (event.get("data") or {}).get("buttons") or []
            replies.append(
                Said(
                    event["text"],
                    tuple(button["title"] for button in buttons),
                    contract_metadata(event.get("metadata") or {}),
                )
            )
    return tuple(reversed(replies))


def topics_offered(events: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The topics of the choice shown last, if the person has sent at most two messages since, with the newest."""
    turns = 0
    for event in reversed(list(events)):
        turns += event.get("event") == "user"
        if turns > CHOICE_TURNS:
            break
        topics = (event.get("metadata") or {}).get("topics") if event.get("event") == "bot" else None
        if topics:
            return tuple(topics)
    return ()


def reading_before(events: Iterable[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What was understood of the person's last message but one; empty when there was none."""
    said = [event for event in events if event.get("event") == "user"]
    reading = (said[-2].get("parse_data") or {}).get("reading") if len(said) > 1 else None
    return reading or {}


def text_before(events: Iterable[Mapping[str, Any]]) -> str:
    """The person's last message but one; empty when there was none."""
    said = [event for event in events if event.get("event") == "user"]
    return (said[-2].get("text") or "") if len(said) > 1 else ""


def ways_told(events: Iterable[Mapping[str, Any]], topic: str | None) -> tuple[str, ...]:
    """In which ways a topic was told since the person came to it, oldest first: "short", "detail", "answer" ..."""
    ways: list[str] = []
    for event in reversed(list(events)):
        told = contract_metadata(event.get("metadata") or {}) if event.get("event") == "bot" else {}
        if told.get("topic") and told["topic"] != topic:
            break
        if told.get("topic") and told.get("depth"):
            ways.append(told["depth"])
    return tuple(reversed(ways))
