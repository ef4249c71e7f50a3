"""Open pages that are told of new messages."""

from __future__ import annotations

import json

from bot.channels.streams import MOST_A_CONVERSATION, MOST_WAITING, Streams, after, as_event


def message(name: str) -> dict[str, str]:
    return {"id": name, "text": f"{name}\ndata: forged"}


async def test_news_reaches_every_page_of_a_conversation_and_no_other() -> None:
    streams = Streams(10)
    one, two, other = streams.open("a"), streams.open("a"), streams.open("b")
    assert one is not None
    assert two is not None
    assert other is not None
    streams.tell("a", [message("m1")])

    assert [await page.news(0.05) for page in (one, two, other)] == [[message("m1")], [message("m1")], None]


async def test_there_is_an_end_to_how_many_pages_are_served() -> None:
    streams = Streams(MOST_A_CONVERSATION + 1)
    here = [streams.open("a") for _ in range(MOST_A_CONVERSATION)]
    assert (None not in here, streams.open("a")) == (True, None)
    assert streams.open("b") is not None
    assert streams.open("c") is None
    assert here[0]
    streams.close("a", here[0])

    assert streams.open("c") is not None


async def test_a_page_that_takes_nothing_costs_no_memory_and_is_told_to_look_again() -> None:
    streams = Streams(10)
    page = streams.open("a")
    assert page
    for number in range(MOST_WAITING + 1):
        streams.tell("a", [message(str(number))])

    assert await page.news(0.05) is None


async def test_a_server_that_stops_ends_every_stream() -> None:
    streams = Streams(10)
    page = streams.open("a")
    assert page
    streams.close_all()

    assert (page.closed, await page.news(5)) == (True, None)


def test_what_came_together_is_one_event_whatever_is_in_it() -> None:
    lines = as_event([message("m1"), message("m2")]).split("\n")

    assert (lines[0], lines[2:]) == ("id: m2", ["", ""])
    assert json.loads(lines[1].removeprefix("data: ")) == [message("m1"), message("m2")]


def test_only_what_follows_is_sent_and_everything_when_the_place_is_unknown() -> None:
    messages = [message("m1"), message("m2"), message("m3")]

    assert after(messages, "m2") == [message("m3")]
    assert after(messages, "m3") == []
    assert after(messages, None) == after(messages, "m9") == messages
