"""The connectors over real HTTP: requests as the providers make them, signed by their own libraries, and a provider
that delays, fails, repeats, reorders and reports."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import vonage
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator

from bot.channels.sms import connectors, outbox, service
from bot.channels.sms.connectors import LoopbackTexts, ShortLinks, TwilioTexts, VonageTexts, text_service
from bot.channels.sms.links import known_addresses
from bot.channels.sms.loopback import signed
from bot.channels.sms.provider import Provider
from bot.channels.sms.store import Row, phones
from bot.channels.sms.store import outbox as outbox_table
from bot.channels.sms.twilio_sms import Twilio
from bot.channels.sms.vonage_sms import Vonage
from bot.commands import sms_sim
from bot.replies.content import content
from bot.settings import Settings, settings
from tests.channels.page_server import ScriptedBot
from tests.sms.phone import AMERICAN, BRITISH, said
from tests.sms.provider_servers import Failure, ProviderServer, Rerouted
from tests.sms.webhook_server import WebhookServer

ACCOUNT, TOKEN, SERVICE_NUMBER = "AC" + "0" * 32, "a token of these tests", "+14155550199"
API_KEY, SIGNATURE = "abcd1234", "a signature secret of these tests"
PUBLIC = "https://help.example.org"
QUICK = 0.6
"""Seconds a client waits for its provider here."""

Routed = Callable[[], str]


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


@dataclass
class World:
    """A provider's server, our server, and the bot behind it."""

    provider: ProviderServer
    server: WebhookServer
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

    def wait_for_texts(self, number: int, seconds: float = 15) -> list[str]:
        """The texts that reached phones, when there are so many; a moment later, to see that there are no more."""
        deadline = time.monotonic() + seconds
        while len(self.provider.came) < number and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(0.3)
        return [text for _, text, _ in self.provider.came]

    def rows(self) -> list[Row]:
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


def vonage_fields(text: str, message_id: str, age: float) -> dict[str, str]:
    pushed = datetime.now(timezone.utc)
    return {
        "msisdn": AMERICAN[1:], "to": SERVICE_NUMBER[1:], "messageId": message_id, "text": text, "type": "text",
        "keyword": text.split(" ")[0].upper(), "api-key": API_KEY, "nonce": "aaaaaaaa-bbbb-cccc-dddd-0123456789ab",
        "message-timestamp": pushed.strftime("%Y-%m-%d %H:%M:%S"), "timestamp": str(int(time.time() - age)),
    }  # fmt: skip


def vonage_signature(fields: dict[str, str], secret: str = SIGNATURE) -> dict[str, str]:
    client = vonage.Client(key=API_KEY, signature_secret=secret, signature_method="sha256")
    return {**fields, "sig": client.signature(dict(fields))}


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Settings of a service with both providers, and pauses short enough to wait for."""
    for name, value in {
        "SMS_KEY": "a key for tests only", "SMS_DATABASE": f"sqlite:///{tmp_path / 'texts.db'}", "PUBLIC_URL": PUBLIC,
        "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN, "TWILIO_NUMBER": SERVICE_NUMBER,
        "VONAGE_API_KEY": API_KEY, "VONAGE_API_SECRET": "secret", "VONAGE_SIGNATURE_SECRET": SIGNATURE,
        "VONAGE_NUMBER": SERVICE_NUMBER,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CLONUS_{name}", value)
    monkeypatch.setattr(outbox, "FIRST_WAIT", 0.05)
    monkeypatch.setattr(outbox, "UNCERTAIN_WAIT", 0.4)
    monkeypatch.setattr(service, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(connectors, "ROOT", tmp_path)
    (tmp_path / "var").mkdir()
    for cached in (settings, text_service):
        cached.cache_clear()
    yield monkeypatch
    for cached in (settings, text_service):
        cached.cache_clear()


@pytest.fixture
def world(environment: pytest.MonkeyPatch) -> Iterator[World]:
    """Everything running, and the American phone welcomed."""
    provider, bot = ProviderServer(), ScriptedBot()
    channels = [QuickTwilio(provider.url), QuickVonage(provider.url), LoopbackTexts(), ShortLinks()]
    server = WebhookServer(channels, bot)
    world = World(provider, server, bot)
    world.twilio("hello")
    world.wait_for_texts(2)
    provider.came.clear()
    yield world
    server.close()
    text_service().store.close()
    provider.close()


def test_a_text_through_twilio_is_acknowledged_at_once_and_answered(world: World) -> None:
    world.bot.seconds = 0.5
    begun = time.monotonic()
    answer = world.twilio("my foot bounces")
    assert time.monotonic() - begun < 0.5
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response />'
    assert world.wait_for_texts(1) == ["You wrote: my foot bounces"]
    to, _, fields = world.provider.came[0]
    key = f"text-{world.rows()[-1]['id']}"
    assert (to, fields["From"]) == (AMERICAN, SERVICE_NUMBER)
    assert fields["StatusCallback"] == f"{PUBLIC}/webhooks/sms/twilio/report?key={key}"


def test_a_text_through_vonage_is_answered(world: World) -> None:
    assert world.vonage("my foot bounces").status_code == 200
    assert world.wait_for_texts(1) == ["You wrote: my foot bounces"]
    to, _, fields = world.provider.came[0]
    assert (to, fields["from"], fields["client-ref"]) == (
        AMERICAN[1:],
        SERVICE_NUMBER[1:],
        f"text-{world.rows()[-1]['id']}",
    )


def test_vonage_may_send_its_webhooks_as_json_or_in_the_address(world: World) -> None:
    fields = vonage_signature(vonage_fields("as json", "J1", 0))
    assert requests.post(f"{world.server.url}/webhooks/sms/vonage/incoming", json=fields, timeout=20).status_code == 200
    world.wait_for_texts(1)
    fields = vonage_signature(vonage_fields("as get", "G1", 0))
    assert (
        requests.get(f"{world.server.url}/webhooks/sms/vonage/incoming", params=fields, timeout=20).status_code == 200
    )
    assert world.wait_for_texts(2) == ["You wrote: as json", "You wrote: as get"]


PROXIED = {"X-Forwarded-Proto": "https"}

FORGERIES: dict[str, Callable[[World], requests.Response]] = {
    "Twilio, unsigned": lambda world: world.post("/webhooks/sms/twilio/incoming", twilio_fields("forged", "SM1")),
    "Twilio, another token": lambda world: world.post(
        "/webhooks/sms/twilio/incoming", twilio_fields("forged", "SM1"),
        twilio_signature("incoming", twilio_fields("forged", "SM1"), token="guessed"),
    ),
    "Twilio, changed text": lambda world: world.post(
        "/webhooks/sms/twilio/incoming", twilio_fields("forged", "SM1"),
        twilio_signature("incoming", twilio_fields("hello", "SM1")),
    ),
    "Twilio, signed for another address": lambda world: world.post(
        "/webhooks/sms/twilio/incoming", twilio_fields("forged", "SM1"),
        twilio_signature("report", twilio_fields("forged", "SM1")),
    ),
    "Twilio, another account": lambda world: world.twilio("forged", AccountSid="AC" + "1" * 32),
    "Twilio, garbage for a signature": lambda world: world.post(
        "/webhooks/sms/twilio/incoming", twilio_fields("forged", "SM1"), {"X-Twilio-Signature": "ÿ%00"}
    ),
    "Vonage, unsigned": lambda world: world.post("/webhooks/sms/vonage/incoming", vonage_fields("forged", "V1", 0)),
    "Vonage, another secret": lambda world: world.post(
        "/webhooks/sms/vonage/incoming", vonage_signature(vonage_fields("forged", "V1", 0), "guessed")
    ),
    "Vonage, changed text": lambda world: world.post(
        "/webhooks/sms/vonage/incoming", vonage_signature(vonage_fields("hello", "V1", 0)) | {"text": "forged"}
    ),
    "Vonage, of the day before yesterday": lambda world: world.vonage("forged", age=2 * 86400),
    "Vonage, from the future": lambda world: world.vonage("forged", age=-3600),
    "Vonage, another account": lambda world: world.vonage("forged", **{"api-key": "other"}),
    "Loopback, unsigned": lambda world: world.post("/webhooks/sms/loopback/incoming", {"text": "forged"}),
    "Loopback, through a proxy": lambda world: loopback(
        world, "incoming", {"id": "1", "from": AMERICAN, "text": "forged"}, PROXIED
    ),
    "Loopback, of an hour ago": lambda world: loopback(
        world, "incoming", {"id": "1", "from": AMERICAN, "text": "forged"}, at=time.time() - 3600
    ),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_not_genuine_gets_403_and_nothing_happens(world: World, forgery: str) -> None:
    before = world.rows()
    answer = FORGERIES[forgery](world)
    assert (answer.status_code, answer.text) == (403, "Refused.")
    time.sleep(0.3)
    assert world.rows() == before
    assert world.bot.heard == ["hello"]


def test_a_genuine_message_that_is_replayed_long_after_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.twilio("my foot", MessageSid="SM-once").status_code == 200
    assert world.twilio("my foot", MessageSid="SM-once").status_code == 200
    world.wait_for_texts(1)
    monkeypatch.setattr(Twilio, "repeats_for", 0.0)
    assert world.twilio("my foot", MessageSid="SM-once").status_code == 403
    assert world.wait_for_texts(1) == ["You wrote: my foot"]


def test_a_webhook_that_is_repeated_many_times_at_once_is_answered_once(world: World) -> None:
    for _ in range(5):
        assert world.twilio("my foot", MessageSid="SM-five").status_code == 200
    assert world.wait_for_texts(1) == ["You wrote: my foot"]


@pytest.mark.parametrize("missing", ["MessageSid", "From"])
def test_a_genuine_request_that_holds_no_message_is_refused_as_unreadable(world: World, missing: str) -> None:
    assert world.twilio(**{missing: ""}).status_code == 400


def test_a_request_that_is_far_too_long_is_refused(world: World) -> None:
    assert world.twilio("x" * 70_000).status_code == 413


def test_a_store_that_fails_makes_the_provider_try_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(text_service().inbox, "put", broken)
        assert world.twilio("my foot", MessageSid="SM-later").status_code == 503
    assert world.twilio("my foot", MessageSid="SM-later").status_code == 200
    assert world.wait_for_texts(1) == ["You wrote: my foot"]


@pytest.mark.parametrize(
    "failures",
    [
        [Failure(503)],
        [Failure(429, {"code": 20429, "message": "Too Many Requests", "status": 429})] * 2,
        [Failure(500, {"code": 20500, "message": "error", "status": 500}, taken=True)],
        [Failure(200, taken=True, seconds=QUICK + 0.3)],
        [Failure(401, {"code": 20003, "message": "Authenticate", "status": 401}), Failure(503)],
    ],
    ids=["down", "too many", "error after taking it", "answer too late", "credentials mended"],
)
def test_whatever_twilio_does_each_reply_comes_once_and_in_order(world: World, failures: list[Failure]) -> None:
    world.provider.failures.extend(failures)
    world.twilio("one")
    world.twilio("two")
    assert world.wait_for_texts(2) == ["You wrote: one", "You wrote: two"]
    assert world.provider.attempts >= 2 + len(failures)
    assert {row["state"] for row in world.rows()} == {"accepted"}


@pytest.mark.parametrize(
    "failures",
    [
        [Failure(503)],
        [Failure(200, {"messages": [{"status": "1", "error-text": "Throttled"}]})] * 2,
        [Failure(429)],
        [Failure(401)],
    ],
    ids=["down", "throttled", "too many", "credentials mended"],
)
def test_whatever_vonage_does_each_reply_comes_once_and_in_order(world: World, failures: list[Failure]) -> None:
    world.provider.failures.extend(failures)
    world.vonage("one")
    world.vonage("two")
    assert world.wait_for_texts(2) == ["You wrote: one", "You wrote: two"]
    assert {row["state"] for row in world.rows()} == {"accepted"}


def test_a_delivery_receipt_of_vonage_stops_a_second_sending(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "UNCERTAIN_WAIT", 1.5)
    world.provider.failures.append(Failure(200, taken=True, seconds=QUICK + 0.3))
    world.vonage("one")
    world.wait_for_texts(1)
    time.sleep(QUICK)
    key = world.provider.came[0][2]["client-ref"]
    receipt = {"messageId": "V-9", "status": "delivered", "err-code": "0", "client-ref": key, "text": ""}
    assert world.vonage(path="report", **receipt).status_code == 200
    time.sleep(1.5)
    assert len(world.provider.came) == 1
    assert world.rows()[-1]["state"] == "delivered"


def test_twilio_says_that_somebody_opted_out(world: World) -> None:
    world.provider.failures.append(Failure(400, {"code": 21610, "message": "unsubscribed recipient", "status": 400}))
    world.twilio("one")
    world.wait_for_texts(0)
    assert [row["opted_out_at"] is not None for row in text_service().store.rows(phones)] == [True]
    world.twilio("two")
    assert world.wait_for_texts(0) == []


def test_reports_of_twilio_in_any_order_update_the_record(world: World) -> None:
    world.twilio("one")
    world.wait_for_texts(1)
    row = world.rows()[-1]
    path = f"report?key=text-{row['id']}"
    for status in ("delivered", "sent", "delivered"):
        assert world.twilio("", path, MessageSid=row["message_id"], MessageStatus=status).status_code == 200
    assert world.rows()[-1]["state"] == "delivered"
    assert world.twilio("", "report", MessageSid="SMelse", MessageStatus="failed", ErrorCode="30003").status_code == 200
    assert world.rows()[-1]["state"] == "delivered"


def test_a_picture_and_a_handled_keyword_as_twilio_tells_them(world: World) -> None:
    world.twilio("", NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg")
    assert world.wait_for_texts(1) == [said("picture")]
    world.twilio("STOP", OptOutType="STOP")
    world.twilio("hello?")
    world.twilio("START", OptOutType="START")
    world.twilio("hello!")
    assert world.wait_for_texts(2)[1:] == ["You wrote: hello!"]


def test_no_log_shows_a_number_or_a_word(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.provider.failures.extend([Failure(503), Failure(400, {"code": 21211, "message": AMERICAN, "status": 400})])
    world.twilio("my secret foot")
    world.vonage("my secret knee")
    world.twilio("my secret foot", AccountSid="other")
    world.wait_for_texts(1)
    assert "a text was not taken" in caplog.text
    assert not [words for words in (AMERICAN, AMERICAN[1:], "secret foot", "secret knee") if words in caplog.text]


def test_a_long_message_through_vonage_comes_in_parts(world: World) -> None:
    parts = {"1": "my foot bou", "2": "nces on gr", "3": "ass"}
    for number in ("3", "1", "2"):
        concat = {"concat": "true", "concat-ref": "08B5", "concat-total": "3", "concat-part": number}
        assert world.vonage(parts[number], **concat).status_code == 200
    assert world.wait_for_texts(1) == ["You wrote: my foot bounces on grass"]


def test_names_in_another_script_go_out_in_unicode(world: World) -> None:
    world.vonage("I am 王")
    assert world.wait_for_texts(1) == ["You wrote: I am 王"]
    assert world.provider.came[0][2]["type"] == "unicode"


def test_a_call_is_told_that_the_number_is_for_texts(world: World) -> None:
    answer = world.twilio("", "call", CallSid="CA1")
    assert answer.status_code == 200
    assert "<Say>This number is for text messages only." in answer.text
    assert "<Hangup" in answer.text
    spoken = requests.get(f"{world.server.url}/webhooks/sms/vonage/call", timeout=20).json()
    assert [(step["action"], step["text"][:11]) for step in spoken] == [("talk", "This number")]
    assert world.post("/webhooks/sms/twilio/call", {"CallSid": "CA1"}).status_code == 403


def loopback(
    world: World, path: str, body: dict[str, Any], headers: dict[str, str] | None = None, at: float | None = None
) -> requests.Response:
    data = json.dumps(body).encode()
    key = (connectors.ROOT / "var" / "loopback.key").read_text().strip()
    genuine = signed(key, data, time.time() if at is None else at)
    return requests.post(
        f"{world.server.url}/webhooks/sms/loopback/{path}",
        data=data,
        headers={**genuine, **(headers or {})},
        timeout=20,
    )


def test_the_loopback_connector_works_without_an_account(world: World) -> None:
    assert loopback(world, "incoming", {"id": "1", "from": BRITISH, "text": "my foot"}).status_code == 200
    texts: list[str] = []
    while len(texts) < 2:
        texts += loopback(world, "fetch", {"phone": BRITISH, "wait": 10}).json()["texts"]
    assert texts == [said("welcome", "999"), "You wrote: my foot"]
    assert loopback(world, "fetch", {"phone": BRITISH, "wait": 0}).json() == {"texts": []}


async def test_the_phone_in_the_terminal_can_text_a_running_bot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_sim, "QUIET_SECONDS", 0.5)
    key = (connectors.ROOT / "var" / "loopback.key").read_text().strip()
    line = sms_sim.HttpLine(f"{world.server.url}/", BRITISH, key)
    assert await line(sms_sim.typed("hello")) == [said("welcome", "999"), "You wrote: hello"]
    assert await line(sms_sim.typed(":picture")) == [said("picture", "999")]


def test_a_short_link_leads_to_its_source_and_nowhere_else(world: World) -> None:
    code, address = next(iter(known_addresses(content()).items()))
    answer = requests.get(f"{world.server.url}/s/{code.upper()}", allow_redirects=False, timeout=20)
    assert (answer.status_code, answer.headers["location"]) == (302, address)
    assert requests.get(f"{world.server.url}/s/nope", allow_redirects=False, timeout=20).status_code == 404


def test_every_source_has_a_short_link_of_its_own(world: World) -> None:
    urls = {source.url for topic in content().topics.values() for source in topic.sources if source.url}
    assert set(known_addresses(content()).values()) == urls


def test_a_connector_without_settings_is_off_and_says_what_is_missing(environment: pytest.MonkeyPatch) -> None:
    for name in ("TWILIO_AUTH_TOKEN", "SMS_KEY"):
        environment.delenv(f"CLONUS_{name}")
    settings.cache_clear()
    server = WebhookServer([TwilioTexts(), VonageTexts(), LoopbackTexts()], ScriptedBot())
    try:
        found = {
            place: requests.get(f"{server.url}/webhooks/sms/{place}/", timeout=20).json()
            for place in ("twilio", "vonage", "loopback")
        }
        refused = requests.post(f"{server.url}/webhooks/sms/twilio/incoming", data={}, timeout=20)
    finally:
        server.close()
    assert found == {
        "twilio": {"status": "off", "reason": "not set: CLONUS_TWILIO_AUTH_TOKEN, CLONUS_SMS_KEY"},
        "vonage": {"status": "off", "reason": "not set: CLONUS_SMS_KEY"},
        "loopback": {"status": "on"},
    }
    assert refused.status_code == 503


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SMS_KEY", "short", "at least 16 characters"),
        ("PUBLIC_URL", "help.example.org", "must be like"),
        ("TRUST_FORWARDED", "x-real-ip", "is none of"),
        ("SMS_DATABASE", "nonsense", "cannot start"),
    ],
)
def test_a_wrong_setting_turns_texts_off_and_nothing_else(
    environment: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    environment.setenv(f"CLONUS_{name}", value)
    settings.cache_clear()
    connector = TwilioTexts()
    assert connector._off is not None
    assert reason in connector._off


PROTO, HOST, PREFIX = "x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix"


@pytest.mark.parametrize(
    ("trusted", "sent", "signed_for"),
    [
        (f"{PROTO},{HOST}", {PROTO: "https", HOST: "help.example.org"}, PUBLIC),
        (PROTO, {PROTO: "https", "Host": "help.example.org"}, PUBLIC),
        (
            f"{PROTO},{HOST},{PREFIX}",
            {PROTO: "http, https", HOST: "evil.example, help.example.org", PREFIX: "/clonus/"},
            f"{PUBLIC}/clonus",
        ),
    ],
)
def test_a_signature_is_checked_against_the_public_address_behind_a_proxy(
    environment: pytest.MonkeyPatch, trusted: str, sent: dict[str, str], signed_for: str
) -> None:
    environment.delenv("CLONUS_PUBLIC_URL")
    environment.setenv("CLONUS_TRUST_FORWARDED", trusted)
    settings.cache_clear()
    provider = ProviderServer()
    server = WebhookServer([QuickTwilio(provider.url)], ScriptedBot())
    fields = twilio_fields("my foot", "SM1")
    try:
        answers = [
            requests.post(
                f"{server.url}/webhooks/sms/twilio/incoming", data=fields, headers=headers, timeout=20
            ).status_code
            for headers in (
                {**sent, **twilio_signature("incoming", fields, public=signed_for)},
                {**sent, **twilio_signature("incoming", fields, public="https://evil.example")},
                twilio_signature("incoming", fields, public=signed_for),
            )
        ]
    finally:
        server.close()
        provider.close()
    assert answers == [200, 403, 403]


def test_a_header_that_is_not_trusted_decides_nothing(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("CLONUS_PUBLIC_URL")
    settings.cache_clear()
    provider = ProviderServer()
    server = WebhookServer([QuickTwilio(provider.url)], ScriptedBot())
    fields = twilio_fields("my foot", "SM1")
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "help.example.org"}
    try:
        refused = requests.post(
            f"{server.url}/webhooks/sms/twilio/incoming", data=fields, timeout=20,
            headers={**forwarded, **twilio_signature("incoming", fields)},
        )  # fmt: skip
        host = urlsplit(server.url).netloc
        taken = requests.post(
            f"{server.url}/webhooks/sms/twilio/incoming", data=fields, timeout=20,
            headers={**forwarded, **twilio_signature("incoming", fields, public=f"http://{host}")},
        )  # fmt: skip
    finally:
        server.close()
        provider.close()
    assert (refused.status_code, taken.status_code) == (403, 200)


def test_the_signatures_are_those_of_the_providers_documentation() -> None:
    """Twilio's documented example, so that a change of its library would be noticed."""
    caller = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234"}
    fields = {**caller, "From": "+14158675309", "To": "+18005551212"}
    signature = RequestValidator("12345").compute_signature("https://mycompany.com/myapp.php?foo=1&bar=2", fields)
    assert signature == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
