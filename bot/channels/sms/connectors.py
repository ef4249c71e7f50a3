"""The connectors as Rasa channels, named in credentials.yml. Without its settings a connector is off and says so."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, ClassVar

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import Handler
from bot.channels.sessions import signing_key
from bot.channels.sms.identity import Identity, KeyMismatch
from bot.channels.sms.inbox import Receipt
from bot.channels.sms.links import PATH, known_addresses
from bot.channels.sms.loopback import Loopback
from bot.channels.sms.places import key_of_texts, text_database
from bot.channels.sms.provider import Provider
from bot.channels.sms.public_address import FORWARDED, address_called, checked_public_url, trusted_headers
from bot.channels.sms.service import TextService
from bot.channels.sms.store import Store
from bot.channels.sms.twilio_sms import Twilio
from bot.channels.sms.vonage_sms import Vonage
from bot.channels.sms.webhooks import Answer, NotGenuine, Unreadable, WebRequest
from bot.replies.content import content
from bot.replies.where import filled
from bot.settings import ROOT, Settings, settings
from knowledge.text_messages import load_text_messages

logger = logging.getLogger(__name__)

LONGEST_REQUEST = 64 * 1024
"""Bytes of a webhook; providers send far less."""
LONGEST_WAIT = 20.0
"""Seconds a phone in the terminal may wait for a text in one request."""

Route = Callable[[Request], Awaitable[HTTPResponse]]


class NotSetUp(Exception):
    """A connector lacks settings; the message names them."""


@lru_cache(maxsize=1)
def text_service() -> TextService:
    """The one service of this process. Raises ValueError or KeyMismatch when its settings do not fit."""
    here = settings()
    service = TextService(
        Store(text_database(here)),
        Identity(key_of_texts(here)),
        content(),
        load_text_messages(here.knowledge_folder / "text_messages.yml"),
        public_url=checked_public_url(here.public_url),
        keep_days=here.keep_days,
    )
    service.check_key()
    return service


def needed(here: Settings, *names: str) -> list[str]:
    """The values of settings. Raises NotSetUp naming every one that is missing."""
    missing = [f"CLONUS_{name.upper()}" for name in names if not getattr(here, name)]
    if missing:
        raise NotSetUp(f"not set: {', '.join(missing)}")
    return [str(getattr(here, name)) for name in names]


class TextConnector(InputChannel, ABC):
    """What all connectors share: webhooks, checked and answered at once. A provider needs `provider` and a `place`."""

    place: ClassVar[str]
    """The last part of the connector's address: /webhooks/sms/<place>."""

    def __init__(self) -> None:
        here = settings()
        self._public_url = here.public_url
        self._off: str | None = None
        try:
            self._trusted = trusted_headers(here.trust_forwarded or "")
            self._provider = self.provider(here)
            self._service = text_service()
            self._service.add(self._provider)
        except (NotSetUp, ValueError, KeyMismatch) as error:
            self._off = str(error)
            logger.info("Text messages through %s are off: %s", self.place, error)
        except Exception as error:
            # whatever is wrong with text messages must not keep the chat page from starting
            self._off = f"cannot start ({type(error).__name__})"
            logger.exception("Text messages through %s are off.", self.place)

    @abstractmethod
    def provider(self, here: Settings) -> Provider:
        """The provider, made from the settings. Raises NotSetUp or ValueError."""

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return f"sms_{cls.place}"

    def url_prefix(self) -> str:
        """Below Rasa's /webhooks/."""
        return f"sms/{self.place}"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TextConnector:
        """Rasa's constructor."""
        return cls()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The connector's addresses: GET / says whether it is on; incoming, report and call are for the provider."""
        hooks = Blueprint(self.name())

        @hooks.route("/", methods=["GET"])
        async def status(request: Request) -> HTTPResponse:
            body = {"status": "on"} if self._off is None else {"status": "off", "reason": self._off}
            return response.json(body)

        for place, route in self.routes().items():
            hooks.add_route(self._guarded(route), f"/{place}", methods=["GET", "POST"], name=f"{self.name()}_{place}")
        if self._off is None:

            @hooks.listener("after_server_start")
            async def begin(app: Any, loop: Any) -> None:
                self._service.connect(on_new_message, lambda: app.ctx.agent)
                self._service.start()

            @hooks.listener("before_server_stop")
            async def end(app: Any, loop: Any) -> None:
                await self._service.stop()

        return hooks

    def routes(self) -> dict[str, Route]:
        """What is answered at which address."""
        return {"incoming": self._incoming, "report": self._report, "call": self._call}

    def _guarded(self, route: Route) -> Route:
        """A route that never shows an error to the world, and never says 200 to what was not taken in."""

        async def answer(request: Request) -> HTTPResponse:
            if self._off is not None:
                return response.text("This connector is not set up.", status=503)
            if len(request.body) > LONGEST_REQUEST:
                return response.text("Too long.", status=413)
            try:
                return await route(request)
            except NotGenuine as reason:
                logger.warning("Text messages: a request for %s was refused: %s.", self.place, reason)
                return response.text("Refused.", status=403)
            except Unreadable as reason:
                logger.warning("Text messages: a request of %s cannot be read: %s.", self.place, reason)
                return response.text("Unreadable.", status=400)
            except Exception:
                # the provider sends it again
                logger.exception("Text messages: a request of %s could not be taken in.", self.place)
                return response.text("Not now.", status=503)

        return answer

    async def _incoming(self, request: Request) -> HTTPResponse:
        receipt = await self._service.receive(self._provider, self._provider.incoming(self._read(request)))
        if receipt is Receipt.REPLAYED:
            raise NotGenuine("a message of long ago came again")
        return _drawn(self._provider.thanks())

    async def _report(self, request: Request) -> HTTPResponse:
        await self._service.report(self._provider, self._provider.report(self._read(request)))
        return response.text("")

    async def _call(self, request: Request) -> HTTPResponse:
        words = filled(content(), load_text_messages().texts["call"], None)
        return _drawn(self._provider.call(self._read(request), words))

    def _read(self, request: Request) -> WebRequest:
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.path + (f"?{request.query_string}" if request.query_string else "")
        scheme = "https" if request.transport.get_extra_info("sslcontext") else "http"
        url = address_called(scheme, target, headers, self._public_url, self._trusted)
        return WebRequest(request.method, url, headers, request.body)


class TwilioTexts(TextConnector):
    """Texts through a Twilio number."""

    place = "twilio"

    def provider(self, here: Settings) -> Provider:
        """Twilio, with the address for its delivery reports when ours is known."""
        account, token, number, _ = needed(
            here, "twilio_account_sid", "twilio_auth_token", "twilio_number", "sms_key"
        )  # fmt: skip
        public_url = checked_public_url(here.public_url)
        reports = f"{public_url}/webhooks/{self.url_prefix()}/report" if public_url else None
        return Twilio(account, token, number, reports, answers_keywords=here.twilio_answers_keywords)


class VonageTexts(TextConnector):
    """Texts through a Vonage number."""

    place = "vonage"

    def provider(self, here: Settings) -> Provider:
        """Vonage."""
        key, secret, signature, method, number, _ = needed(
            here, "vonage_api_key", "vonage_api_secret", "vonage_signature_secret", "vonage_signature_method",
            "vonage_number", "sms_key",
        )  # fmt: skip
        return Vonage(key, secret, signature, method, number)


class LoopbackTexts(TextConnector):
    """Texts to and from a phone in the terminal (clonus sms-sim), for this machine only."""

    place = "loopback"

    def provider(self, here: Settings) -> Provider:
        """The loopback provider, with a key that only this machine's owner can read."""
        self._loopback = Loopback(signing_key(None, ROOT / "var" / "loopback.key"))
        return self._loopback

    def routes(self) -> dict[str, Route]:
        """Beside the usual ones: fetch, where the phone waits for its texts."""
        return {**super().routes(), "fetch": self._fetch}

    async def _fetch(self, request: Request) -> HTTPResponse:
        body = self._loopback.opened(self._read(request))
        wait = body.get("wait", 0)
        seconds = min(LONGEST_WAIT, float(wait)) if isinstance(wait, (int, float)) else 0.0
        return response.json({"texts": await self._loopback.fetch(str(body.get("phone", "")), seconds)})

    def _read(self, request: Request) -> WebRequest:
        read = super()._read(request)
        if request.ip not in ("127.0.0.1", "::1") or any(name in read.headers for name in ("forwarded", *FORWARDED)):
            raise NotGenuine("it does not come from this machine")
        return read


class ShortLinks(InputChannel):
    """GET /s/<code>: sends a phone on to a source. Only addresses of the library are known."""

    @classmethod
    def name(cls) -> str:
        """The channel's name."""
        return "short_links"

    def url_prefix(self) -> str:
        """An absolute address, as short as can be."""
        return PATH.rstrip("/")

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> ShortLinks:
        """Rasa's constructor."""
        return cls()

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """The one address."""
        links = Blueprint(self.name())

        @links.route("/<code:str>", methods=["GET"])
        async def follow(request: Request, code: str) -> HTTPResponse:
            address = known_addresses(content()).get(code.lower())
            if address is None:
                return response.text("This link is not known. It may have been typed wrongly.", status=404)
            return response.redirect(address)

        return links


def _drawn(answer: Answer) -> HTTPResponse:
    return response.raw(answer.body.encode(), content_type=answer.content_type, headers=dict(answer.headers))
