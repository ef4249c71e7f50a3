"""What is no message, and who may not write in a person's name."""

from __future__ import annotations

import pytest

from bot.channels.page_requests import LONGEST_BODY, LONGEST_TEXT
from bot.channels.sessions import COOKIE
from tests.channels.page_browser import Browser, texts
from tests.channels.page_server import PageServer


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "same-site"},
        {"Content-Type": "application/json", "Origin": "https://elsewhere.example"},
        {"Content-Type": "application/json", "Origin": "null"},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {},
    ],
)
@pytest.mark.parametrize("what", ["messages", "restart", "forget", "end", "helpful"])
def test_another_site_cannot_write_in_a_persons_name(
    server: PageServer, browser: Browser, headers: dict[str, str], what: str
) -> None:
    browser.open()
    cookie = browser.session.cookies[COOKIE]

    answer = browser.session.post(f"{server.url}/chat/{what}", data='{"text": "hello"}', headers=headers)

    assert (answer.status_code, answer.json()) == (403, {"error": "This request did not come from the chat page."})
    assert server.bot.heard == []
    assert browser.session.cookies[COOKIE] == cookie
    assert COOKIE not in answer.cookies


def test_the_page_itself_may_write_where_the_browser_names_only_the_origin(
    server: PageServer, browser: Browser
) -> None:
    headers = {"Content-Type": "application/json", "Origin": server.url}
    answer = browser.session.post(f"{server.url}/chat/messages", data='{"text": "hello"}', headers=headers)

    assert texts(answer.json()["replies"]) == [("bot", "You wrote: hello")]


@pytest.mark.parametrize(
    "body", ["", "hello", "[]", '"hello"', "{}", '{"text": 5}', '{"text": "  "}', '{"text": null}']
)
def test_what_is_not_a_message_is_refused_in_plain_words(server: PageServer, browser: Browser, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = browser.session.post(f"{server.url}/chat/messages", data=body, headers=headers)

    expected = (400, {"error": "I could not read that message. Please type it again."})
    assert (answer.status_code, answer.json()) == expected
    assert server.bot.heard == []


def test_a_far_too_long_message_is_refused_in_plain_words(server: PageServer, browser: Browser) -> None:
    answer = browser.write("a" * (LONGEST_TEXT + 1))

    expected = (413, {"error": "That message is too long for me. Please send it in shorter parts."})
    assert (answer.status_code, answer.json()) == expected
    assert server.bot.heard == []


def test_a_body_far_beyond_every_message_is_not_read(server: PageServer, browser: Browser) -> None:
    headers = {"Content-Type": "application/json"}
    body = '{"text": "' + "a" * LONGEST_BODY + '"}'
    answer = browser.session.post(f"{server.url}/chat/messages", data=body, headers=headers)

    expected = (413, {"error": "That message is too long for me. Please send it in shorter parts."})
    assert (answer.status_code, answer.json()) == expected
