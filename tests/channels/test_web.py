"""The chat page's addresses: the page, its messages, its history, and what they refuse."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
import requests
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.sessions import COOKIE, FRAMED_COOKIE, SECONDS_REMEMBERED
from bot.channels.web import LONGEST_BODY, LONGEST_TEXT
from bot.records import records
from tests.channels.page_server import PageServer, UnhurriedStore

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors 'none'"
)


CLEVELAND = {
    "title": "Clonus",
    "publisher": "Cleveland Clinic",
    "year": 2023,
    "url": "https://my.clevelandclinic.org/health/symptoms/24822-clonus",
}


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

    @staticmethod
    def fail(*_: object) -> None:
        """Any use of it."""
        raise ConnectionError("no database")


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
    addresses = addresses_in(page.text)
    assert {"icon.svg", "chat.css", "dark.css", "main.js", "words.js"} <= {
        address.split("/")[-1] for address in addresses
    }
    for address in addresses:
        file = requests.get(server.url + address)
        assert (file.status_code, file.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def addresses_in(page: str) -> list[str]:
    """Every file the page names."""
    return re.findall(r'(?:src|href)="(/chat/static/[^"]+)"', page)


def test_the_page_names_every_module_so_that_they_load_at_once(server: PageServer) -> None:
    named = {address.split("/")[-1] for address in addresses_in(requests.get(f"{server.url}/chat").text)}
    imported = set()
    for address in addresses_in(requests.get(f"{server.url}/chat").text):
        imported |= set(re.findall(r'from "\./([\w.]+)"', requests.get(server.url + address).text))

    assert imported <= named


def test_everything_the_page_loads_is_under_60_kb_compressed(server: PageServer) -> None:
    page = requests.get(f"{server.url}/chat").text
    sizes = []
    for address in ["/chat", "/chat/embed.js", *addresses_in(page)]:
        answer = requests.get(server.url + address, headers={"Accept-Encoding": "gzip"}, stream=True)
        assert answer.headers["Content-Encoding"] == "gzip"
        sizes.append(len(answer.raw.read(decode_content=False)))

    assert len(sizes) >= 14
    assert sum(sizes) < 60_000


@pytest.mark.parametrize(
    "address", ["/chat", "/chat/history", "/chat/greeting", "/chat/embed.js", "/chat/static/x/chat.css"]
)
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
    assert browser.read("history")["messages"] == []


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

    answer = browser.session.get(browser._url + "/history", headers={"Cookie": f"{COOKIE}={forged}".encode("latin-1")})

    assert (answer.json()["messages"], answer.json()["kept"]) == ([], False)
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


# --- embedding ---


def test_only_the_sites_of_the_settings_may_frame_the_page_and_only_where_it_is_made_for_a_frame(
    server: PageServer,
) -> None:
    alone = requests.get(f"{server.url}/chat").headers
    framed = requests.get(f"{server.url}/chat/?framed=1&place=corner").headers

    assert alone["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert alone["X-Frame-Options"] == "DENY"
    assert framed["Content-Security-Policy"].endswith("frame-ancestors https://clinic.example")
    assert "X-Frame-Options" not in framed


def test_in_a_frame_the_cookie_belongs_to_that_site_alone(server: PageServer) -> None:
    cookie = requests.get(f"{server.url}/chat/?framed=1").headers["Set-Cookie"]

    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly", "Path=/chat", "SameSite=None", "Secure", "Partitioned", f"Max-Age={SECONDS_REMEMBERED}"
    }  # fmt: skip
    assert cookie.startswith(f"{FRAMED_COOKIE}=")


def test_other_sites_may_load_the_script_that_opens_the_chat_and_nothing_else(server: PageServer) -> None:
    policies = {
        path: requests.get(server.url + path).headers["Cross-Origin-Resource-Policy"]
        for path in ("/chat/embed.js", "/chat", "/chat/greeting", "/chat/static/x/main.js")
    }

    assert policies == {
        "/chat/embed.js": "cross-origin",
        "/chat": "same-origin",
        "/chat/greeting": "same-origin",
        "/chat/static/x/main.js": "same-origin",
    }


# --- limits ---


def test_a_body_far_beyond_every_message_is_not_read(server: PageServer, browser: Browser) -> None:
    headers = {"Content-Type": "application/json"}
    body = '{"text": "' + "a" * LONGEST_BODY + '"}'
    answer = browser.session.post(f"{server.url}/chat/messages", data=body, headers=headers)

    expected = (413, {"error": "That message is too long for me. Please send it in shorter parts."})
    assert (answer.status_code, answer.json()) == expected


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


# --- news ---


def events(browser: Browser, query: str = "", most: int = 6) -> list[str]:
    """The first lines of a stream, empty ones left out."""
    with browser.session.get(f"{browser._url}/events{query}", stream=True, timeout=10) as stream:
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
    lines = events(browser, f"?after={first}", 6)

    assert [line for line in lines if line.startswith("id: ")] == ["id: a2", f"id: {second}"]
    assert "You wrote: good day" in lines[4]


def test_a_reply_has_the_same_id_when_it_is_fresh_and_when_it_is_restored(browser: Browser) -> None:
    browser.open()
    fresh = browser.write("my face droops", id="a1").json()["replies"]
    browser.write("my face droops", id="a2")
    restored = [message["id"] for message in browser.read("history")["messages"]]

    assert restored[:2] == ["a1", fresh[0]["id"]]
    assert len(set(restored)) == len(restored)


def test_a_stream_says_so_when_the_browser_has_another_conversation(browser: Browser) -> None:
    browser.open()
    talk = browser.read("history")["talk"]
    assert "event: renew" not in events(browser, f"?talk={talk}", 2)
    browser.restart()

    assert "event: renew" in events(browser, f"?talk={talk}", 3)


def test_a_browser_without_a_conversation_gets_no_stream(server: PageServer) -> None:
    assert requests.get(f"{server.url}/chat/events").status_code == 204


def test_a_fifth_window_of_one_conversation_is_told_kindly_to_ask_now_and_then(browser: Browser) -> None:
    browser.open()
    streams = [browser.session.get(f"{browser._url}/events", stream=True) for _ in range(4)]
    fifth = browser.session.get(f"{browser._url}/events")
    for stream in streams:
        stream.close()

    expected = (503, {"error": "The chat is open in many windows. This one will be a little slower."})
    assert (fifth.status_code, fifth.json()) == expected


def test_history_can_be_asked_for_what_is_new(browser: Browser) -> None:
    browser.open()
    last = browser.write("hello", id="a1").json()["replies"][-1]["id"]
    assert browser.read(f"history?after={last}")["messages"] == []
    browser.write("good day", id="a2")

    assert texts(browser.read(f"history?after={last}")["messages"]) == [
        ("person", "good day"),
        ("bot", "You wrote: good day"),
    ]


# --- what is kept, and forgotten ---


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


def consents_of(conversation: str) -> list[dict[str, Any]]:
    return [row for row in records().rows("consents") if row["conversation"] == conversation]


@pytest.mark.parametrize(
    "body", [{"id": "unknown", "helpful": True}, {"id": "a1", "helpful": True}, {"helpful": "x"}, {}]
)
def test_only_a_message_of_the_bot_can_have_helped(browser: Browser, body: dict[str, Any]) -> None:
    browser.open()
    browser.write("hello", id="a1")
    answer = browser.session.post(f"{browser._url}/helpful", json=body)

    assert (answer.status_code, answer.json()) == (400, {"error": "I could not note that. You can go on."})


def test_a_second_thought_on_helpfulness_replaces_the_first(server: PageServer, browser: Browser) -> None:
    browser.open()
    message = browser.write("hello").json()["replies"][0]["id"]
    for helpful in (True, False):
        assert browser.session.post(f"{browser._url}/helpful", json={"id": message, "helpful": helpful}).json() == {}

    rows = [row for row in records().rows("helpful") if row["conversation"] == server.bot.latest]
    assert [(row["helpful"], row["about"], row["text"]) for row in rows] == [(0, "answer", "You wrote: hello")]


def test_forget_me_deletes_the_conversation_and_gives_a_new_one(server: PageServer, browser: Browser) -> None:
    browser.open()
    browser.write("hello", consent=browser.read("greeting")["consent"])
    old, conversation = browser.session.cookies[COOKIE], server.bot.latest
    assert conversation in server.bot.tracker_store.store

    assert browser.session.post(f"{browser._url}/forget", json={}).json() == {}

    assert conversation not in server.bot.tracker_store.store
    assert consents_of(conversation) == []
    assert browser.session.cookies[COOKIE] != old


def test_a_turn_that_ends_after_forget_me_leaves_nothing(
    server: PageServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.ERASED_AGAIN", 0.1)
    browser.open()
    server.bot.seconds = 3.6
    browser.write("hello")  # answered by the guard after 3 seconds; the turn goes on
    conversation = server.bot.latest
    browser.session.post(f"{browser._url}/forget", json={})
    time.sleep(2.2)

    assert conversation not in server.bot.tracker_store.store


def test_forgetting_that_fails_is_said(server: PageServer, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.open()
    browser.write("hello")
    monkeypatch.setattr("bot.channels.web.erase_conversation", BrokenStore.fail)
    old = browser.session.cookies[COOKIE]
    answer = browser.session.post(f"{browser._url}/forget", json={})

    assert (answer.status_code, browser.session.cookies[COOKIE] == old) == (503, True)


def test_the_end_takes_the_cookie_away(browser: Browser) -> None:
    browser.open()
    browser.write("hello")
    answer = browser.session.post(f"{browser._url}/end", json={})

    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert COOKIE not in browser.session.cookies


def test_a_server_that_starts_deletes_conversations_whose_time_is_over(server: PageServer, browser: Browser) -> None:
    browser.open()
    browser.write("hello")
    conversation = server.bot.latest
    server.stop()
    server.start()
    assert kept_after_a_while(server, conversation)
    server.age(conversation, days=29)
    server.stop()
    server.start()
    assert kept_after_a_while(server, conversation)
    server.age(conversation, days=2)
    server.stop()
    server.start()

    assert not kept_after_a_while(server, conversation)


def kept_after_a_while(server: PageServer, conversation: str) -> bool:
    """Whether a conversation is still there once a server has had time to clean up."""
    time.sleep(0.5)
    return conversation in server.bot.tracker_store.store
