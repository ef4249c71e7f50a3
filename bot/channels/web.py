"""The chat page: a Rasa channel that serves the page and answers it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard, Handler
from bot.channels.limits import Rate
from bot.channels.page_files import EMBED_FILE, StaticFile, allowed_origins, load_page, paragraphs, security_headers
from bot.channels.page_messages import Names, PageMessage, from_bot, replies_to, restored
from bot.channels.sessions import COOKIE, FRAMED_COOKIE, Sessions, cookie_header, signing_key
from bot.channels.streams import Listener, Streams, after, as_event
from bot.channels.summary_page import STYLE, empty_page, summary_page
from bot.channels.turns import Turns
from bot.erasing import ERASED_AGAIN, erase_before, erase_conversation
from bot.records import records
from bot.replies.content import content
from bot.replies.fixed import fixed_reply
from bot.replies.where import filled
from bot.safety.record import INTERRUPTING
from bot.settings import settings
from bot.shared import safety_screen
from knowledge.page_words import load_page_words

logger = logging.getLogger(__name__)

PREFIX = "/chat"
LONGEST_TEXT = 20_000
"""Characters of one message that are taken in."""
LONGEST_BODY = 8 * LONGEST_TEXT
"""Bytes of one request that are read; a character of JSON may take six."""
LONGEST_ID = 64
STREAM_PAUSES = (2.0, 3.0, 5.0, 8.0, 10.0)
"""Seconds between two looks of an open page into its conversation, for what another process wrote; longer in a lull."""
EARLIER_SECONDS = 0.5
"""Longest wait for what was said earlier, when a message comes again: its answer must not be late for that."""
CLEANING_PAUSE = 3600.0
"""Seconds between two searches for conversations whose time is over."""


class WebPage(InputChannel):
    """Serves GET /chat (the page), GET /chat/embed.js (the chat on another site), and the page's data:

    POST /chat/messages {"text", "id"?, "again"?, "consent"?} -> {"replies": [message]}; `id` is any text that names
    this message, `again` says that it may have arrived before, `consent` names the first words the person saw.
    GET /chat/greeting -> {"replies": [message], "consent"}
    GET /chat/history?after=ID -> {"messages": [message], "talk", "kept"}: what follows the message ID, or all; `talk`
    marks the conversation, as it does in the answer to a message; `kept`: the browser keeps its cookie.
    GET /chat/summary (the last check-in on one page, to print).
    GET /chat/events?after=ID&talk=MARK -> new messages as server-sent events; `renew` when the mark is another's.
    POST /chat/helpful {"id", "helpful"}, /chat/restart, /chat/forget, /chat/end -> {}.
    Requests of a page inside another site's page have `framed=1` and a cookie of their own.
    """

    def __init__(self) -> None:
        here = settings()
        self._words = page_words()
        self._sessions = Sessions(signing_key(here.cookie_secret))
        self._page = load_page(self._words, PREFIX, filled(content(), "{emergency}", None), other_ways(self._words))
        self._ancestors = allowed_origins(here.embed_origins)
        self._streams = Streams(here.live_streams)
        self._guard = Guard(here.turn_seconds)
        self._turns = Turns(self._guard, self._streams, self.name(), cited)
        self._rate = Rate(here.messages_a_minute)
        self._consent = sha256(self._words["first_words"].encode()).hexdigest()[:12]
        self._tasks: set[asyncio.Future[Any]] = set()

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

    def get_output_channel(self) -> OutputChannel:
        """For what is said outside a turn, such as a message of staff put into the tracker over Rasa's own API."""
        return PageOutput(self._streams)

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The channel's addresses."""
        chat = Blueprint("chat_page")

        @chat.route("/", methods=["GET"])
        async def page(request: Request) -> HTTPResponse:
            answer = _sent(request, self._page.html, {})
            ancestors = self._ancestors if _framed(request) else "'none'"
            return self._private(request, answer, self._conversation(request), renew=True, ancestors=ancestors)

        @chat.route(f"/{EMBED_FILE}", methods=["GET"])
        async def embed(request: Request) -> HTTPResponse:
            return self._file(request, EMBED_FILE, "public, max-age=300", "cross-origin")

        @chat.route("/static/<version:str>/<name:str>", methods=["GET"])
        async def static(request: Request, version: str, name: str) -> HTTPResponse:
            newest = version == self._page.version
            return self._file(request, name, "public, max-age=31536000, immutable" if newest else "no-cache")

        @chat.route("/greeting", methods=["GET"])
        async def greeting(request: Request) -> HTTPResponse:
            body = {"replies": self._greeting(), "consent": self._consent}
            return self._private(request, response.json(body), self._conversation(request))

        @chat.route("/history", methods=["GET"])
        async def history(request: Request) -> HTTPResponse:
            return await self._history(request)

        @chat.route("/summary", methods=["GET"])
        async def summary(request: Request) -> HTTPResponse:
            return await self._summary(request)

        @chat.route("/events", methods=["GET"])
        async def events(request: Request) -> HTTPResponse | None:
            return await self._events(request)

        @chat.route("/messages", methods=["POST"], stream=True)
        async def messages(request: Request) -> HTTPResponse:
            return await self._messages(request, on_new_message)

        @chat.route("/helpful", methods=["POST"], stream=True)
        async def helpful(request: Request) -> HTTPResponse:
            return await self._helpful(request)

        @chat.route("/restart", methods=["POST"])
        async def restart(request: Request) -> HTTPResponse:
            if not _own_page(request):
                return self._refused()
            return self._private(request, response.json({}), self._sessions.new())

        @chat.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            return await self._forget(request)

        @chat.route("/end", methods=["POST"])
        async def end(request: Request) -> HTTPResponse:
            if not _own_page(request):
                return self._refused()
            return self._private(request, response.json({}), None)

        @chat.listener("after_server_start")
        async def keep_clean(app: Any, _: Any) -> None:
            self._in_background(self._clean(app))

        @chat.listener("before_server_stop")
        async def hang_up(_app: Any, _: Any) -> None:
            self._streams.close_all()
            for task in self._tasks:
                task.cancel()

        return chat

    # --- messages ---

    async def _messages(self, request: Request, handler: Handler) -> HTTPResponse:
        if not _own_page(request):
            return self._refused()
        body = await _body(request)
        if body is None:
            return self._problem("too_long", 413)
        text = body.get("text")
        if not isinstance(text, str) or not text.strip():
            return self._problem("not_text", 400)
        if len(text) > LONGEST_TEXT:
            return self._problem("too_long", 413)
        conversation = self._conversation(request)
        page_id = body.get("id")
        if not isinstance(page_id, str) or not 0 < len(page_id) <= LONGEST_ID:
            page_id = self._sessions.new()
        if not self._turns.is_known(conversation, page_id):
            wait = self._rate.take(conversation)
            if wait and not _is_danger(text):
                answer = self._problem("too_fast", 429)
                answer.headers["Retry-After"] = str(int(wait) + 1)
                return answer
        if body.get("consent") == self._consent:
            records().consent(conversation, self._consent, self._words["first_words"])

        async def earlier() -> list[PageMessage]:
            return replies_to(page_id, await self._said(request, conversation))

        again = earlier if body.get("again") else None
        replies = await self._turns.say_once(handler, text, conversation, page_id, again, keeper=request.app.ctx.agent)
        return self._private(request, response.json({"replies": replies, "talk": _mark(conversation)}), conversation)

    def _greeting(self) -> list[PageMessage]:
        names = Names()
        reply = fixed_reply(content(), "greeting", None).as_message()
        first = {"text": self._words["first_words"], "metadata": {"kind": "notice"}}
        greeting = {"text": reply["text"], "buttons": reply["buttons"], "metadata": {"kind": reply["kind"]}}
        return [from_bot(first, names), from_bot(greeting, names)]

    async def _history(self, request: Request) -> HTTPResponse:
        kept = self._known_conversation(request)
        conversation = kept or self._sessions.new()
        try:
            messages = await self._restored(request, conversation)
        except Exception:
            logger.exception("A conversation could not be read.")
            return self._problem("no_history", 503)
        self._guard.all_seen(conversation)
        messages = after(messages, request.args.get("after"))
        body = {"messages": messages, "talk": _mark(conversation), "kept": kept is not None}
        return self._private(request, response.json(body), conversation)

    async def _said(self, request: Request, conversation: str) -> list[PageMessage]:
        """What was said so far; nothing when it cannot be read, for an answer given twice is better than none."""
        try:
            return await asyncio.wait_for(self._restored(request, conversation), EARLIER_SECONDS)
        except Exception:
            logger.exception("A conversation could not be read.")
            return []

    async def _restored(self, request: Request, conversation: str) -> list[PageMessage]:
        return restored(await self._guard.history(request.app.ctx.agent, conversation), cited)

    async def _summary(self, request: Request) -> HTTPResponse:
        """The last check-in of this browser's conversation on one page, to print or to show."""
        conversation = self._conversation(request)
        framed = _framed(request)
        addresses = {
            "back": f"{PREFIX}/{'?framed=1' if framed else ''}",
            "style": f"{PREFIX}/static/{self._page.version}/{STYLE}",
        }
        try:
            tracker = await request.app.ctx.agent.tracker_store.retrieve(conversation)
        except Exception:
            logger.exception("A conversation could not be read.")
            return self._problem("no_history", 503)
        page = summary_page(tracker.get_slot("interview") if tracker else None, **addresses)
        answer = response.html(page or empty_page(**addresses), status=200 if page else 404)
        ancestors = self._ancestors if framed else "'none'"
        return self._private(request, answer, conversation, ancestors=ancestors)

    async def _helpful(self, request: Request) -> HTTPResponse:
        if not _own_page(request):
            return self._refused()
        body = await _body(request) or {}
        conversation = self._conversation(request)
        said = {each["id"]: each for each in await self._said(request, conversation) if each["from"] == "bot"}
        message = said.get(str(body.get("id")))
        if message is None or not isinstance(body.get("helpful"), bool):
            return self._problem("helpful_failed", 400)
        about = message["metadata"].get("topic") or message["metadata"].get("kind", "")
        records().helpful(conversation, message["id"], body["helpful"], about, message["text"])
        return self._private(request, response.json({}), conversation)

    # --- new messages, told to open pages ---

    async def _events(self, request: Request) -> HTTPResponse | None:
        conversation = self._known_conversation(request)
        if conversation is None:
            return response.empty(headers=self._headers())  # a browser does not come back after 204
        listener = self._streams.open(conversation)
        if listener is None:
            return self._problem("too_many_windows", 503)
        try:
            headers = {**self._headers(), "X-Accel-Buffering": "no"}
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
        messages = await self._said(request, conversation)
        known = {message["id"] for message in messages}
        await stream.send("retry: 3000\n\n")
        if request.args.get("talk") not in (None, _mark(conversation)):
            await stream.send("event: renew\ndata: {}\n\n")
        for message in after(messages, last):
            await stream.send(as_event(message))
        lull = 0
        while not listener.closed:
            news = await listener.news(STREAM_PAUSES[min(lull, len(STREAM_PAUSES) - 1)])
            if news is None:
                news = await self._said(request, conversation)
                self._guard.all_seen(conversation)  # what came late is shown here, not with the next reply
            fresh = [message for message in news if message["id"] not in known]
            known.update(message["id"] for message in fresh)
            lull = 0 if fresh else lull + 1
            # a comment keeps the line open, and shows whether anybody still listens
            await stream.send("".join(map(as_event, fresh)) or ":\n\n")

    # --- forgetting ---

    async def _forget(self, request: Request) -> HTTPResponse:
        if not _own_page(request):
            return self._refused()
        conversation = self._known_conversation(request)
        if conversation is not None:
            store = request.app.ctx.agent.tracker_store
            try:
                await asyncio.to_thread(erase_conversation, conversation, store, records())
            except Exception:
                logger.exception("A conversation could not be erased.")
                return self._problem("not_cleared", 503)
            self._turns.forget(conversation)
            self._guard.forget(conversation)
            self._in_background(self._forget_again(conversation, store))
        return self._private(request, response.json({}), self._sessions.new())

    async def _forget_again(self, conversation: str, store: Any) -> None:
        """Erase what a turn or a record that was on its way has written since."""
        await asyncio.sleep(ERASED_AGAIN)
        while self._turns.is_running(conversation):
            await asyncio.sleep(1.0)
        await asyncio.to_thread(erase_conversation, conversation, store, records())

    async def _clean(self, app: Any) -> None:
        """Delete, now and every hour, what is older than the setting allows."""
        while True:
            limit = datetime.now(timezone.utc) - timedelta(days=settings().keep_days)
            try:
                await asyncio.to_thread(erase_before, limit, app.ctx.agent.tracker_store, records())
            except Exception:
                logger.exception("Old conversations could not be deleted.")
            await asyncio.sleep(CLEANING_PAUSE)

    def _in_background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- what every answer needs ---

    def _file(self, request: Request, name: str, cache: str, policy: str = "same-origin") -> HTTPResponse:
        file = self._page.files.get(name)
        if file is None:
            return self._problem("no_such_file", 404)
        headers = {**security_headers(), "Cross-Origin-Resource-Policy": policy, "Cache-Control": cache}
        return _sent(request, file, headers)

    def _known_conversation(self, request: Request) -> str | None:
        """The conversation of this browser; None when its cookie is missing, forged or too old."""
        return self._sessions.opened(request.cookies.get(FRAMED_COOKIE if _framed(request) else COOKIE))

    def _conversation(self, request: Request) -> str:
        return self._known_conversation(request) or self._sessions.new()

    def _private(
        self, request: Request, answer: HTTPResponse, conversation: str | None, *, renew: bool = False,
        ancestors: str = "'none'",
    ) -> HTTPResponse:  # fmt: skip
        """Add what every answer to one person needs: no copies on the way, the security headers, and their cookie.

        The cookie is set where the browser has another one or none, or to `renew` its date. Never otherwise: a slow
        answer that arrives after "Start again" would bring the old conversation back. None takes it away.
        """
        answer.headers.update(self._headers(ancestors))
        if conversation is None or renew or self._known_conversation(request) != conversation:
            value = self._sessions.sealed(conversation) if conversation else ""
            cookie = cookie_header(value, PREFIX, framed=_framed(request), secure=_is_https(request))
            answer.headers.add("Set-Cookie", cookie)
        return answer

    @staticmethod
    def _headers(ancestors: str = "'none'") -> dict[str, str]:
        return {**security_headers(ancestors), "Cache-Control": "no-store"}

    def _refused(self) -> HTTPResponse:
        return self._problem("not_from_here", 403)

    def _problem(self, word: str, status: int) -> HTTPResponse:
        return response.json({"error": self._words[word]}, status=status, headers=self._headers())


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


def page_words() -> dict[str, str]:
    """The page's words with the numbers of the service's region and the days a talk is kept.

    Raises ContentError when knowledge/page.yml has a mistake.
    """
    here = settings()
    words = load_page_words(here.knowledge_folder / "page.yml")
    return {name: filled(content(), text, None) if "{" in text else text for name, text in words.items()}


def other_ways(words: Mapping[str, str]) -> str:
    """How to get help without the chat, as HTML: phone, text, the service's own contact, and for health advice."""
    here = settings()
    ways = [words["no_script_phone"], filled(content(), "{emergency_text}", None)]
    if here.text_number:
        ways.append(words["no_script_text"].replace("{number}", here.text_number))
    ways += [
        here.human_contact or "",
        filled(content(), "For health advice: {health_advice}.", None).replace("..", "."),
    ]
    return paragraphs(ways)


def cited(metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Title, publisher, year and address of a reply's sources, as far as the library knows them."""
    known: dict[str, dict[str, Any]] = {}
    with suppress(Exception):  # sources may be missing below an answer; the answer may not
        topics = content().topics
        named = [topics[metadata["topic"]]] if metadata.get("topic") in topics else topics.values()
        known = {
            source.slug: {"title": source.title, "publisher": source.publisher, "year": source.year, "url": source.url}
            for topic in named
            for source in topic.sources
        }
    return [known[slug] for slug in metadata["sources"] if slug in known]


def _sent(request: Request, file: StaticFile, headers: dict[str, str]) -> HTTPResponse:
    """A file, compressed where the browser takes it so."""
    headers = {**headers, "Vary": "Accept-Encoding"}
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return response.raw(file.packed if packed else file.body, content_type=file.content_type, headers=headers)


def _mark(conversation: str) -> str:
    """What a page may know of a conversation's id: enough to see that it is another one."""
    return sha256(f"talk {conversation}".encode()).hexdigest()[:12]


async def _body(request: Request) -> dict[str, Any] | None:
    """The request's JSON object; empty when it is none, None when it is too long to be read."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream:
        size += len(part)
        if size > LONGEST_BODY:
            return None
        parts.append(part)
    try:
        body = json.loads(b"".join(parts))
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _is_danger(text: str) -> bool:
    """Whether a message must be heard however many came before it."""
    try:
        return safety_screen().screen(text[:LONGEST_TEXT]).level in INTERRUPTING
    except Exception:
        logger.exception("The safety screen failed on a message.")
        return True


def _framed(request: Request) -> bool:
    """Whether the page stands in a frame on another site."""
    return bool(request.args.get("framed") == "1")


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
