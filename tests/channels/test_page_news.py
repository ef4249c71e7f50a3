"""New messages are told to open pages as they come."""

from __future__ import annotations

import json

import requests

from tests.channels.page_browser import Browser, texts
from tests.channels.page_server import PageServer


def events(browser: Browser, query: str = "", most: int = 6) -> list[str]:
    """The first lines of a stream, empty ones left out."""
    with browser.session.get(f"{browser.url}/events{query}", stream=True, timeout=10) as stream:
        lines = []
        for line in stream.iter_lines():
            if line:
                lines.append(line.decode())
            if len(lines) == most:
                break
        return lines


def test_a_stream_tells_what_follows_the_last_message_a_page_knows(browser: Browser) -> None:
    browser.open()
    first = browser.write("hello", id="a1").json()["replies"][-1]["id"]
    second = browser.write("good day", id="a2").json()["replies"][-1]["id"]
    _, last, data = events(browser, f"?after={first}", 3)

    assert last == f"id: {second}"
    assert texts(json.loads(data.removeprefix("data: "))) == [("person", "good day"), ("bot", "You wrote: good day")]


def test_a_stream_says_so_when_the_browser_has_another_conversation(browser: Browser) -> None:
    browser.open()
    browser.write("hello")
    talk = browser.read("history")["talk"]
    assert "event: renew" not in events(browser, f"?talk={talk}", 2)
    browser.restart()

    assert "event: renew" in events(browser, f"?talk={talk}", 3)


def test_a_browser_without_a_conversation_gets_no_stream(server: PageServer) -> None:
    assert requests.get(f"{server.url}/chat/events").status_code == 204


def test_a_fifth_window_of_one_conversation_is_told_kindly_to_ask_now_and_then(browser: Browser) -> None:
    browser.open()
    streams = [browser.session.get(f"{browser.url}/events", stream=True) for _ in range(4)]
    fifth = browser.session.get(f"{browser.url}/events")
    for stream in streams:
        stream.close()

    expected = (503, {"error": "The chat is open in many windows. This one will be a little slower."})
    assert (fifth.status_code, fifth.json()) == expected
