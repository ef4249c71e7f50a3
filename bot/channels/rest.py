"""Rasa's REST channel, with whole replies, the reply contract, and the guard that always answers."""

from __future__ import annotations

import uuid
from typing import Any

from rasa.core.channels.rest import RestInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard, Handler
from bot.channels.trials import Trials
from bot.settings import settings


class GuardedRest(RestInput):
    """Answers POST /webhooks/rest/webhook with a list of replies: recipient_id, text, buttons, metadata."""

    def __init__(self) -> None:
        self._guard = Guard(settings().turn_seconds)

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
            metadata = body.get("metadata") if isinstance(body.get("metadata"), dict) else None
            replies = await self._guard.replies(
                on_new_message, body["message"], sender, self.name(), metadata, keeper=request.app.ctx.agent
            )
            return response.json(replies)

        Trials(self._guard, self.name()).serve(webhook, on_new_message)
        return webhook
