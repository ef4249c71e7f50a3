"""While staff answer, the bot keeps quiet: their words come in order and once, and danger is still screened."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from sqlalchemy.engine import Connection

from bot.desk import handovers, messages
from bot.desk.staff import Staff
from bot.records import records
from bot.replies.content import content
from bot.replies.handover import person_here
from tests.channels.page_browser import Browser, texts
from tests.channels.page_server import PageServer

ANNA = Staff(1, "Anna", "support worker")


def at_desk(work: Callable[[Connection], object]) -> None:
    records().written()
    with records().engine.begin() as connection:
        work(connection)


def take_over(conversation: str) -> int:
    """Staff step in, as the console does it."""
    numbers: list[int] = []

    def step_in(connection: Connection) -> None:
        number = handovers.step_in(connection, conversation, "web", ANNA)
        row = handovers.one(connection, number)
        assert row is not None
        words = person_here(content(), ANNA.sender, None).text
        messages.keep(connection, row, f"taken-{number}", messages.TAKEN, words)
        numbers.append(number)

    at_desk(step_in)
    return numbers[0]


def say(number: int, *words: str) -> None:
    for word in words:
        at_desk(lambda connection, word=word: messages.say(connection, number, ANNA, f"{number}-{word}", word))


def read_until(browser: Browser, words: str) -> list[tuple[str, str]]:
    """What the page shows, once it shows `words`."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        shown = texts(browser.read("history")["messages"])
        if any(words in text for _, text in shown):
            return shown
        time.sleep(0.1)
    raise AssertionError(f"the page never showed: {words}")


@pytest.fixture
def talking(server: PageServer, browser: Browser) -> int:
    """A person who has written to the bot, and a member of staff who has taken over."""
    browser.write("hello", id="first")
    number = take_over(server.bot.latest)
    read_until(browser, "Anna, support worker, is here now")
    return number


def test_what_staff_say_comes_in_order_once_and_under_their_name(browser: Browser, talking: int) -> None:
    say(talking, "one", "two", "three", "two")
    shown = read_until(browser, "three")
    assert [text for _, text in shown[-3:]] == ["one", "two", "three"]
    said = browser.read("history")["messages"][-3:]
    assert [message["metadata"] for message in said] == [{"kind": "handover", "sender": "Anna, support worker"}] * 3
    time.sleep(1.2)
    assert texts(browser.read("history")["messages"]) == shown


def test_the_bot_keeps_quiet_and_says_once_who_has_the_message(
    server: PageServer, browser: Browser, talking: int
) -> None:
    heard = len(server.bot.heard)
    first, second = (browser.write(text).json()["replies"] for text in ("are you there?", "my foot bounces"))
    assert [reply["text"] for reply in first] == [
        "Anna, support worker, has your message. They will write to you here. In danger? Call 911 now."
    ]
    assert (second, len(server.bot.heard)) == ([], heard)
    shown = texts(browser.read("history")["messages"])
    assert [text for who, text in shown if who == "person"] == ["hello", "are you there?", "my foot bounces"]


def test_a_message_that_comes_twice_stands_there_once(browser: Browser, talking: int) -> None:
    for again in (False, True):
        browser.write("are you there?", id="same", again=again)
    said = [text for who, text in texts(browser.read("history")["messages"]) if who == "person"]
    assert said == ["hello", "are you there?"]


def test_danger_is_shown_to_the_person_and_to_staff(server: PageServer, browser: Browser, talking: int) -> None:
    replies = browser.write("my face droops on one side").json()["replies"]
    assert "escalation" in [reply["metadata"]["kind"] for reply in replies]
    records().written()
    rows = [row for row in records().rows("escalations") if row["conversation"] == server.bot.latest]
    assert [(row["text"], row["level"], row["channel"]) for row in rows] == [
        ("my face droops on one side", "emergency", "web")
    ]
    assert "911" in rows[0]["told"]


def test_what_was_told_to_staff_counts_with_a_later_sign(server: PageServer, browser: Browser, talking: int) -> None:
    said = browser.write("i have a spinal injury, t4, since 2011").json()["replies"]
    assert [reply["metadata"]["kind"] for reply in said] == ["handover"]
    replies = browser.write("my cuff reads 175 now, it is usually 100").json()["replies"]
    assert [(reply["metadata"]["kind"], reply["metadata"].get("category")) for reply in replies][:1] == [
        ("escalation", "autonomic-dysreflexia")
    ]


def test_after_handing_back_the_bot_answers_again(server: PageServer, browser: Browser, talking: int) -> None:
    say(talking, "goodbye then")

    def back(connection: Connection) -> None:
        row = handovers.one(connection, talking)
        assert row is not None
        handovers.hand_back(connection, talking, ANNA)
        messages.keep(connection, row, f"back-{talking}", messages.BACK, "The bot is back.")

    at_desk(back)
    shown = read_until(browser, "The bot is back.")
    assert [text for _, text in shown[-2:]] == ["goodbye then", "The bot is back."]
    assert [reply["text"] for reply in browser.write("and now?").json()["replies"]] == ["You wrote: and now?"]


def test_what_staff_say_while_no_server_runs_is_delivered_by_the_next_one_once(
    server: PageServer, browser: Browser, talking: int
) -> None:
    server.stop()
    say(talking, "written meanwhile")
    server.start()
    shown = read_until(browser, "written meanwhile")
    time.sleep(1.2)
    assert texts(browser.read("history")["messages"]) == shown
    assert [text for _, text in shown].count("written meanwhile") == 1


def test_a_server_that_dies_between_writing_and_noting_it_does_not_say_it_twice(
    server: PageServer, browser: Browser, talking: int
) -> None:
    say(talking, "only once")
    read_until(browser, "only once")
    records().written()
    again = messages.staff_messages.update().where(messages.staff_messages.c.text == "only once")
    at_desk(lambda connection: connection.execute(again.values(state=messages.WAITING, delivered_at=None)))
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        states = [row["state"] for row in records().rows("staff_messages") if row["text"] == "only once"]
        if states == [messages.DELIVERED]:
            break
        time.sleep(0.1)
    assert states == [messages.DELIVERED]
    assert [text for _, text in texts(browser.read("history")["messages"])].count("only once") == 1


def test_forgetting_takes_the_handover_and_what_staff_said(server: PageServer, browser: Browser, talking: int) -> None:
    say(talking, "secret words")
    read_until(browser, "secret words")
    conversation = server.bot.latest
    assert browser.session.post(f"{browser.url}/forget", json={}).status_code == 200
    left = {
        table: [row for row in records().rows(table) if row["conversation"] == conversation]
        for table in ("handovers", "staff_messages", "replies")
    }
    assert left == {"handovers": [], "staff_messages": [], "replies": []}


def test_while_the_records_cannot_be_read_the_bot_answers(
    server: PageServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(conversation: str) -> str | None:
        raise ConnectionError("no records")

    monkeypatch.setattr("bot.channels.held._holder", broken)
    assert [reply["text"] for reply in browser.write("hello").json()["replies"]] == ["You wrote: hello"]
