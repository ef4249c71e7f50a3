"""Trials: staff ask the running bot what it would say. The answer is real, and nothing of it is kept."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from rasa.core.agent import Agent
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard, Handler
from bot.erasing import ERASED_AGAIN, erase_conversation
from bot.records import records
from bot.safety.record import RED_FLAG
from bot.trial import may_begin

logger = logging.getLogger(__name__)

READING = "reading"
"""Where the reading stands in Rasa's parse data (bot/understanding/component.py)."""


class Trials:
    """Answers POST /webhooks/rest/trial with {"replies", "verdict", "reading"}."""

    def __init__(self, guard: Guard, channel: str) -> None:
        self._guard = guard
        self._channel = channel
        self._later: set[asyncio.Task[None]] = set()

    def serve(self, webhook: Blueprint, on_new_message: Handler) -> None:
        """Add the address to the channel's."""

        @webhook.route("/trial", methods=["POST"])
        async def try_out(request: Request) -> HTTPResponse:
            try:
                body = request.json
            except Exception:
                body = None
            conversation = body.get("sender") if isinstance(body, dict) else None
            message = body.get("message") if isinstance(body, dict) else None
            if not isinstance(conversation, str) or not isinstance(message, str) or not may_begin(conversation):
                return response.json({"error": "This is open to the staff console only."}, status=403)
            agent: Agent = request.app.ctx.agent
            try:
                replies = await self._guard.replies(on_new_message, message, conversation, self._channel, keeper=agent)
                return response.json({"replies": replies, **await _understood(agent, conversation)})
            finally:
                await self._forget(agent, conversation)
                self._again(agent, conversation)

    async def _forget(self, agent: Agent, conversation: str) -> None:
        self._guard.forget(conversation)
        try:
            await asyncio.to_thread(erase_conversation, conversation, agent.tracker_store, records())
        except Exception:
            logger.exception("A trial could not be erased; it goes with the conversations whose time is over.")

    def _again(self, agent: Agent, conversation: str) -> None:
        """Erase once more what a turn that was too slow has written since."""

        async def later() -> None:
            await asyncio.sleep(ERASED_AGAIN)
            await self._forget(agent, conversation)

        task = asyncio.ensure_future(later())
        self._later.add(task)
        task.add_done_callback(self._later.discard)


async def _understood(agent: Agent, conversation: str) -> dict[str, Any]:
    """What the bot made of the latest message; nothing when its turn failed."""
    tracker = await agent.tracker_store.retrieve(conversation)
    latest = tracker.latest_message if tracker is not None else None
    parsed: Any = (latest.parse_data if latest is not None else None) or {}
    return {"verdict": parsed.get(RED_FLAG), "reading": parsed.get(READING)}
