"""What the chat page is told of a conversation: plain data, the same for a fresh reply and for one of last week."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.replies.reply import contract_metadata

PageMessage = dict[str, Any]
MESSAGE_ID = "page_message"
"""Metadata key under which Rasa keeps the id the page gave to a message."""

MOST_RESTORED = 200
"""Messages that are drawn again after a reload; older ones stay on the server."""


def from_bot(message: Mapping[str, Any], at: float | None = None) -> PageMessage:
    """A reply as a channel collects it: text, buttons (their words), metadata (the reply contract), time (seconds)."""
    return {
        "from": "bot",
        "text": message["text"],
        "buttons": [str(button["title"]) for button in message.get("buttons") or []],
        "metadata": dict(message.get("metadata") or {}),
        "time": time.time() if at is None else at,
    }


def restored(events: Iterable[Event]) -> list[PageMessage]:
    """All that was said in a conversation, oldest first, at most MOST_RESTORED messages.

    By time: what was said while a turn took too long is written after it.
    """
    messages: list[PageMessage] = []
    for event in events:
        if isinstance(event, UserUttered) and event.text:
            page_id = (event.metadata or {}).get(MESSAGE_ID)
            messages.append({"from": "person", "text": event.text, "id": page_id, "time": event.timestamp})
        elif isinstance(event, BotUttered) and event.text:
            buttons = (event.data or {}).get("buttons")
            metadata = contract_metadata(event.metadata or {})
            reply = {"text": event.text, "buttons": buttons, "metadata": metadata}
            messages.append(from_bot(reply, event.timestamp))
    messages.sort(key=lambda message: message["time"])
    return messages[-MOST_RESTORED:]


def replies_to(message_id: str, messages: Iterable[PageMessage]) -> list[PageMessage]:
    """The replies that follow one message of the person, up to their next one; empty when it never arrived."""
    replies: list[PageMessage] = []
    found = False
    for message in messages:
        if message["from"] == "person":
            if found:
                break
            found = message["id"] == message_id
        elif found:
            replies.append(message)
    return replies
