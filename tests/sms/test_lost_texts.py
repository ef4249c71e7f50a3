"""A text whose webhook never arrived is found at the provider, taken in and answered once."""

from __future__ import annotations

from bot.channels.sms.inbox import Receipt
from bot.channels.sms.webhooks import Incoming
from tests.sms.phone import AMERICAN, NOON, WORDS, Desk

LOST = Incoming("SM-lost", AMERICAN, "my foot", at=NOON + 60)


async def test_lost_texts_are_taken_in_as_they_were_sent_though_the_provider_lists_the_newest_first(desk: Desk) -> None:
    await desk.say("one")
    began = desk.clock.now
    desk.carrier.has = [Incoming(f"SM-{number}", AMERICAN, f"{number}", at=began + number) for number in (3, 2, 1)]
    desk.clock.now = began + 120
    await desk.service.take_in_lost()
    assert [row["key"] for row in desk.inbox()][-3:] == ["carrier:SM-1", "carrier:SM-2", "carrier:SM-3"]


async def test_a_text_whose_webhook_was_lost_is_taken_in_and_answered_once(desk: Desk) -> None:
    desk.carrier.has = [LOST]
    await desk.service.take_in_lost()
    assert await desk.settle() == []  # its webhook may still be on its way
    desk.clock.now += 60
    await desk.service.take_in_lost()
    assert await desk.settle() == ["You wrote: my foot"]
    desk.clock.now += 60
    await desk.service.take_in_lost()
    assert await desk.settle() == []
    assert await desk.arrives("my foot", message_id="SM-lost") is Receipt.AGAIN


async def test_a_lost_text_is_put_before_the_later_one_that_arrived(desk: Desk) -> None:
    desk.carrier.has = [LOST]
    desk.clock.now += 120
    await desk.arrives("my knee", at=NOON + 90)
    await desk.service.take_in_lost()
    await desk.settle()
    assert desk.bot.heard == ["hello", "my foot", "my knee"]


async def test_a_courier_is_asked_once_a_minute_and_for_no_longer_than_is_of_use(desk: Desk) -> None:
    begun = desk.clock.now
    for seconds in (0, 30, 60, 3600, 7200):
        desk.clock.now = begun + seconds
        await desk.service.take_in_lost()
    first = desk.inbox()[0]["received_at"]
    assert desk.carrier.asked_since == [first, first, first, begun]
    restarted = desk.open()
    desk.clock.now = begun + 30 * 3600
    await restarted.take_in_lost()
    assert desk.carrier.asked_since[-1] == desk.clock.now - WORDS.numbers.give_up_hours * 3600


async def test_what_a_courier_had_before_we_were_connected_is_not_answered(new_desk: Desk) -> None:
    new_desk.carrier.has = [LOST]
    new_desk.clock.now += 3600
    await new_desk.service.take_in_lost()
    assert (await new_desk.settle(), new_desk.carrier.asked_since) == ([], [])


async def test_a_courier_that_cannot_be_asked_is_asked_again_for_the_same_time(desk: Desk) -> None:
    async def down(since: float) -> list[Incoming]:
        raise OSError("down")

    able, desk.carrier.received = desk.carrier.received, down  # type: ignore[method-assign]
    desk.clock.now += 7200
    await desk.service.take_in_lost()
    desk.carrier.received = able  # type: ignore[method-assign]
    desk.carrier.has = [LOST]
    desk.clock.now += 60
    await desk.service.take_in_lost()
    assert await desk.settle() == ["You wrote: my foot"]
