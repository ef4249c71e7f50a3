"""One browser's conversation: its messages and replies, what is restored, what is kept with it."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from rasa.shared.core.domain import Domain

from bot.channels.sessions import COOKIE
from bot.names import without_identifiers
from bot.records import records
from tests.channels.page_browser import BrokenStore, Browser, consents_of, texts
from tests.channels.page_server import PageServer

CLEVELAND = {
    "title": "Clonus",
    "publisher": "Cleveland Clinic",
    "year": 2023,
    "url": "https://my.clevelandclinic.org/health/symptoms/24822-clonus",
}


def test_a_message_is_answered_with_text_buttons_and_contract(browser: Browser) -> None:
    browser.open()
    (reply,) = browser.write("My foot bounces").json()["replies"]

    assert reply.pop("time") > 0
    assert len(reply.pop("id")) == 20
    assert reply == {
        "from": "bot",
        "text": "Clonus is a muscle that beats by itself.\n\nWhat you can do:\n- Put your whole foot down.\n- Wait.\n\n"
        "Read more at https://example.org/clonus.",
        "buttons": ["More", "Simpler", "Where is this from?"],
        "metadata": {"kind": "answer", "topic": "foot-bounce", "sources": [CLEVELAND]},
    }


def test_the_greeting_has_the_number_to_call(browser: Browser) -> None:
    first, reply = browser.read("greeting")["replies"]

    assert first["text"].startswith("I cannot see an emergency. If you may be in danger, call 911.")
    assert "not a person" in reply["text"]
    assert "911" in reply["text"]
    assert (first["metadata"], reply["metadata"]) == ({"kind": "notice"}, {"kind": "smalltalk"})


def test_a_message_that_says_where_the_person_is_names_what_to_call_there(browser: Browser) -> None:
    browser.open()
    told = [browser.write(text).json()["emergency"] for text in ("UK. my brace rubs", "Germany", "my brace rubs")]
    restored = [
        message.get("emergency") for message in browser.read("history")["messages"] if message["from"] == "person"
    ]

    assert told == [
        {"say": "999", "number": "999"},
        {"say": "112", "number": "112"},
        None,
    ]
    assert restored == told


def test_the_conversation_is_restored_as_it_was_said(browser: Browser) -> None:
    browser.open()
    first = browser.write("my face droops", id="a1").json()["replies"]
    second = browser.write("thanks", id="a2").json()["replies"]

    messages = browser.read("history")["messages"]

    assert texts(messages) == [
        ("person", "my face droops"),
        ("bot", first[0]["text"]),
        ("person", "thanks"),
        ("bot", "You wrote: thanks"),
    ]
    assert [message["id"] for message in messages if message["from"] == "person"] == ["a1", "a2"]
    said = [{**message, "time": 0} for message in messages if message["from"] == "bot"]
    assert said == [{**message, "time": 0} for message in first + second]


def test_the_conversation_is_restored_after_the_server_started_anew(server: PageServer, browser: Browser) -> None:
    browser.open()
    browser.write("hello")
    server.stop()
    server.start()

    assert texts(browser.read("history")["messages"]) == [("person", "hello"), ("bot", "You wrote: hello")]


def test_another_browser_sees_nothing_of_a_conversation(server: PageServer, browser: Browser) -> None:
    browser.open()
    browser.write("hello")
    other = Browser(server)
    other.open()

    assert other.read("history")["messages"] == []


@pytest.mark.parametrize("change", ["forged", "unsigned", "nonsense"])
def test_a_forged_cookie_opens_a_new_conversation(browser: Browser, change: str) -> None:
    browser.open()
    browser.write("hello")
    cookie = browser.session.cookies[COOKIE]
    conversation, date, signature = cookie.rsplit(".", 2)
    forged = {
        "forged": f"{conversation}.{date}.{signature[::-1]}",
        "unsigned": conversation,
        "nonsense": "\u00ff..",
    }[change]
    browser.session.cookies.clear()

    answer = browser.session.get(browser.url + "/history", headers={"Cookie": f"{COOKIE}={forged}".encode("latin-1")})

    assert (answer.json()["messages"], answer.json()["kept"]) == ([], False)
    assert answer.cookies[COOKIE].split(".")[0] != conversation


def test_only_a_new_browser_gets_a_cookie_with_its_answer(browser: Browser) -> None:
    """A slow answer that sets the cookie again would undo "Start again"."""
    assert COOKIE in browser.write("hello").cookies
    assert COOKIE not in browser.write("hello").cookies


def test_a_message_sent_again_is_heard_once_and_answered_the_same(server: PageServer, browser: Browser) -> None:
    browser.open()
    first = browser.write("hello", id="a1").json()
    again = browser.write("hello", id="a1", again=True).json()

    assert again == first
    assert server.bot.heard == ["hello"]


def test_a_message_sent_again_to_a_server_that_started_anew_is_heard_once(server: PageServer, browser: Browser) -> None:
    browser.open()
    first = browser.write("hello", id="a1").json()["replies"]
    server.stop()
    server.start()
    again = browser.write("hello", id="a1", again=True).json()["replies"]

    assert texts(again) == texts(first) == [("bot", "You wrote: hello")]
    assert server.bot.heard == ["hello"]


def test_a_message_sent_again_while_its_turn_runs_is_heard_once(server: PageServer, browser: Browser) -> None:
    browser.open()
    server.bot.seconds = 1.0
    with pytest.raises(requests.ReadTimeout):
        browser.session.post(f"{server.url}/chat/messages", json={"text": "hello", "id": "a1"}, timeout=0.3)
    again = browser.write("hello", id="a1", again=True).json()["replies"]

    assert texts(again) == [("bot", "You wrote: hello")]
    assert server.bot.heard == ["hello"]


def test_two_people_may_use_the_same_message_id(server: PageServer) -> None:
    answers = [texts(Browser(server).write(text, id="a1").json()["replies"]) for text in ("hello", "good day")]

    assert answers == [[("bot", "You wrote: hello")], [("bot", "You wrote: good day")]]


def test_a_slash_is_text_and_never_a_command(server: PageServer, browser: Browser) -> None:
    browser.write("/restart")

    assert server.bot.heard == ["restart"]


def test_when_conversations_cannot_be_read_or_kept_a_person_still_gets_an_answer(
    server: PageServer, browser: Browser
) -> None:
    server.bot.tracker_store = BrokenStore(Domain.empty())
    history = browser.session.get(f"{server.url}/chat/history")
    replies = browser.write("hello", id="a1", again=True).json()["replies"]

    expected = (503, {"error": "I cannot show what we wrote before. You can still write to me."})
    assert (history.status_code, history.json()) == expected
    assert [reply["metadata"]["kind"] for reply in replies] == ["fallback"]
    assert "call 911" in replies[0]["text"]


def test_when_everything_behind_the_page_is_broken_danger_is_still_seen(server: PageServer, browser: Browser) -> None:
    server.bot.tracker_store = BrokenStore(Domain.empty())
    (reply, *_) = browser.write("my husband's face is drooping and he cannot speak").json()["replies"]

    assert (reply["metadata"]["kind"], reply["metadata"]["level"]) == ("escalation", "emergency")
    assert reply["metadata"]["call"][0] == {"label": "Emergency", "number": "911"}


def test_a_flood_is_slowed_down_kindly_but_danger_is_always_heard(server: PageServer, browser: Browser) -> None:
    browser.open()
    answers = [browser.write(f"message {number}") for number in range(20)]
    slowed = [answer for answer in answers if answer.status_code == 429]

    assert len(slowed) >= 3
    assert slowed[0].json() == {"error": "That was a lot at once. I keep your message and send it in a moment."}
    assert 1 <= int(slowed[0].headers["Retry-After"]) <= 3
    danger = browser.write("my husband's face is drooping and he cannot speak")
    assert danger.status_code == 200
    assert Browser(server).write("hello").status_code == 200


def test_a_message_sent_again_does_not_count_twice(browser: Browser) -> None:
    browser.open()
    answers = [browser.write("hello", id="a1", again=True) for _ in range(30)]

    assert {answer.status_code for answer in answers} == {200}


def test_a_reply_has_the_same_id_when_it_is_fresh_and_when_it_is_restored(browser: Browser) -> None:
    browser.open()
    fresh = browser.write("my face droops", id="a1").json()["replies"]
    browser.write("my face droops", id="a2")
    restored = [message["id"] for message in browser.read("history")["messages"]]

    assert restored[:2] == ["a1", fresh[0]["id"]]
    assert len(set(restored)) == len(restored)


def test_history_can_be_asked_for_what_is_new(browser: Browser) -> None:
    browser.open()
    last = browser.write("hello", id="a1").json()["replies"][-1]["id"]
    assert browser.read(f"history?after={last}")["messages"] == []
    browser.write("good day", id="a2")

    assert texts(browser.read(f"history?after={last}")["messages"]) == [
        ("person", "good day"),
        ("bot", "You wrote: good day"),
    ]


def test_consent_is_recorded_once_and_only_for_the_words_of_now(server: PageServer, browser: Browser) -> None:
    browser.open()
    version = browser.read("greeting")["consent"]
    browser.write("hello", consent="of-last-year")
    conversation = server.bot.latest
    assert consents_of(conversation) == []
    browser.write("hello", consent=version)
    browser.write("good day", consent=version)

    [row] = consents_of(conversation)
    assert row["words"].startswith("I cannot see an emergency. If you may be in danger, call 911.")
    assert "for 30 days" in row["words"]


@pytest.mark.parametrize(
    "body", [{"id": "unknown", "helpful": True}, {"id": "a1", "helpful": True}, {"helpful": "x"}, {}]
)
def test_only_a_message_of_the_bot_can_have_helped(browser: Browser, body: dict[str, Any]) -> None:
    browser.open()
    browser.write("hello", id="a1")
    answer = browser.session.post(f"{browser.url}/helpful", json=body)

    assert (answer.status_code, answer.json()) == (400, {"error": "I could not note that. You can go on."})


def test_a_second_thought_on_helpfulness_replaces_the_first(server: PageServer, browser: Browser) -> None:
    without_identifiers("hello")  # loaded by the first message, which can take longer than anybody waits for rows
    browser.open()
    message = browser.write("hello").json()["replies"][0]["id"]
    for helpful in (True, False):
        assert browser.session.post(f"{browser.url}/helpful", json={"id": message, "helpful": helpful}).json() == {}

    rows = [row for row in records().rows("helpful") if row["conversation"] == server.bot.latest]
    assert [(row["helpful"], row["about"], row["text"], row["asked"]) for row in rows] == [
        (0, "answer", "You wrote: hello", "hello")
    ]
