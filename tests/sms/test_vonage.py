"""Vonage: its webhooks and its API over real HTTP, by its own library."""

from __future__ import annotations

import pytest
import requests

from tests.sms.phone import AMERICAN
from tests.sms.provider_servers import Failure
from tests.sms.world import QUICK, SERVICE_NUMBER, World, vonage_fields, vonage_signature, wait_until


def test_a_text_through_vonage_is_answered(world: World) -> None:
    assert world.vonage("my foot bounces").status_code == 200
    assert world.settled() == ["You wrote: my foot bounces"]
    to, _, fields = world.provider.came[0]
    assert (to, fields["from"], fields["client-ref"]) == (
        AMERICAN[1:],
        SERVICE_NUMBER[1:],
        f"text-{world.rows()[-1]['id']}",
    )


def test_vonage_may_send_its_webhooks_as_json_or_in_the_address(world: World) -> None:
    fields = vonage_signature(vonage_fields("as json", "J1"))
    assert requests.post(f"{world.server.url}/webhooks/sms/vonage/incoming", json=fields, timeout=20).status_code == 200
    world.settled()
    fields = vonage_signature(vonage_fields("as get", "G1"))
    assert (
        requests.get(f"{world.server.url}/webhooks/sms/vonage/incoming", params=fields, timeout=20).status_code == 200
    )
    assert world.settled() == ["You wrote: as json", "You wrote: as get"]


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
    assert world.settled() == ["You wrote: one", "You wrote: two"]
    assert {row["state"] for row in world.rows()} == {"accepted"}


def test_a_delivery_receipt_of_vonage_stops_a_second_sending(world: World) -> None:
    world.provider.failures.append(Failure(200, taken=True, seconds=QUICK + 0.3))
    world.vonage("one")
    wait_until(lambda: bool(world.provider.came))
    key = world.provider.came[0][2]["client-ref"]
    receipt = {"messageId": "V-9", "status": "delivered", "err-code": "0", "client-ref": key, "text": ""}
    assert world.vonage(path="report", **receipt).status_code == 200
    assert world.settled() == ["You wrote: one"]
    assert (world.rows()[-1]["state"], world.provider.attempts) == ("delivered", 3)


def test_a_long_message_through_vonage_comes_in_parts(world: World) -> None:
    parts = {"1": "my foot bou", "2": "nces on gr", "3": "ass"}
    for number in ("3", "1", "2"):
        concat = {"concat": "true", "concat-ref": "08B5", "concat-total": "3", "concat-part": number}
        assert world.vonage(parts[number], **concat).status_code == 200
    assert world.settled() == ["You wrote: my foot bounces on grass"]


def test_names_in_another_script_go_out_in_unicode(world: World) -> None:
    world.vonage("I am 王")
    assert world.settled() == ["You wrote: I am 王"]
    assert world.provider.came[0][2]["type"] == "unicode"
