"""What all connectors share: settings, calls, short links, and a log that tells nothing."""

from __future__ import annotations

import logging

import pytest
import requests

from bot.channels.sms.connectors import LoopbackTexts, TwilioTexts, VonageTexts
from bot.channels.sms.links import known_addresses
from bot.replies.content import content
from bot.settings import settings
from tests.channels.page_server import ScriptedBot
from tests.channels.serving import ChannelServer
from tests.sms.phone import AMERICAN
from tests.sms.provider_servers import Failure
from tests.sms.world import World


def test_no_log_shows_a_number_or_a_word(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.provider.failures.extend([Failure(503), Failure(400, {"code": 21211, "message": AMERICAN, "status": 400})])
    world.twilio("my secret foot")
    world.vonage("my secret knee")
    world.twilio("my secret foot", AccountSid="other")
    world.settled()
    assert "a text was not taken" in caplog.text
    assert not [words for words in (AMERICAN, AMERICAN[1:], "secret foot", "secret knee") if words in caplog.text]


def test_a_call_is_told_that_the_number_is_for_texts(world: World) -> None:
    answer = world.twilio("", "call", CallSid="CA1")
    assert answer.status_code == 200
    assert "<Say>This number is for text messages only." in answer.text
    assert "<Hangup" in answer.text
    spoken = requests.get(f"{world.server.url}/webhooks/sms/vonage/call", timeout=20).json()
    assert [(step["action"], step["text"][:11]) for step in spoken] == [("talk", "This number")]
    assert world.post("/webhooks/sms/twilio/call", {"CallSid": "CA1"}).status_code == 403


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
    server = ChannelServer(lambda: [TwilioTexts(), VonageTexts(), LoopbackTexts()], ScriptedBot())
    server.start()
    try:
        found = {
            place: requests.get(f"{server.url}/webhooks/sms/{place}/", timeout=20).json()
            for place in ("twilio", "vonage", "loopback")
        }
        refused = requests.post(f"{server.url}/webhooks/sms/twilio/incoming", data={}, timeout=20)
    finally:
        server.stop()
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
