"""Rasa's REST channel, with whole replies, the reply contract, and the guard that always answers."""

from __future__ import annotations

import logging
import uuid
from typing import Any

from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.conversation_log import Keeper
from bot.channels.guard import Guard, Handler
from bot.channels.staff_delivery import StaffDelivery
from bot.channels.staff_words import as_message, write_from_staff
from bot.channels.trials import Trials
from bot.desk.messages import ToDeliver
from bot.engine.tracker_store import MESSAGE_ID
from bot.engine.turn_loop import turn_loop
from bot.settings import settings

logger = logging.getLogger(__name__)

LONGEST_ID = 64
"""Characters of the id that a program may give to its message."""


class GuardedRest(RestInput):
    """Answers POST /webhooks/rest/webhook with a list of replies: recipient_id, text, buttons, metadata."""

    def __init__(self) -> None:
        self._guard = Guard(settings().turn_seconds)

    async def _from_staff(self, sender: str, keeper: Keeper) -> list[dict[str, Any]]:
        """What staff said since the last request: over REST nothing can be sent but with an answer."""

        async def deliver(message: ToDeliver) -> str | None:
            await turn_loop().run(write_from_staff(keeper, message))
            return None

        try:
            said = await StaffDelivery([self.name()], deliver).deliver_next(only=sender)
        except Exception as error:
            logger.warning("What staff say cannot be looked up (%s).", type(error).__name__)
            return []
        return [as_message(message) for message in said]

    @classmethod
    def name(cls) -> str:
        """The same address as Rasa's own REST channel."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GuardedRest:
        """Rasa's constructor."""
        return cls()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The channel's addresses."""
        webhook = Blueprint("rest_webhook")

        @webhook.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = request.json
            except Exception:
                body = None
            if not isinstance(body, dict) or not isinstance(body.get("message"), str):
                problem = 'Send JSON such as {"sender": "any-id", "message": "my foot bounces"}.'
                return response.json({"error": problem}, status=400)
            # a missing sender gets a conversation of its own; Rasa would share one called "default"
            sender = str(body.get("sender") or uuid.uuid4().hex)
            metadata = dict(body["metadata"]) if isinstance(body.get("metadata"), dict) else {}
            # under the same id a message is answered once, also when a proxy hands it to another server
            name = body.get("id") or request.headers.get("x-request-id")
            if isinstance(name, str) and 0 < len(name) <= LONGEST_ID:
                metadata[MESSAGE_ID] = name
            keeper = request.app.ctx.agent
            replies = await self._guard.replies(
                on_new_message, body["message"], sender, self.name(), metadata, keeper=keeper
            )
            return response.json([*await self._from_staff(sender, keeper), *replies])

        Trials(self._guard, self.name()).serve(webhook, on_new_message)
        return webhook
