"""The chat page: a Rasa channel that serves the page and answers it."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import InputChannel, OutputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Guard, Handler
from bot.channels.limits import Rate
from bot.channels.page_answers import PREFIX, Answers, sent
from bot.channels.page_content import cited, emergency, emergency_told, other_ways, page_words
from bot.channels.page_files import EMBED_FILE, allowed_origins, load_page, security_headers
from bot.channels.page_forgetting import Forgetting
from bot.channels.page_news import News, PageOutput
from bot.channels.page_staff import to_page
from bot.channels.page_talk import Talk
from bot.channels.sessions import Sessions, signing_key
from bot.channels.staff_delivery import StaffDelivery
from bot.channels.streams import Streams
from bot.channels.turns import Turns
from bot.desk.alert_ways import ways_of
from bot.desk.alerting import Alerting
from bot.records import records
from bot.settings import own_address, settings


class WebPage(InputChannel):
    """Serves GET /chat (the page), GET /chat/embed.js (the chat on another site), and the page's data:

    POST /chat/messages {"text", "id"?, "again"?, "consent"?} -> {"replies": [message], "talk", "emergency"}; `id` is
    any text that names this message, `again` says that it may have arrived before, `consent` names the first words the
    person saw; `emergency` is what to call where the message says the person is, or null.
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
        words = page_words()
        self._page = load_page(words, PREFIX, emergency(), other_ways(words))
        self._answers = Answers(words, Sessions(signing_key(here.cookie_secret)), allowed_origins(here.embed_origins))
        self._streams = Streams(here.live_streams)
        guard = Guard(here.turn_seconds)
        turns = Turns(guard, self._streams, self.name(), cited, emergency_told)
        self._talk = Talk(self._answers, guard, turns, Rate(here.messages_a_minute))
        self._news = News(self._answers, guard, self._talk, self._streams)
        self._forgetting = Forgetting(self._answers, guard, turns)
        self._staff: StaffDelivery | None = None
        ways = ways_of(here, own_address(here))
        self._alerting = Alerting(lambda: records().engine, ways, here.alert_levels.split(), here.alert_minutes)

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
            answer = sent(request, self._page.html)
            return self._answers.whole_page(request, answer, self._answers.conversation(request), renew=True)

        @chat.route(f"/{EMBED_FILE}", methods=["GET"])
        async def embed(request: Request) -> HTTPResponse:
            return self._file(request, EMBED_FILE, "public, max-age=300", "cross-origin")

        @chat.route("/static/<version:str>/<name:str>", methods=["GET"])
        async def static(request: Request, version: str, name: str) -> HTTPResponse:
            newest = version == self._page.version
            return self._file(request, name, "public, max-age=31536000, immutable" if newest else "no-cache")

        @chat.route("/messages", methods=["POST"], stream=True)
        async def messages(request: Request) -> HTTPResponse:
            return await self._talk.message(request, on_new_message)

        @chat.route("/helpful", methods=["POST"], stream=True)
        async def helpful(request: Request) -> HTTPResponse:
            return await self._talk.helpful(request)

        @chat.route("/summary", methods=["GET"])
        async def summary(request: Request) -> HTTPResponse:
            return await self._talk.summary(request, self._page.version)

        @chat.route("/greeting", methods=["GET"])
        async def greeting(request: Request) -> HTTPResponse:
            return await self._talk.greeting(request)

        @chat.route("/history", methods=["GET"])
        async def history(request: Request) -> HTTPResponse:
            return await self._talk.history(request)

        @chat.route("/events", methods=["GET"])
        async def events(request: Request) -> HTTPResponse | None:
            return await self._news.events(request)

        @chat.route("/restart", methods=["POST"])
        async def restart(request: Request) -> HTTPResponse:
            return await self._forgetting.restart(request)

        @chat.route("/forget", methods=["POST"])
        async def forget(request: Request) -> HTTPResponse:
            return await self._forgetting.forget(request)

        @chat.route("/end", methods=["POST"])
        async def end(request: Request) -> HTTPResponse:
            return await self._forgetting.end(request)

        @chat.listener("after_server_start")
        async def keep_clean(app: Any, _: Any) -> None:
            self._forgetting.start_cleaning(app)
            self._staff = StaffDelivery([self.name()], to_page(app.ctx.agent, self._streams))
            self._staff.start()
            self._alerting.start()

        @chat.listener("before_server_stop")
        async def hang_up(_app: Any, _: Any) -> None:
            self._streams.close_all()
            self._forgetting.stop()
            if self._staff is not None:
                self._staff.stop()
            self._alerting.stop()

        return chat

    def _file(self, request: Request, name: str, cache: str, policy: str = "same-origin") -> HTTPResponse:
        """One of the page's files. `cache`: how long it may be kept; `policy`: which sites may load it."""
        file = self._page.files.get(name)
        if file is None:
            return self._answers.problem("no_such_file", 404)
        headers = {**security_headers(), "Cross-Origin-Resource-Policy": policy, "Cache-Control": cache}
        return sent(request, file, headers)
