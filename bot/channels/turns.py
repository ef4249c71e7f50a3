"""Each message of a person is one turn, however often the browser sends it; all its open pages hear of it."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable

from rasa.core.channels.channel import UserMessage

from bot.channels.conversation_log import Keeper
from bot.channels.guard import Guard, Handler
from bot.channels.page_messages import EmergencyTold, Names, PageMessage, Sources, from_bot, from_person
from bot.channels.streams import Streams
from bot.engine.tracker_store import MESSAGE_ID

TURNS_REMEMBERED = 500
"""Latest turns whose replies are kept, so that a message sent again after a lost connection is not said twice."""

Earlier = Callable[[], Awaitable[list[PageMessage]]]
"""Looks up the replies that a message already got, in this process or in another."""


class Turns:
    """The turns of one process."""

    def __init__(
        self, guard: Guard, streams: Streams, channel: str, sources: Sources, emergency_told: EmergencyTold
    ) -> None:
        self._guard = guard
        self._streams = streams
        self._channel = channel
        self._sources = sources
        self._emergency_told = emergency_told
        self._turns: OrderedDict[tuple[str, str], asyncio.Future[list[PageMessage]]] = OrderedDict()
        self._running: Counter[str] = Counter()

    def is_known(self, conversation: str, page_id: str) -> bool:
        """Whether this process heard the message before."""
        return (conversation, page_id) in self._turns

    def is_running(self, conversation: str) -> bool:
        """Whether a turn of the conversation has not come to its end, answered or not."""
        return self._running[conversation] > 0

    def forget(self, conversation: str) -> None:
        """Drop the replies kept for a conversation."""
        for key in [key for key in self._turns if key[0] == conversation]:
            del self._turns[key]

    async def say_once(
        self,
        handler: Handler,
        text: str,
        conversation: str,
        page_id: str,
        earlier: Earlier | None,
        *,
        keeper: Keeper | None = None,
    ) -> list[PageMessage]:
        """The replies to a message that may be sent more than once: by a retry, or by a browser that hung up."""
        key = (conversation, page_id)
        turn = self._turns.get(key)
        if turn is None and earlier:
            said = await earlier()
            if said:
                return said
            turn = self._turns.get(key)
        if turn is None:
            turn = asyncio.ensure_future(self._say(handler, text, conversation, page_id, keeper))
            self._turns[key] = turn
            turn.add_done_callback(lambda done: self._forget_failure(key, done))
            while len(self._turns) > TURNS_REMEMBERED:
                self._turns.popitem(last=False)
        # a browser that hangs up cancels this request, never the turn
        return await asyncio.shield(turn)

    def _forget_failure(self, key: tuple[str, str], turn: asyncio.Future[list[PageMessage]]) -> None:
        """A turn that failed may be tried again."""
        if turn.cancelled() or turn.exception() is not None:
            self._turns.pop(key, None)

    async def _say(
        self, handler: Handler, text: str, conversation: str, page_id: str, keeper: Keeper | None
    ) -> list[PageMessage]:
        asked = from_person(text, page_id, emergency_told=self._emergency_told)
        loop = asyncio.get_running_loop()
        answered = False

        def ended() -> None:
            self._running[conversation] -= 1
            if not self._running[conversation]:
                del self._running[conversation]
            if answered:  # too late for the answer to this request: open pages look for what came of it
                self._streams.tell(conversation, None)

        async def noted(message: UserMessage) -> None:
            try:
                await handler(message)
            finally:
                loop.call_soon_threadsafe(ended)  # the guard may run turns in a thread of their own

        self._running[conversation] += 1
        metadata = {MESSAGE_ID: page_id}
        said = await self._guard.replies(noted, text, conversation, self._channel, metadata, keeper=keeper)
        answered = True
        names = Names(page_id)
        replies = [from_bot(message, names, sources=self._sources) for message in said]
        self._streams.tell(conversation, [asked, *replies])
        return replies
