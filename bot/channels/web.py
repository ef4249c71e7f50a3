"""The chat page: a Rasa channel that serves the page and answers it."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard, Handler
from bot.channels.page_files import SECURITY_HEADERS, load_page, load_static_files
from bot.channels.page_messages import MESSAGE_ID, PageMessage, from_bot, replies_to, restored
from bot.channels.sessions import SECONDS_REMEMBERED, Sessions, signing_key
from bot.channels.summary_page import STYLE, empty_page, summary_page
from bot.replies.content import content
from bot.replies.fixed import fixed_reply
from bot.replies.where import filled
from bot.settings import settings

logger = logging.getLogger(__name__)

PREFIX = "/chat"
COOKIE = "clonus_chat"
LONGEST_TEXT = 20_000
"""Characters of one message that are taken in."""
LONGEST_ID = 64
TURNS_REMEMBERED = 500
"""Latest turns whose replies are kept, so that a message sent again after a lost connection is not said twice."""

EARLIER_SECONDS = 0.5
"""Longest wait for what was said earlier, when a message comes again: its answer must not be late for that."""

TOO_LONG = "That message is too long for me. Please send it in shorter parts."
NOT_TEXT = "I could not read that message. Please type it again."
NOT_FROM_HERE = "This request did not come from the chat page."
NO_HISTORY = "I cannot show what we wrote before. You can still write to me."


class WebPage(InputChannel):
    """Serves GET /chat (the page) and its data:

    POST /chat/messages {"text", "id"?, "again"?} -> {"replies": [message]}; `id` is any text that names this message,
    `again` says that it may have arrived before.
    GET /chat/greeting -> {"replies": [message]}, GET /chat/history -> {"messages": [message]},
    GET /chat/summary (the last check-in on one page, to print), POST /chat/restart -> {} and a new, empty conversation.
    """

    def __init__(self) -> None:
        here = settings()
        self._guard = Guard(here.turn_seconds)
        self._sessions = Sessions(signing_key(here.cookie_secret))
        self._files = load_static_files()
        self._page = load_page(self._files, filled(content(), "{emergency}", None), other_help())
        self._turns: OrderedDict[tuple[str, str], asyncio.Future[list[PageMessage]]] = OrderedDict()

    @classmethod
    def name(cls) -> str:
        """The channel's name in Rasa's records."""
        return "web"

    def url_prefix(self) -> str:
        """An absolute address, so that the page is not below /webhooks/."""
        return PREFIX

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebPage:
        """Rasa's constructor."""
        return cls()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The channel's addresses."""
        chat = Blueprint("chat_page")

        @chat.route("/", methods=["GET"])
        async def page(request: Request) -> HTTPResponse:
            answer = response.raw(self._page, content_type="text/html; charset=utf-8")
            return self._private(request, answer, self._conversation(request), renew=True)

        @chat.route("/static/<name:str>", methods=["GET"])
        async def static(request: Request, name: str) -> HTTPResponse:
            return self._static(request, name)

        @chat.route("/messages", methods=["POST"])
        async def messages(request: Request) -> HTTPResponse:
            return await self._messages(request, on_new_message)

        @chat.route("/greeting", methods=["GET"])
        async def greeting(request: Request) -> HTTPResponse:
            reply = fixed_reply(content(), "greeting", None).as_message()
            kind = {"kind": reply["kind"]}
            body = {"replies": [from_bot({"text": reply["text"], "buttons": reply["buttons"], "metadata": kind})]}
            return self._private(request, response.json(body), self._conversation(request))

        @chat.route("/history", methods=["GET"])
        async def history(request: Request) -> HTTPResponse:
            return await self._history(request)

        @chat.route("/summary", methods=["GET"])
        async def summary(request: Request) -> HTTPResponse:
            return await self._summary(request)

        @chat.route("/restart", methods=["POST"])
        async def restart(request: Request) -> HTTPResponse:
            if not _own_page(request):
                return _refused()
            return self._private(request, response.json({}), self._sessions.new())

        return chat

    async def _messages(self, request: Request, handler: Handler) -> HTTPResponse:
        if not _own_page(request):
            return _refused()
        try:
            body = request.json
        except Exception:
            body = None
        text = body.get("text") if isinstance(body, dict) else None
        if not isinstance(body, dict) or not isinstance(text, str) or not text.strip():
            return _problem(NOT_TEXT, 400)
        if len(text) > LONGEST_TEXT:
            return _problem(TOO_LONG, 413)
        conversation = self._conversation(request)
        page_id = body.get("id")
        if not isinstance(page_id, str) or not 0 < len(page_id) <= LONGEST_ID:
            replies = await self._say(request, handler, text, conversation, None)
        else:
            replies = await self._say_once(request, handler, text, conversation, page_id, bool(body.get("again")))
        return self._private(request, response.json({"replies": replies}), conversation)

    async def _say_once(
        self, request: Request, handler: Handler, text: str, conversation: str, page_id: str, again: bool
    ) -> list[PageMessage]:
        """The replies to a message that may be sent more than once: by a retry, or by a browser that hung up."""
        key = (conversation, page_id)
        turn = self._turns.get(key)
        if turn is None and again:
            earlier = replies_to(page_id, await self._said(request, conversation))
            if earlier:
                return earlier
            turn = self._turns.get(key)
        if turn is None:
            turn = asyncio.ensure_future(self._say(request, handler, text, conversation, page_id))
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
        self, request: Request, handler: Handler, text: str, conversation: str, page_id: str | None
    ) -> list[PageMessage]:
        metadata = {MESSAGE_ID: page_id} if page_id else None
        keeper = request.app.ctx.agent
        said = await self._guard.replies(handler, text, conversation, self.name(), metadata, keeper=keeper)
        return [from_bot(message) for message in said]

    async def _history(self, request: Request) -> HTTPResponse:
        conversation = self._conversation(request)
        try:
            messages = await self._restored(request, conversation)
        except Exception:
            logger.exception("A conversation could not be read.")
            return _problem(NO_HISTORY, 503)
        self._guard.all_seen(conversation)
        return self._private(request, response.json({"messages": messages}), conversation)

    async def _summary(self, request: Request) -> HTTPResponse:
        """The last check-in of this browser's conversation on one page, to print or to show."""
        conversation = self._conversation(request)
        addresses = {"back": f"{PREFIX}/", "style": f"{PREFIX}/static/{STYLE}?v={self._files[STYLE].version}"}
        try:
            tracker = await request.app.ctx.agent.tracker_store.retrieve(conversation)
        except Exception:
            logger.exception("A conversation could not be read.")
            return _problem(NO_HISTORY, 503)
        page = summary_page(tracker.get_slot("interview") if tracker else None, **addresses)
        answer = response.html(page or empty_page(**addresses), status=200 if page else 404)
        return self._private(request, answer, conversation)

    async def _said(self, request: Request, conversation: str) -> list[PageMessage]:
        """What was said so far; nothing when it cannot be read, for an answer given twice is better than none."""
        try:
            return await asyncio.wait_for(self._restored(request, conversation), EARLIER_SECONDS)
        except Exception:
            logger.exception("A conversation could not be read.")
            return []

    async def _restored(self, request: Request, conversation: str) -> list[PageMessage]:
        return restored(await self._guard.history(request.app.ctx.agent, conversation))

    def _static(self, request: Request, name: str) -> HTTPResponse:
        file = self._files.get(name)
        if file is None:
            return _problem("There is no such file.", 404)
        headers = {**SECURITY_HEADERS, "Vary": "Accept-Encoding"}
        newest = request.args.get("v") == file.version
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if newest else "no-cache"
        body = file.body
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = file.packed
        return response.raw(body, content_type=file.content_type, headers=headers)

    def _conversation(self, request: Request) -> str:
        """The conversation of this browser; a new one when its cookie is missing, forged or too old."""
        return self._sessions.opened(request.cookies.get(COOKIE)) or self._sessions.new()

    def _private(
        self, request: Request, answer: HTTPResponse, conversation: str, *, renew: bool = False
    ) -> HTTPResponse:
        """Add what every answer to one person needs: no copies on the way, the security headers, and their cookie.

        The cookie is set where the browser has another one or none, or to `renew` its date. Never otherwise: a slow
        answer that arrives after "Start again" would bring the old conversation back.
        """
        answer.headers.update(SECURITY_HEADERS)
        answer.headers["Cache-Control"] = "no-store"
        if not renew and self._sessions.opened(request.cookies.get(COOKIE)) == conversation:
            return answer
        answer.cookies[COOKIE] = self._sessions.sealed(conversation)
        answer.cookies[COOKIE].update({"path": PREFIX, "max-age": SECONDS_REMEMBERED, "httponly": True})
        answer.cookies[COOKIE]["samesite"] = "Lax"
        if _is_https(request):
            answer.cookies[COOKIE]["secure"] = True
        return answer


def other_help() -> str:
    """How to get help without the chat: the service's own contact, and whom to ask for health advice."""
    ways = [settings().human_contact, filled(content(), "For health advice: {health_advice}.", None).replace("..", ".")]
    return " ".join(way for way in ways if way)


def _is_https(request: Request) -> bool:
    """Whether the browser came by https, also to a proxy in front. Believing a false claim only costs its sender."""
    proto: str = request.headers.get("x-forwarded-proto", request.scheme)
    return proto.split(",")[0].strip().lower() == "https"


def _own_page(request: Request) -> bool:
    """Whether a POST came from our page and not from another site in the same browser.

    JSON alone keeps plain forms out. Beyond that, browsers say where a request comes from: in Sec-Fetch-Site over
    https and on this machine, in Origin everywhere. A program that is not a browser says neither and is let in.
    """
    content_type: str = request.headers.get("content-type", "")
    if content_type.split(";")[0].strip().lower() != "application/json":
        return False
    site: str | None = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin: str | None = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def _refused() -> HTTPResponse:
    return _problem(NOT_FROM_HERE, 403)


def _problem(words: str, status: int) -> HTTPResponse:
    return response.json({"error": words}, status=status, headers={**SECURITY_HEADERS, "Cache-Control": "no-store"})
