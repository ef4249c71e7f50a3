"""Nothing is lost and nothing is said twice: whatever is repeated, broken off, restarted, slow or down."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.sms.identity import Identity, KeyMismatch
from bot.channels.sms.inbox import Receipt
from bot.channels.sms.sending import Refused, Sent, TryLater
from bot.channels.sms.webhooks import Delivery, Incoming, Report
from tests.channels.page_server import ScriptedBot
from tests.sms.phone import AMERICAN, BRITISH, NOON, Clock, Desk, is_help_coming, said

DOWN = TryLater("status 503", uncertain=True)
BUSY = TryLater("status 429")


async def test_a_message_that_comes_again_changes_nothing(desk: Desk) -> None:
    first = await desk.arrives("my foot", message_id="SM1")
    again = await desk.arrives("my foot", message_id="SM1")
    assert (first, again) == (Receipt.NEW, Receipt.AGAIN)
    assert await desk.settle() == ["You wrote: my foot"]
    assert await desk.arrives("my foot", message_id="SM1") is Receipt.AGAIN
    assert await desk.settle() == []


async def test_a_message_that_comes_again_after_the_provider_has_given_up_is_a_replay(desk: Desk) -> None:
    await desk.say("my foot", message_id="SM1")
    desk.clock.now += desk.carrier.repeats_for + 1
    assert await desk.arrives("my foot", message_id="SM1") is Receipt.REPLAYED
    assert await desk.settle() == []


async def test_two_processes_that_get_the_same_message_at_once_keep_it_once(desk: Desk) -> None:
    other = desk.open()
    message = Incoming("SM9", AMERICAN, "my foot")
    receipts = await asyncio.gather(*(service.receive(desk.carrier, message) for service in [desk.service, other] * 4))
    assert sorted(receipts) == sorted([Receipt.NEW] + [Receipt.AGAIN] * 7)
    await asyncio.gather(desk.service.settle(), other.settle())
    assert desk.bot.heard == ["hello", "my foot"]
    assert [text for _, text in desk.carrier.came][-1:] == ["You wrote: my foot"]


async def test_messages_of_one_phone_are_answered_in_order_by_many_processes(desk: Desk) -> None:
    others = [desk.open() for _ in range(3)]
    desk.bot.seconds = 0.01
    for number in range(3):
        await desk.arrives(f"message {number}", AMERICAN)
        await desk.arrives(f"word {number}", BRITISH)
    for _ in range(6):
        await asyncio.gather(*(service.settle() for service in (desk.service, *others)))
    mine = [text for to, text in desk.carrier.came if to == AMERICAN]
    assert mine[-3:] == ["You wrote: message 0", "You wrote: message 1", "You wrote: message 2"]
    assert len(desk.carrier.came) == 2 + 3 + 1 + 3


async def test_messages_are_put_in_the_order_in_which_the_provider_got_them(desk: Desk) -> None:
    await desk.arrives("second", at=NOON + 2)
    await desk.arrives("first", at=NOON + 1)
    await desk.settle()
    assert desk.bot.heard == ["hello", "first", "second"]


async def test_a_process_that_died_before_the_turn_ended_leaves_it_to_the_next(desk: Desk) -> None:
    async def dies(message: UserMessage) -> None:
        raise SystemExit

    await desk.arrives("my foot")
    dying = desk.open(handler=dies)
    claimed = await asyncio.to_thread(dying.inbox.claim, desk.clock(), 20, lambda waiting: waiting[:1])
    assert [message.text for message in claimed] == ["my foot"]
    assert await desk.settle() == []  # the phone is still held
    desk.clock.now += 91
    assert await desk.settle() == ["You wrote: my foot"]


async def test_a_turn_that_ended_but_whose_replies_were_not_kept_is_not_run_twice(desk: Desk) -> None:
    await desk.arrives("Check my symptoms")
    service = desk.open()

    def cannot_keep(*_: object) -> None:
        raise OSError("the disk is full")

    service._finish = cannot_keep  # type: ignore[method-assign, assignment]
    with pytest.raises(OSError, match="disk is full"):
        await service.answer_next()
    assert await desk.settle() == ["Did this start today?\n1 Yes 2 No 3 Not sure"]
    assert desk.bot.heard == ["hello", "Check my symptoms"]


async def test_a_message_that_breaks_the_bot_gets_the_guards_answer_and_blocks_nobody(tmp_path: Path) -> None:
    class Broken(ScriptedBot):
        async def handle_message(self, message: UserMessage) -> None:
            raise RuntimeError("broken")

    desk = Desk(tmp_path, Broken())
    welcome, sorry = await desk.say("my foot")
    assert welcome == said("welcome")
    assert "911" in sorry
    assert (await desk.say("my face is drooping"))[0].startswith("This may be a stroke. Call 911 now")


async def test_a_reply_is_kept_while_the_provider_is_down_and_comes_once_and_in_order(desk: Desk) -> None:
    desk.carrier.outcomes.extend([BUSY, DOWN, BUSY])
    assert await desk.say("one") == []
    assert await desk.say("two") == []
    for _ in range(8):
        desk.clock.now += 45
        await desk.settle()
    assert [text for _, text in desk.carrier.came][-2:] == ["You wrote: one", "You wrote: two"]
    assert [row["state"] for row in desk.outbox()] == ["accepted"] * 4
    assert desk.carrier.attempts == 2 + 5


async def test_the_pauses_grow_and_heed_the_provider(desk: Desk) -> None:
    desk.carrier.outcomes.extend([BUSY, BUSY, BUSY, TryLater("status 429", after=600)])
    pauses = []
    await desk.arrives("one")
    for _ in range(4):
        await desk.settle()
        due = desk.outbox()[-1]["next_try_at"]
        pauses.append(due - desk.clock.now)
        desk.clock.now = due
    assert [1.5 <= pauses[0] <= 2.5, 3 <= pauses[1] <= 5, 6 <= pauses[2] <= 10, pauses[3] == 600] == [True] * 4


async def test_a_reply_survives_a_restart(desk: Desk) -> None:
    desk.carrier.outcomes.append(DOWN)
    await desk.say("one")
    desk.service.store.close()
    desk.service = desk.open()
    desk.clock.now += 60
    assert await desk.settle() == ["You wrote: one"]


async def test_the_next_part_waits_until_the_last_is_accepted(new_desk: Desk) -> None:
    new_desk.carrier.outcomes.append(BUSY)
    assert await new_desk.say("hello") == []
    assert new_desk.carrier.attempts == 1
    new_desk.clock.now += 10
    assert await new_desk.settle() == [said("welcome"), "You wrote: hello"]


async def test_an_escalation_overtakes_what_waits(desk: Desk) -> None:
    desk.carrier.outcomes.append(TryLater("status 429", after=1000))
    await desk.say("one")
    texts = await desk.say("my chest hurts and I cannot breathe")
    assert [text[:13] for text in texts] == ["Call 911 now."]
    desk.clock.now += 1000
    assert await desk.settle() == ["You wrote: one", is_help_coming("my chest hurts and I cannot breathe")]


async def test_a_text_that_may_have_been_taken_is_asked_for_before_it_is_sent_again(desk: Desk) -> None:
    desk.carrier.outcomes.append(DOWN)
    desk.carrier.sent_before = "C-before"
    await desk.say("one")
    desk.clock.now += 60
    assert await desk.settle() == []
    last = desk.outbox()[-1]
    assert (last["state"], last["message_id"], desk.carrier.attempts) == ("accepted", "C-before", 3)


async def test_a_report_tells_that_a_text_without_an_answer_was_taken(desk: Desk) -> None:
    desk.carrier.outcomes.append(DOWN)
    await desk.say("one")
    key = f"text-{desk.outbox()[-1]['id']}"
    await desk.service.report(desk.carrier, Report("C7", Delivery.DELIVERED, key))
    desk.clock.now += 60
    assert await desk.settle() == []
    assert desk.outbox()[-1]["state"] == "delivered"


async def test_a_text_left_half_sent_by_a_process_that_died_counts_as_uncertain(desk: Desk) -> None:
    await desk.arrives("one")
    await desk.service.answer_next()
    phone = await asyncio.to_thread(desk.service.outbox.claim_phone, desk.clock(), ("carrier",))
    assert phone is not None
    assert await asyncio.to_thread(desk.service.outbox.next_text, phone, desk.clock()) is not None
    assert await desk.settle() == []
    desk.clock.now += 61
    desk.carrier.sent_before = "C-before"
    assert await desk.settle() == []
    assert desk.outbox()[-1]["message_id"] == "C-before"


@pytest.mark.parametrize(
    ("reports", "state"),
    [
        ([Delivery.ON_THE_WAY, Delivery.DELIVERED], "delivered"),
        ([Delivery.DELIVERED, Delivery.ON_THE_WAY], "delivered"),
        ([Delivery.DELIVERED, Delivery.DELIVERED], "delivered"),
        ([Delivery.DELIVERED, Delivery.FAILED], "delivered"),
        ([Delivery.FAILED, Delivery.ON_THE_WAY], "failed"),
        ([Delivery.ON_THE_WAY], "accepted"),
    ],
)
async def test_reports_in_any_order_leave_the_right_state(desk: Desk, reports: list[Delivery], state: str) -> None:
    await desk.say("one")
    last = desk.outbox()[-1]
    for delivery in reports:
        await desk.service.report(desk.carrier, Report(last["message_id"], delivery))
    assert desk.outbox()[-1]["state"] == state
    assert await desk.settle() == []


async def test_a_report_about_nothing_of_ours_changes_nothing(desk: Desk) -> None:
    before = desk.outbox()
    for report in (
        Report("C-else", Delivery.DELIVERED),
        Report("C-else", Delivery.FAILED, "text-1"),
        Report("x", Delivery.FAILED, "text-99"),
        Report("x", Delivery.FAILED, "garbage"),
    ):
        await desk.service.report(desk.carrier, report)
    assert desk.outbox() == before


@pytest.mark.parametrize("outcome", [Refused("21610", opted_out=True), None])
async def test_a_provider_that_says_the_person_opted_out_is_believed(desk: Desk, outcome: Sent | None) -> None:
    if outcome is not None:
        desk.carrier.outcomes.append(outcome)
        await desk.say("one")
    else:
        await desk.say("one")
        await desk.service.report(
            desk.carrier, Report(desk.outbox()[-1]["message_id"], Delivery.FAILED, error="21610", opted_out=True)
        )
    assert desk.phone()["opted_out_at"] is not None
    assert await desk.say("two") == []
    assert await desk.say("START") == [said("started")]


async def test_a_text_that_is_refused_does_not_hold_up_the_next(desk: Desk) -> None:
    desk.carrier.outcomes.append(Refused("not a mobile"))
    assert await desk.say("one") == []
    assert await desk.say("two") == ["You wrote: two"]


async def test_a_question_that_never_reached_the_phone_is_put_again(desk: Desk) -> None:
    desk.carrier.outcomes.append(Refused("blocked"))
    await desk.say("Check my symptoms")
    assert await desk.say("1") == [said("old-answer"), "Did this start today?\n1 Yes 2 No 3 Not sure"]


async def test_an_answer_to_a_question_that_is_still_on_its_way_waits_for_it(desk: Desk) -> None:
    desk.carrier.outcomes.append(TryLater("status 429", after=300))
    await desk.say("Check my symptoms")
    assert await desk.say("1") == []
    desk.clock.now += 300
    assert await desk.settle() == ["Did this start today?\n1 Yes 2 No 3 Not sure"]


def night(clock: Clock) -> None:
    """Eleven in the evening in California."""
    clock.now = NOON + 13 * 3600


async def test_a_reply_is_sent_at_night(desk: Desk) -> None:
    night(desk.clock)
    assert await desk.say("one") == ["You wrote: one"]


async def test_a_reply_that_is_hours_late_waits_for_the_morning_and_danger_does_not(desk: Desk) -> None:
    night(desk.clock)
    desk.carrier.outcomes.append(TryLater("status 503", after=2 * 3600))
    await desk.say("one")
    desk.carrier.outcomes.append(TryLater("status 503", after=2 * 3600))
    await desk.say("my chest hurts and I cannot breathe")
    desk.clock.now += 2 * 3600 + 60
    assert [text[:13] for text in await desk.settle()] == ["Call 911 now."]
    desk.clock.now += 7 * 3600
    assert await desk.settle() == ["You wrote: one", is_help_coming("my chest hurts and I cannot breathe")]


async def test_what_is_no_reply_is_told_once_and_not_at_night(desk: Desk) -> None:
    night(desk.clock)
    phone = desk.phone()["id"]
    assert [await desk.service.tell(phone, "Somebody will call you.", "handover-1") for _ in range(2)] == [True, True]
    assert await desk.settle() == []
    desk.clock.now += 9 * 3600
    assert await desk.settle() == ["Somebody will call you."]
    await desk.say("stop")
    assert await desk.service.tell(phone, "Again.", "handover-2") is False
    assert await desk.service.tell("phone-unknown", "Again.", "handover-3") is False


async def test_a_reply_of_yesterday_is_not_sent_any_more(desk: Desk) -> None:
    desk.carrier.outcomes.append(TryLater("status 503", after=25 * 3600))
    await desk.say("one")
    desk.clock.now += 25 * 3600
    assert await desk.settle() == []
    assert desk.outbox()[-1]["state"] == "dropped"
    assert await desk.say("two") == ["You wrote: two"]


async def test_one_phone_that_floods_holds_up_nobody_and_loses_nothing(desk: Desk) -> None:
    for number in range(50):
        await desk.arrives(f"flood {number}")
    await desk.arrives("my foot", BRITISH)
    await desk.service.answer_next()
    await desk.service.answer_next()
    assert desk.bot.heard[1:] == ["my foot", "\n".join(f"flood {number}" for number in range(20))]
    await desk.settle()
    heard = "\n".join(desk.bot.heard).splitlines()
    assert [text for text in heard if text.startswith("flood")] == [f"flood {number}" for number in range(50)]
    assert len(desk.bot.heard) == 2 + 3


async def test_a_stop_in_a_flood_is_a_stop_and_a_danger_a_danger(desk: Desk) -> None:
    for text in ("one", "two", "my face is drooping", "four", "STOP", "six"):
        await desk.arrives(text)
    first, *_ = await desk.settle()
    assert first == said("stopped")
    assert desk.phone()["opted_out_at"] is not None


async def test_a_thousand_phones_at_once_are_answered_to_the_last(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    numbers = [f"+1415555{number:04}" for number in range(1000, 2000)]
    await asyncio.gather(*(desk.arrives("hello", number) for number in numbers))
    desk.service.start()
    try:
        for _ in range(2000):
            if len(desk.carrier.came) == 2 * len(numbers):
                break
            await asyncio.sleep(0.1)
    finally:
        await desk.service.stop()
    assert sorted(to for to, _ in desk.carrier.came) == sorted(numbers * 2)
    assert desk.service.inbox.waiting() == desk.service.outbox.waiting() == 0


async def test_the_ids_of_old_messages_are_not_kept_for_ever(desk: Desk) -> None:
    await desk.say("one")
    desk.clock.now += 31 * 86400
    await desk.say("two")
    assert [row["key"] for row in desk.inbox()] == ["carrier:M3"]
    assert [row["cause"] for row in desk.outbox()] == ["carrier:M3"]


async def test_the_numbers_of_a_question_count_however_old_it_is(desk: Desk) -> None:
    await desk.say("brace")
    desk.clock.now += 29 * 86400
    await desk.say("HELP")
    desk.clock.now += 2 * 86400
    await desk.say("2")
    assert desk.bot.heard == ["hello", "brace", "2"]


async def test_texts_are_counted_by_segments(desk: Desk) -> None:
    await desk.say("x" * 200)
    assert [row["segments"] for row in desk.outbox()] == [1, 1, 2]


async def test_a_store_locked_with_another_key_is_noticed(desk: Desk) -> None:
    service = desk.open()
    service.check_key()
    service.identity = Identity("quite another key")
    with pytest.raises(KeyMismatch, match="CLONUS_SMS_KEY"):
        service.check_key()
