"""Twilio: its webhooks and its API over real HTTP, by its own library."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from rasa.core.channels.channel import UserMessage
from twilio.request_validator import RequestValidator

from bot.channels.sms.connectors import text_service
from bot.channels.sms.store import phones
from tests.sms.phone import AMERICAN, said
from tests.sms.provider_servers import Failure
from tests.sms.world import PUBLIC, QUICK, SERVICE_NUMBER, World, wait_until


def test_a_text_through_twilio_is_acknowledged_while_the_bot_still_thinks(world: World) -> None:
    answers, thought = world.bot.handle_message, threading.Event()

    async def thinks(message: UserMessage) -> None:
        await asyncio.to_thread(thought.wait, 20)
        await answers(message)

    world.bot.handle_message = thinks  # type: ignore[method-assign]
    answer = world.twilio("my foot bounces")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text == '<?xml version="1.0" encoding="UTF-8"?><Response />'
    assert world.bot.heard == ["hello"]
    thought.set()
    assert world.settled() == ["You wrote: my foot bounces"]
    to, _, fields = world.provider.came[0]
    key = f"text-{world.rows()[-1]['id']}"
    assert (to, fields["From"]) == (AMERICAN, SERVICE_NUMBER)
    assert fields["StatusCallback"] == f"{PUBLIC}/webhooks/sms/twilio/report?key={key}"


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
    assert world.settled() == ["You wrote: one", "You wrote: two"]
    assert world.provider.attempts >= 2 + len(failures)
    assert {row["state"] for row in world.rows()} == {"accepted"}


def test_twilio_says_that_somebody_opted_out(world: World) -> None:
    world.provider.failures.append(Failure(400, {"code": 21610, "message": "unsubscribed recipient", "status": 400}))
    world.twilio("one")
    world.settled()
    assert [row["opted_out_at"] is not None for row in text_service().store.rows(phones)] == [True]
    world.twilio("two")
    assert world.settled() == []


def test_reports_of_twilio_in_any_order_update_the_record(world: World) -> None:
    world.twilio("one")
    world.settled()
    row = world.rows()[-1]
    path = f"report?key=text-{row['id']}"
    for status in ("delivered", "sent", "delivered"):
        assert world.twilio("", path, MessageSid=row["message_id"], MessageStatus=status).status_code == 200
    assert world.rows()[-1]["state"] == "delivered"
    assert world.twilio("", "report", MessageSid="SMelse", MessageStatus="failed", ErrorCode="30003").status_code == 200
    assert world.rows()[-1]["state"] == "delivered"


def test_texts_whose_webhook_was_lost_are_asked_for_and_answered_in_their_order(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.twilio("one", MessageSid="SM-one")
    world.settled()
    begun = time.time()
    for seconds, name, pictures in ((0, "one", 0), (10, "two", 0), (20, "three", 1), (119, "on its way", 0)):
        world.provider.receives(f"SM-{name}", AMERICAN, SERVICE_NUMBER, name, begun + seconds, pictures)
    monkeypatch.setattr(text_service(), "_clock", lambda: begun + 120)
    wait_until(lambda: len(world.bot.heard) > 2)
    assert world.settled() == ["You wrote: one", "You wrote: two", "You wrote: three", said("picture")]


def test_a_picture_and_a_handled_keyword_as_twilio_tells_them(world: World) -> None:
    world.twilio("", NumMedia="1", MediaUrl0="https://api.twilio.com/x", MediaContentType0="image/jpeg")
    assert world.settled() == [said("picture")]
    world.twilio("STOP", OptOutType="STOP")
    world.twilio("hello?")
    world.twilio("START", OptOutType="START")
    world.twilio("hello!")
    assert world.settled() == [said("picture"), "You wrote: hello!"]


def test_the_signatures_are_those_of_the_providers_documentation() -> None:
    """Twilio's documented example, so that a change of its library would be noticed."""
    caller = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234"}
    fields = {**caller, "From": "+14158675309", "To": "+18005551212"}
    signature = RequestValidator("12345").compute_signature("https://mycompany.com/myapp.php?foo=1&bar=2", fields)
    assert signature == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
