"""Open pages that are told of new messages: who listens to which conversation, and how much is too much."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import Any

from bot.channels.page_messages import PageMessage

MOST_A_CONVERSATION = 4
"""Open pages of one conversation that are kept up to date; a browser has few connections to share among them."""
MOST_WAITING = 100
"""Messages kept for a page that does not take them; then it is told to look again by itself."""


class Listener:
    """One open page. `news` brings what it must be told."""

    def __init__(self) -> None:
        self._news: asyncio.Queue[list[PageMessage] | None] = asyncio.Queue(MOST_WAITING)
        self.closed = False

    async def news(self, seconds: float) -> list[PageMessage] | None:
        """New messages; None to look into the conversation, because it changed or because `seconds` went by."""
        try:
            return await asyncio.wait_for(self._news.get(), seconds)
        except asyncio.TimeoutError:
            return None

    def tell(self, messages: list[PageMessage] | None) -> None:
        """Hand over new messages; None says that the conversation changed."""
        if self._news.full():
            while not self._news.empty():
                self._news.get_nowait()
            messages = None
        self._news.put_nowait(messages)


class Streams:
    """The open pages of one process. All methods belong to the event loop."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._listeners: dict[str, list[Listener]] = defaultdict(list)

    def open(self, conversation: str) -> Listener | None:
        """A new listener, to be given back with `close`; None when there are too many."""
        here = self._listeners.get(conversation, [])
        if len(here) >= MOST_A_CONVERSATION or sum(map(len, self._listeners.values())) >= self._most:
            return None
        listener = Listener()
        self._listeners[conversation].append(listener)
        return listener

    def close(self, conversation: str, listener: Listener) -> None:
        """Forget a listener."""
        listener.closed = True
        self._listeners[conversation].remove(listener)
        if not self._listeners[conversation]:
            del self._listeners[conversation]

    def tell(self, conversation: str, messages: list[PageMessage] | None) -> None:
        """Hand new messages to every open page of a conversation; None says only that something changed."""
        for listener in self._listeners.get(conversation, []):
            listener.tell(messages)

    def close_all(self) -> None:
        """End every stream, so that a server that stops need not wait for them."""
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.closed = True
                listener.tell(None)


def as_event(messages: list[PageMessage]) -> str:
    """Messages that came together as one server-sent event, named by the last. JSON keeps line breaks out of it.

    One event, so that a page draws them at once and shows their beginning, not the last of them.
    """
    return f"id: {messages[-1]['id']}\ndata: {json.dumps(messages)}\n\n"


def after(messages: list[PageMessage], last: str | None) -> list[PageMessage]:
    """What follows the message `last`; everything when it is not among them."""
    ids: list[Any] = [message["id"] for message in messages]
    return messages[ids.index(last) + 1 :] if last in ids else messages
