"""The connectors over real HTTP: requests as the providers make them, signed by their own libraries, and a provider
that delays, fails, repeats, reorders and reports."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import count
from typing import Any

import requests
import vonage
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator

from bot.channels.sms import connectors
from bot.channels.sms.connectors import TwilioTexts, VonageTexts, text_service
from bot.channels.sms.loopback import signed
from bot.channels.sms.provider import Provider
from bot.channels.sms.store import outbox as outbox_table
from bot.channels.sms.store import phones
from bot.channels.sms.twilio_sms import Twilio
from bot.channels.sms.vonage_sms import Vonage
from bot.databases import Row
from bot.settings import Settings
from tests.channels.page_server import ScriptedBot
from tests.channels.serving import ChannelServer
from tests.sms.phone import AMERICAN
from tests.sms.provider_servers import ProviderServer, Rerouted

ACCOUNT, TOKEN, SERVICE_NUMBER = "AC" + "0" * 32, "a token of these tests", "+14155550199"
API_KEY, SIGNATURE = "abcd1234", "a signature secret of these tests"
PUBLIC = "https://help.example.org"
SETTINGS = {
    "SMS_KEY": "a key for tests only", "PUBLIC_URL": PUBLIC, "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_NUMBER": SERVICE_NUMBER, "VONAGE_API_KEY": API_KEY, "VONAGE_API_SECRET": "secret",
    "VONAGE_SIGNATURE_SECRET": SIGNATURE, "VONAGE_NUMBER": SERVICE_NUMBER,
}  # fmt: skip
"""Settings of a service with both providers."""
QUICK = 1.5
"""Seconds a client waits for its provider here."""


class QuickTwilio(TwilioTexts):
    """The Twilio connector with a client that is rerouted and does not wait long."""

    def __init__(self, url: str) -> None:
        self._reroute = url
        super().__init__()

    def provider(self, here: Settings) -> Provider:
        super().provider(here)  # checks the settings
        client = TwilioHttpClient(timeout=QUICK, max_retries=0)
        client.session.mount("https://", Rerouted(self._reroute))
        reports = f"{PUBLIC}/webhooks/sms/twilio/report"
        return Twilio(ACCOUNT, TOKEN, SERVICE_NUMBER, reports, answers_keywords=False, http_client=client)


class QuickVonage(VonageTexts):
    """The Vonage connector with a client that is rerouted and does not wait long."""

    def __init__(self, url: str) -> None:
        self._reroute = url
        super().__init__()

    def provider(self, here: Settings) -> Provider:
        super().provider(here)
        client = vonage.Client(key=API_KEY, secret="secret", timeout=QUICK, max_retries=0)
        client.session.mount("https://", Rerouted(self._reroute))
        return Vonage(API_KEY, "secret", SIGNATURE, "sha256", SERVICE_NUMBER, client=client)


def wait_until(done: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that other threads do. Fails when it does not come."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "this did not come"
        time.sleep(0.02)


@dataclass
class World:
    """A provider's server, our server, and the bot behind it."""

    provider: ProviderServer
    server: ChannelServer
    bot: ScriptedBot
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def post(self, path: str, fields: dict[str, str], headers: dict[str, str] | None = None) -> requests.Response:
        return requests.post(f"{self.server.url}{path}", data=fields, headers=headers or {}, timeout=20)

    def twilio(self, text: str = "my foot", path: str = "incoming", **changes: str) -> requests.Response:
        """A webhook as Twilio makes it, with its signature."""
        fields = twilio_fields(text, f"SM{next(self.ids):032x}") | changes
        return self.post(f"/webhooks/sms/twilio/{path}", fields, twilio_signature(path, fields))

    def vonage(
        self, text: str = "my foot", path: str = "incoming", *, age: float = 0, **changes: str
    ) -> requests.Response:
        """A webhook as Vonage makes it, with its signature."""
        fields = vonage_signature(vonage_fields(text, f"{next(self.ids):016X}", age) | changes)
        return self.post(f"/webhooks/sms/vonage/{path}", fields)

    def loopback(
        self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None, *, age: float = 0
    ) -> requests.Response:
        """A request as the phone in the terminal makes it."""
        data = json.dumps(body).encode()
        headers = {**signed(loopback_key(), data, time.time() - age), **(headers or {})}
        return requests.post(f"{self.server.url}/webhooks/sms/loopback/{path}", data=data, headers=headers, timeout=20)

    def settled(self) -> list[str]:
        """The texts that reached phones, once everything is answered and sent."""
        inbox, outbox, store = text_service().inbox, text_service().outbox, text_service().store

        def at_rest() -> bool:
            held = any(phone["turn_until"] or phone["send_until"] for phone in store.rows(phones))
            return not (inbox.waiting() or outbox.waiting() or held)

        wait_until(at_rest)
        return [text for _, text, _ in self.provider.came]

    def rows(self) -> list[Row]:
        """Everything in the outbox."""
        return text_service().store.rows(outbox_table)


def twilio_fields(text: str, message_id: str) -> dict[str, str]:
    return {
        "ToCountry": "US", "ToState": "CA", "SmsMessageSid": message_id, "NumMedia": "0", "ToCity": "",
        "FromZip": "94105", "SmsSid": message_id, "FromState": "CA", "SmsStatus": "received", "FromCity": "",
        "Body": text, "FromCountry": "US", "To": SERVICE_NUMBER, "ToZip": "", "NumSegments": "1",
        "MessageSid": message_id, "AccountSid": ACCOUNT, "From": AMERICAN, "ApiVersion": "2010-04-01",
    }  # fmt: skip


def twilio_signature(path: str, fields: dict[str, str], token: str = TOKEN, public: str = PUBLIC) -> dict[str, str]:
    url = f"{public}/webhooks/sms/twilio/{path}"
    return {"X-Twilio-Signature": RequestValidator(token).compute_signature(url, fields)}


def vonage_fields(text: str, message_id: str, age: float = 0) -> dict[str, str]:
    pushed = datetime.now(timezone.utc)
    return {
        "msisdn": AMERICAN[1:], "to": SERVICE_NUMBER[1:], "messageId": message_id, "text": text, "type": "text",
        "keyword": text.split(" ")[0].upper(), "api-key": API_KEY, "nonce": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
        "message-timestamp": pushed.strftime("%Y-%m-%d %H:%M:%S"), "timestamp": str(int(time.time() - age)),
    }  # fmt: skip


def vonage_signature(fields: dict[str, str], secret: str = SIGNATURE, method: str = "sha256") -> dict[str, str]:
    client = vonage.Client(key=API_KEY, signature_secret=secret, signature_method=method)
    return {**fields, "sig": client.signature(dict(fields))}


def loopback_key() -> str:
    """The key that only this machine's owner can read."""
    return (connectors.ROOT / "var" / "loopback.key").read_text().strip()
