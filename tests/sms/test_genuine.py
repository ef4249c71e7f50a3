"""What is not genuine changes nothing, and what is genuine counts once; over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from bot.channels.sms.connectors import text_service
from bot.channels.sms.store import inbox, outbox, phones
from bot.channels.sms.twilio_sms import Twilio
from tests.sms.phone import AMERICAN
from tests.sms.world import World, twilio_fields, twilio_signature, vonage_fields, vonage_signature

BY_LOOPBACK = {"id": "1", "from": AMERICAN, "text": "forged"}
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
    "Vonage, unsigned": lambda world: world.post("/webhooks/sms/vonage/incoming", vonage_fields("forged", "V1")),
    "Vonage, another secret": lambda world: world.post(
        "/webhooks/sms/vonage/incoming", vonage_signature(vonage_fields("forged", "V1"), "guessed")
    ),
    "Vonage, changed text": lambda world: world.post(
        "/webhooks/sms/vonage/incoming", vonage_signature(vonage_fields("hello", "V1")) | {"text": "forged"}
    ),
    "Vonage, of the day before yesterday": lambda world: world.vonage("forged", age=2 * 86400),
    "Vonage, from the future": lambda world: world.vonage("forged", age=-3600),
    "Vonage, another account": lambda world: world.vonage("forged", **{"api-key": "other"}),
    "Loopback, unsigned": lambda world: world.post("/webhooks/sms/loopback/incoming", {"text": "forged"}),
    "Loopback, through a proxy": lambda world: world.loopback("incoming", BY_LOOPBACK, PROXIED),
    "Loopback, of an hour ago": lambda world: world.loopback("incoming", BY_LOOPBACK, age=3600),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_not_genuine_gets_403_and_nothing_happens(world: World, forgery: str) -> None:
    before = [text_service().store.rows(table) for table in (phones, inbox, outbox)]
    answer = FORGERIES[forgery](world)
    assert (answer.status_code, answer.text) == (403, "Refused.")
    assert [text_service().store.rows(table) for table in (phones, inbox, outbox)] == before
    assert (world.settled(), world.bot.heard) == ([], ["hello"])


def test_a_genuine_message_that_is_replayed_long_after_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert world.twilio("my foot", MessageSid="SM-once").status_code == 200
    assert world.twilio("my foot", MessageSid="SM-once").status_code == 200
    world.settled()
    monkeypatch.setattr(Twilio, "repeats_for", 0.0)
    assert world.twilio("my foot", MessageSid="SM-once").status_code == 403
    assert world.settled() == ["You wrote: my foot"]


def test_a_webhook_that_is_repeated_many_times_at_once_is_answered_once(world: World) -> None:
    with ThreadPoolExecutor(5) as at_once:
        answers = list(at_once.map(lambda _: world.twilio("my foot", MessageSid="SM-five"), range(5)))
    assert [answer.status_code for answer in answers] == [200] * 5
    assert world.settled() == ["You wrote: my foot"]


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
    assert world.settled() == ["You wrote: my foot"]
