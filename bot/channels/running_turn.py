"""A turn on its way behind the guard: what it is about, how it ended, and what is written in its place."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import Event

from bot.channels.conversation_log import done, listening, said, told
from bot.channels.guard_words import Answer
from bot.channels.told_before import kept
from bot.engine.turn import Turn
from bot.replies.reply import Reply, contract_metadata

logger = logging.getLogger(__name__)

Message = dict[str, Any]


@dataclass
class RunningTurn:
    """A turn on its way, and what it is about."""

    turn: Turn
    message: UserMessage
    text: str
    asked_at: float
    work: Future[None]
    region: str | None = None
    verdict: Mapping[str, Any] | None = None
    screened: bool = False
    screened_with: Sequence[Any] = ()
    """What was told before, as it was known when the message was screened."""
    kept_quiet: bool = False
    """Staff answer this person, and the message was written down for them."""
    holder: str | None = None
    """Who of the staff answers this person."""

    @property
    def came_through(self) -> bool:
        """Whether the turn ended as it should, with something said."""
        ended = self.work.done() and not self.work.cancelled() and self.work.exception() is None
        return ended and not self.turn.failed and (self.kept_quiet or bool(self.message.output_channel.messages))


def exchange(
    running: RunningTurn,
    answer: Answer,
    messages: list[Message],
    at: float,
    beside: bool,
    slots: Mapping[str, Any],
    check_in: str | None,
) -> list[Event]:
    """The events of an exchange that the guard ended. `beside`: the person's message stands there already."""
    changes = answer.changes(slots, check_in)
    verdict = answer.verdict if answer.danger else None
    events: list[Event] = []
    if not beside:
        events = [
            told(running.message, verdict, running.asked_at),
            *kept(running.text, slots, running.asked_at),
        ]
    if answer.action is not None:
        events += done(answer.action, changes, ends_check_in=answer.danger)
    return [*events, *(said(message, at) for message in messages), listening()]


def as_message(reply: Reply, sender_id: str) -> Message:
    """A reply in the form in which Rasa's channels hand messages on."""
    fields = reply.as_message()
    message: Message = {"recipient_id": sender_id, "text": fields["text"]}
    if fields["buttons"]:
        message["buttons"] = fields["buttons"]
    message["metadata"] = contract_metadata(fields)
    return message


async def has_ended(work: Future[None], seconds: float) -> bool:
    """Whether work on the turn loop ends within `seconds`, well or badly. It is not stopped."""
    waiting = asyncio.wrap_future(work)
    await asyncio.wait({waiting}, timeout=seconds)
    if waiting.done() and not waiting.cancelled():
        waiting.exception()  # heard: note_failure logs it
    return work.done()


def note_failure(work: Future[None]) -> None:
    """Log why a turn failed; it is answered elsewhere."""
    if not work.cancelled() and work.exception() is not None:
        logger.error("A turn failed.", exc_info=work.exception())
