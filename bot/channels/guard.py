"""The guard that always answers: whatever breaks behind a channel, the person gets a useful reply."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage

from bot.channels.collector import ReplyCollector
from bot.replies.emergency_line import trouble_reply, warning_reply
from bot.replies.reply import Kind, Reply, contract_metadata
from bot.safety.record import INTERRUPTING
from bot.shared import safety_screen
from bot.understanding.plain_text import plain_text

logger = logging.getLogger(__name__)

Handler = Callable[[UserMessage], Awaitable[Any]]
Message = dict[str, Any]

LONGEST_MESSAGE = 5000
"""Characters of one message that are handed on; the screen reads the rest as well."""


class Guard:
    """Runs one turn and makes sure that it ends in a reply.

    `seconds` is the longest a turn may take. When a turn fails, says nothing or takes longer, the guard screens
    the message itself and answers with the right escalation, or with an apology and the ways to reach help.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        safety_screen()

    async def replies(
        self,
        handler: Handler,
        text: str,
        sender_id: str,
        channel: str,
        metadata: dict[str, Any] | None = None,
        region: str | None = None,
    ) -> list[Message]:
        """The replies to one message: at least one, and an escalation among them when the message is a danger.

        `region`: whose numbers the guard names when it answers by itself, where the channel knows it.
        """
        collector = ReplyCollector()
        message = UserMessage(
            plain_text(text)[:LONGEST_MESSAGE], collector, sender_id, input_channel=channel, metadata=metadata
        )
        finished = await self._run(handler, message)
        said = list(collector.messages)
        verdict_reply = None if finished and _check_in_answered(said) else self._escalation_if_due(text, said, region)
        if verdict_reply is not None:
            said.insert(0, self._as_message(verdict_reply, sender_id))
        if not said or not finished:
            if verdict_reply is None and not said:
                said.append(self._as_message(trouble_reply(region), sender_id))
            logger.error("The turn of a message did not end in a full reply; the guard answered.")
        return said

    async def _run(self, handler: Handler, message: UserMessage) -> bool:
        """Whether the turn came to its end in time. It is left to finish, so that the conversation is kept."""
        turn = asyncio.ensure_future(handler(message))
        turn.add_done_callback(_note_failure)
        try:
            await asyncio.wait_for(asyncio.shield(turn), self._seconds)
        except asyncio.TimeoutError:
            return False
        except Exception:
            return False
        return True

    @staticmethod
    def _escalation_if_due(text: str, said: list[Message], region: str | None) -> Reply | None:
        """The escalation or check question that is missing from what was said, if any."""
        try:
            verdict = safety_screen().screen(text)
        except Exception:
            logger.exception("The safety screen failed on a message.")
            return None
        if verdict.level not in INTERRUPTING:
            return None
        if any(message["metadata"].get("kind") == Kind.ESCALATION.value for message in said):
            return None
        if not verdict.sure and any(message["metadata"].get("category") for message in said):
            return None
        return warning_reply(verdict, region)

    @staticmethod
    def _as_message(reply: Reply, sender_id: str) -> Message:
        fields = reply.as_message()
        message: Message = {"recipient_id": sender_id, "text": fields["text"]}
        if fields["buttons"]:
            message["buttons"] = fields["buttons"]
        message["metadata"] = contract_metadata(fields)
        return message


def _check_in_answered(said: list[Message]) -> bool:
    """Whether the running check-in took the message in: an answer on its screen may name a danger sign."""
    return any(message["metadata"].get("kind") == Kind.QUESTION.value for message in said)


def _note_failure(turn: asyncio.Future[Any]) -> None:
    if not turn.cancelled() and turn.exception() is not None:
        logger.error("A turn failed.", exc_info=turn.exception())
