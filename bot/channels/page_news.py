"""New messages for open pages, as server-sent events: late replies, other tabs, staff."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel
from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard
from bot.channels.page_answers import Answers, mark_of
from bot.channels.page_talk import Talk
from bot.channels.streams import Listener, Streams, after, as_event

STREAM_PAUSES = (2.0, 3.0, 5.0, 8.0, 10.0)
"""Seconds between two looks of an open page into its conversation, for what another process wrote; longer in a lull."""


class News:
    """Tells open pages what is new in their conversation."""

    def __init__(self, answers: Answers, guard: Guard, talk: Talk, streams: Streams) -> None:
        self._answers = answers
        self._guard = guard
        self._talk = talk
        self._streams = streams

    async def events(self, request: Request) -> HTTPResponse | None:
        """The stream of one page, as long as it is open."""
        conversation = self._answers.known_conversation(request)
        if conversation is None:
            return response.empty(headers=self._answers.headers())  # a browser does not come back after 204
        listener = self._streams.open(conversation)
        if listener is None:
            return self._answers.problem("too_many_windows", 503)
        try:
            headers = {**self._answers.headers(), "X-Accel-Buffering": "no"}
            stream = await request.respond(content_type="text/event-stream; charset=utf-8", headers=headers)
            last = request.headers.get("last-event-id") or request.args.get("after")
            await self._follow(request, stream, conversation, listener, last)
            await stream.eof()
        finally:
            self._streams.close(conversation, listener)
        return None

    async def _follow(
        self, request: Request, stream: Any, conversation: str, listener: Listener, last: str | None
    ) -> None:
        """Send what follows the message `last`, then all that is new, until the page or the server goes away."""
        messages = await self._talk.said(request, conversation)
        known = {message["id"] for message in messages}
        await stream.send("retry: 3000\n\n")
        if request.args.get("talk") not in (None, mark_of(conversation)):
            await stream.send("event: renew\ndata: {}\n\n")
        if missed := after(messages, last):
            await stream.send(as_event(missed))
        lull = 0
        while not listener.closed:
            news = await listener.news(STREAM_PAUSES[min(lull, len(STREAM_PAUSES) - 1)])
            if news is None:
                news = await self._talk.said(request, conversation)
                self._guard.all_seen(conversation)  # what came late is shown here, not with the next reply
            fresh = [message for message in news if message["id"] not in known]
            known.update(message["id"] for message in fresh)
            lull = 0 if fresh else lull + 1
            # a comment keeps the line open, and shows whether anybody still listens
            await stream.send(as_event(fresh) if fresh else ":\n\n")


class PageOutput(OutputChannel):
    """Tells open pages that something was said outside a turn; they read it from the conversation."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa's records."""
        return "web"

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Note that there is news."""
        self._streams.tell(recipient_id, None)
