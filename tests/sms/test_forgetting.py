"""Forget me: what a phone told is gone, everywhere, for good."""

from __future__ import annotations

import pytest

from bot.channels.sms import service
from bot.databases import Row
from bot.erasing import ERASED_AGAIN
from bot.records import records
from tests.sms.phone import AMERICAN, BRITISH, Desk, said

TOLD = ("number", "region", "said_region", "pages", "choices", "question", "question_text", "welcomed_at")


def told(phone: Row) -> dict[str, object]:
    """What a phone's row holds of what its person told."""
    return {name: phone[name] for name in TOLD if phone[name] is not None}


def seen_by_staff(conversation: str) -> list[Row]:
    """Every row that staff see of a conversation."""
    tables = ("escalations", "consents", "helpful")
    return [row for table in tables for row in records().rows(table) if row["conversation"] == conversation]


async def some_time_later(desk: Desk) -> None:
    """Let so much time pass that what was still being written is written."""
    desk.clock.now += ERASED_AGAIN
    await desk.settle()


async def danger_of_somebody_opted_out(desk: Desk) -> None:
    """Make staff see something, as a real bot does by its actions."""
    for text in ("STOP", "my face is drooping", "START"):
        await desk.say(text)


async def test_forget_me_erases_words_number_memory_and_what_staff_see(desk: Desk) -> None:
    phone = desk.phone()["id"]
    await danger_of_somebody_opted_out(desk)
    records().consent(phone, "v1", "words")
    await desk.say("Check my symptoms")
    assert "my face is drooping" in [row["text"] for row in seen_by_staff(phone) if "verdict" in row]

    assert await desk.say("forget me") == [said("forgotten")]

    assert seen_by_staff(phone) == []
    assert desk.bot.tracker_store.store == {}
    assert set(told(desk.phone())) == {"number", "region"}  # for the text that says so
    await some_time_later(desk)
    assert told(desk.phone()) == {}
    assert {row["text"] for row in (*desk.inbox(), *desk.outbox())} == {None}
    assert await desk.say("hello") == [said("welcome"), "You wrote: hello"]


async def test_what_was_being_written_while_it_was_erased_is_erased_too(desk: Desk) -> None:
    phone = desk.phone()["id"]
    await desk.say("forget me")
    await desk.bot.tracker_store.save(await desk.bot.tracker_store.get_or_create_tracker(phone))
    records().escalation(phone, "my face", {"category": "new-stroke", "level": "emergency", "sure": True})
    await some_time_later(desk)
    assert (desk.bot.tracker_store.store, seen_by_staff(phone)) == ({}, [])


async def test_what_cannot_be_erased_now_is_erased_when_it_can(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise OSError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(service, "erase_conversation", locked)
        assert await desk.say("forget me") == [said("forgotten")]
        await some_time_later(desk)
    assert (len(desk.bot.tracker_store.store), desk.phone()["number"] is None) == (1, False)
    await some_time_later(desk)
    assert (desk.bot.tracker_store.store, told(desk.phone())) == ({}, {})


async def test_a_person_who_texts_again_at_once_begins_anew_and_is_not_erased(desk: Desk) -> None:
    await desk.arrives("forget me")
    await desk.arrives("my knee")
    assert await desk.settle() == [said("forgotten"), said("welcome"), "You wrote: my knee"]
    await some_time_later(desk)
    tracker = await desk.bot.tracker_store.get_or_create_tracker(desk.phone()["id"])
    assert [event.text for event in tracker.events if event.type_name == "user"] == ["my knee"]


async def test_a_phone_that_is_silent_for_the_days_of_keeping_is_forgotten_but_not_that_it_opted_out(
    desk: Desk,
) -> None:
    await desk.say("hello", BRITISH)
    await desk.say("STOP", BRITISH)
    desk.clock.now += 29 * 86400
    await desk.say("hello", AMERICAN)
    desk.clock.now += 2 * 86400
    await desk.settle()
    assert told(desk.phone(BRITISH)) == {}
    assert desk.phone(BRITISH)["opted_out_at"] is not None
    assert await desk.say("hello?", BRITISH) == []
    assert await desk.say("hello", AMERICAN) == ["You wrote: hello"]


async def test_no_trace_of_a_number_stays_in_the_files(desk: Desk) -> None:
    locked = desk.phone()["number"].encode()
    assert [path for path in desk.folder.glob("texts.db*") if locked in path.read_bytes()] != []
    await desk.say("forget me")
    await some_time_later(desk)
    assert [path for path in desk.folder.glob("texts.db*") if locked in path.read_bytes()] == []
