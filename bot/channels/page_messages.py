"""What the chat page is told of a conversation: plain data, the same for a fresh reply and for one of last week.

A message is a dictionary: `from` ("person" or "bot"), `id`, `text`, `time` (seconds), for the bot's `buttons` (their
words) and `metadata` (the reply contract, with the titles and addresses of its sources), and for a person's that says
where they are `emergency` (what to call there).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any

from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.engine.tracker_store import MESSAGE_ID
from bot.replies.reply import Kind, contract_metadata

PageMessage = dict[str, Any]
SUMMARY_URL = "/chat/summary"
"""Where the page of the last check-in is, to print or to show."""

MOST_RESTORED = 200
"""Messages that are drawn again after a reload; older ones stay on the server."""

Sources = Callable[[Mapping[str, Any]], list[dict[str, Any]]]
"""The sources of a reply by its metadata, each with title, publisher, year and url."""

EmergencyTold = Callable[[str], dict[str, str] | None]
"""What to call where a message says the person is: `say` and `number`; None when it says no place."""


class Names:
    """Gives the bot's messages their ids: made of what they follow and what they say.

    So a reply has the same id when it is fresh, when it comes late, and when it is read from the store, and a page
    that got it twice draws it once. The order does not count: a late reply stands in the store before the apology
    that was shown first.
    """

    def __init__(self, follows: str = "") -> None:
        self.follows = follows
        self._said: Counter[str] = Counter()

    def person(self, follows: str) -> None:
        """Start anew after a message of the person."""
        self.follows = follows
        self._said.clear()

    def of(self, text: str) -> str:
        """The id of the next message of the bot."""
        self._said[text] += 1
        return sha256(f"{self.follows}\n{self._said[text]}\n{text}".encode()).hexdigest()[:20]


def from_bot(
    message: Mapping[str, Any], names: Names, at: float | None = None, sources: Sources | None = None
) -> PageMessage:
    """A reply as a channel collects it, said at `at` (now when left out)."""
    metadata = dict(message.get("metadata") or {})
    if metadata.get("kind") == Kind.RESULT.value:
        metadata.setdefault("summary_url", SUMMARY_URL)
    if sources and metadata.get("sources"):
        metadata["sources"] = sources(metadata)
    return {
        "from": "bot",
        "id": names.of(message["text"]),
        "text": message["text"],
        "buttons": [str(button["title"]) for button in message.get("buttons") or []],
        "metadata": metadata,
        "time": time.time() if at is None else at,
    }


def from_person(
    text: str, page_id: str, at: float | None = None, emergency_told: EmergencyTold | None = None
) -> PageMessage:
    """What the person wrote, at `at` (now when left out)."""
    message = {"from": "person", "id": page_id, "text": text, "time": time.time() if at is None else at}
    emergency = emergency_told(text) if emergency_told else None
    return {**message, "emergency": emergency} if emergency else message


def restored(
    events: Iterable[Event], sources: Sources | None = None, emergency_told: EmergencyTold | None = None
) -> list[PageMessage]:
    """All that was said in a conversation, oldest first, at most MOST_RESTORED messages.

    By time: what was said while a turn took too long is written after it.
    """
    messages: list[PageMessage] = []
    names = Names()
    for event in events:
        if isinstance(event, UserUttered) and event.text:
            page_id = str((event.metadata or {}).get(MESSAGE_ID) or f"at-{event.timestamp}")
            names.person(page_id)
            messages.append(from_person(event.text, page_id, event.timestamp, emergency_told))
        elif isinstance(event, BotUttered) and event.text:
            buttons = (event.data or {}).get("buttons")
            metadata = contract_metadata(event.metadata or {})
            reply = {"text": event.text, "buttons": buttons, "metadata": metadata}
            messages.append(from_bot(reply, names, event.timestamp, sources))
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
