"""The chat page's addresses: the page, its messages, its history, and what they refuse."""

from __future__ import annotations

import re
from typing import Any

import pytest
import requests
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.sessions import SECONDS_REMEMBERED
from bot.channels.web import COOKIE, LONGEST_TEXT
from tests.channels.page_server import PageServer, UnhurriedStore

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Browser:
    """A person's browser as far as the server can tell: it keeps its cookie."""

    def __init__(self, server: PageServer) -> None:
        self._url = f"{server.url}/chat"
        self.session = requests.Session()

    def open(self) -> requests.Response:
        return self.session.get(self._url)

    def write(self, text: Any, **more: Any) -> requests.Response:
        return self.session.post(f"{self._url}/messages", json={"text": text, **more})

    def read(self, what: str) -> Any:
        return self.session.get(f"{self._url}/{what}").json()

    def restart(self) -> requests.Response:
        return self.session.post(f"{self._url}/restart", json={})


class BrokenStore(UnhurriedStore):
    """A database that cannot be reached."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker:
        raise ConnectionError("no database")

    retrieve_full_tracker = retrieve


@pytest.fixture
def browser(server: PageServer) -> Browser:
    return Browser(server)


def texts(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(message["from"], message["text"]) for message in messages]


@pytest.mark.parametrize("address", ["/chat", "/chat/"])
def test_the_page_is_at_chat_with_the_number_to_call_and_its_files(server: PageServer, address: str) -> None:
    page = requests.get(server.url + address)

    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<a class="call" href="tel:911">Call 911</a>' in page.text
    assert "{{" not in page.text
    addresses = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert [address.split("?")[0] for address in addresses] == [
        "/chat/static/icon.svg",
        "/chat/static/chat.css",
        "/chat/static/chat.js",
    ]
    for address in addresses:
        file = requests.get(server.url + address)
        assert (file.status_code, file.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def test_everything_the_page_loads_is_under_60_kb(server: PageServer) -> None:
    page = requests.get(f"{server.url}/chat").text
    addresses = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    sizes = [len(requests.get(server.url + address).content) for address in addresses]

    assert len(page.encode()) + sum(sizes) < 60_000


@pytest.mark.parametrize("address", ["/chat", "/chat/history", "/chat/greeting", "/chat/static/chat.js"])
def test_every_answer_forbids_what_does_not_come_from_the_page_itself(server: PageServer, address: str) -> None:
    headers = requests.get(server.url + address).headers

    expected = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    assert {name: headers[name] for name in expected} == expected


def test_the_page_holds_no_inline_script_or_style(browser: Browser) -> None:
    page = browser.open().text

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|javascript:", page) == []


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.open().headers["Set-Cookie"]

    parts = {part.strip() for part in cookie.split(";")}
    assert parts - {part for part in parts if part.startswith(COOKIE)} == {
        "HttpOnly",
        "Path=/chat",
        "SameSite=Lax",
        f"Max-Age={SECONDS_REMEMBERED}",
    }


@pytest.mark.parametrize("proto", ["https", "https, http"])
def test_over_https_the_cookie_never_travels_in_the_clear(server: PageServer, proto: str) -> None:
    cookie = requests.get(f"{server.url}/chat", headers={"X-Forwarded-Proto": proto}).headers["Set-Cookie"]

    assert "Secure" in {part.strip() for part in cookie.split(";")}


def test_a_message_is_answered_with_text_buttons_and_contract(browser: Browser) -> None:
    browser.open()
    (reply,) = browser.write("My foot bounces").json()["replies"]

    assert reply.pop("time") > 0
    assert reply == {
        "from": "bot",
        "text": "Clonus is a muscle that beats by itself.\n\nWhat you can do:\n- Put your whole foot down.\n- Wait.\n\n"
        "Read more at https://example.org/clonus.",
        "buttons": ["More", "Simpler", "Where is this from?"],
        "metadata": {"kind": "answer", "topic": "foot-bounce"},
    }


def test_the_greeting_has_the_number_to_call(browser: Browser) -> None:
    (reply,) = browser.read("greeting")["replies"]

    assert "not a person" in reply["text"]
    assert "911" in reply["text"]
    assert reply["metadata"] == {"kind": "smalltalk"}


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


def test_start_again_gives_an_empty_conversation_that_the_old_cookie_does_not_open(browser: Browser) -> None:
    browser.open()
    old = browser.session.cookies[COOKIE]
    browser.write("hello")

    assert browser.restart().json() == {}

    assert browser.session.cookies[COOKIE] != old
    assert browser.read("history") == {"messages": []}


def test_another_browser_sees_nothing_of_a_conversation(server: PageServer, browser: Browser) -> None:
    browser.open()
    browser.write("hello")
    other = Browser(server)
    other.open()

    assert other.read("history") == {"messages": []}


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

    answer = browser.session.get(browser._url + "/history", headers={"Cookie": f"{COOKIE}={forged}".encode("latin-1")})

    assert answer.json() == {"messages": []}
    assert answer.cookies[COOKIE].split(".")[0] != conversation


def test_only_a_new_browser_gets_a_cookie_with_its_answer(browser: Browser) -> None:
    """A slow answer that sets the cookie again would undo "Start again"."""
    assert COOKIE in browser.write("hello").cookies
    assert COOKIE not in browser.write("hello").cookies


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
@pytest.mark.parametrize("what", ["messages", "restart"])
def test_another_site_cannot_write_in_a_persons_name(
    server: PageServer, browser: Browser, headers: dict[str, str], what: str
) -> None:
    browser.open()
    cookie = browser.session.cookies[COOKIE]

    answer = browser.session.post(f"{server.url}/chat/{what}", data='{"text": "hello"}', headers=headers)

    assert (answer.status_code, answer.json()) == (403, {"error": "This request did not come from the chat page."})
    assert server.bot.heard == []
    assert browser.session.cookies[COOKIE] == cookie


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
