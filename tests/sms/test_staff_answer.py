"""Staff answer a person who texts: their words come as texts under their name, in order and once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk import handovers, messages
from bot.desk.staff import Staff
from bot.records import records
from tests.channels.conftest import clinic_settings
from tests.sms.phone import Desk

ANNA = Staff(1, "Anna", "support worker")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with clinic_settings(tmp_path):
        yield Desk(tmp_path)


async def talk(desk: Desk) -> int:
    """A person who has texted, whose conversation staff hold."""
    await desk.say("hello")
    with records().engine.begin() as connection:
        return handovers.step_in(connection, desk.phone()["id"], "sms", ANNA)


def say(number: int, *words: str) -> None:
    with records().engine.begin() as connection:
        for word in words:
            messages.say(connection, number, ANNA, f"key-{word}", word)


async def test_what_staff_say_comes_as_texts_under_their_name(desk: Desk) -> None:
    number = await talk(desk)
    say(number, "one", "two", "one")
    assert await desk.settle() == ["Anna, support worker: one", "Anna, support worker: two"]
    assert await desk.settle() == []


async def test_a_long_answer_comes_whole_in_numbered_texts(desk: Desk) -> None:
    number = await talk(desk)
    words = " ".join(f"word{n}" for n in range(80))
    say(number, words)
    came = await desk.settle()
    assert [text[:6] for text in came] == [f"({n}/{len(came)}) " for n in range(1, len(came) + 1)]
    assert " ".join(text[6:] for text in came) == f"Anna, support worker: {words}"


async def test_the_bot_keeps_quiet_and_no_rule_of_the_medium_reads_an_answer_to_staff(desk: Desk) -> None:
    await talk(desk)
    first = await desk.say("1")
    assert first == ["Anna, support worker, has your message. They will write to you here. In danger? Call 911 now."]
    assert [await desk.say(text) for text in ("MORE", "yes", "my foot bounces")] == [[], [], []]
    assert desk.bot.heard == ["hello"]


async def test_danger_is_still_told(desk: Desk) -> None:
    await talk(desk)
    came = await desk.say("my face droops on one side")
    assert "911" in came[0]


async def test_a_person_who_asked_for_no_more_texts_gets_none_and_staff_see_why(desk: Desk) -> None:
    number = await talk(desk)
    await desk.say("STOP")
    say(number, "hello?")
    assert await desk.settle() == []
    (row,) = records().rows("staff_messages")
    assert (row["state"], row["error"]) == ("dropped", "the person asked for no more texts")


async def test_a_process_that_dies_before_it_noted_a_delivery_sends_no_second_text(desk: Desk) -> None:
    number = await talk(desk)
    say(number, "only once")
    assert await desk.settle() == ["Anna, support worker: only once"]
    table = messages.staff_messages
    with records().engine.begin() as connection:
        connection.execute(table.update().values(state=messages.WAITING))
    desk.service = desk.open()
    assert (await desk.settle(), [row["state"] for row in records().rows("staff_messages")]) == ([], ["delivered"])
