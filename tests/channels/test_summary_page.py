"""The summary as a page: for the browser that made it, and without what is private."""

from __future__ import annotations

import asyncio
import time

import pytest
import requests
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import AnySlot

from bot.channels.sessions import COOKIE, Sessions, signing_key
from bot.channels.summary_page import summary_page
from bot.replies.check_in import interview
from bot.settings import settings
from bot.triage.interview_state import Entry, InterviewState
from tests.channels.page_server import PageServer, UnhurriedStore

STATE = InterviewState(
    entries=(
        Entry("start", groups=dict.fromkeys(("red-flags/brain", "red-flags/body"), "no")),
        Entry("question:who", answers={"who": ("me",), "knee": ("locks-with-pain",)}),
    ),
    ended="stopped",
)  # fmt: skip
MEMORY = {"state": STATE.to_json(), "at": time.time()}
PRIVATE = InterviewState(entries=(Entry("start", answers={"red-flags": ("rf-self-harm",)}),), ended="emergency")


def page_of(server: PageServer, conversation: str) -> requests.Response:
    cookie = Sessions(signing_key(settings().cookie_secret)).sealed(conversation)
    return requests.get(f"{server.url}/chat/summary", cookies={COOKIE: cookie}, timeout=10)


@pytest.fixture
def visited(server: PageServer) -> PageServer:
    """A server that remembers a check-in of the conversation "ann"."""
    domain = Domain.from_dict({"slots": {"interview": {"type": "any", "mappings": [{"type": "custom"}]}}})
    store = UnhurriedStore(domain)
    loop = asyncio.new_event_loop()  # of its own: asyncio.run would leave the thread without one
    tracker = loop.run_until_complete(store.get_or_create_tracker("ann"))
    assert isinstance(tracker.slots["interview"], AnySlot)
    assert isinstance(store, InMemoryTrackerStore)
    tracker.update(SlotSet("interview", MEMORY))
    loop.run_until_complete(store.save(tracker))
    loop.close()
    server.bot.tracker_store = store
    return server


def test_the_browser_whose_check_in_it_is_sees_it(visited: PageServer) -> None:
    answer = page_of(visited, "ann")
    assert answer.status_code == 200
    assert "<li>Knee snaps or locks back: Yes, and it hurts</li>" in answer.text
    assert "Made from your own answers. It is not a diagnosis." in answer.text
    assert "You decide if you keep it, show it or delete it." in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize("conversation", ["bob", "ann2"])
def test_another_browser_does_not(visited: PageServer, conversation: str) -> None:
    answer = page_of(visited, conversation)
    assert (answer.status_code, "Knee" in answer.text) == (404, False)
    assert "There is no check-in to show yet." in answer.text


def test_a_forged_cookie_opens_nothing(visited: PageServer) -> None:
    answer = requests.get(f"{visited.url}/chat/summary", cookies={COOKIE: "ann.forged.cookie"}, timeout=10)
    assert (answer.status_code, "Knee" in answer.text) == (404, False)


def test_the_style_is_served(server: PageServer) -> None:
    page = requests.get(f"{server.url}/chat/summary", timeout=10).text
    answer = requests.get(server.url + page.split('rel="stylesheet" href="')[1].split('"')[0], timeout=10)
    assert "@media print" in answer.text


def test_private_answers_stand_on_it_only_after_a_yes() -> None:
    memory = {"state": PRIVATE.to_json(), "at": time.time()}
    addresses = {"back": "/chat/", "style": "/chat/static/summary.css"}
    without = summary_page(memory, **addresses)
    agreed = summary_page({**memory, "on_summary": ["rf-self-harm"]}, **addresses)
    assert without is not None
    assert agreed is not None
    sign = interview().table.danger_question.by_id["rf-self-harm"].text
    assert (sign in without, sign in agreed) == (False, True)


def test_a_check_in_of_long_ago_is_not_shown() -> None:
    assert summary_page({**MEMORY, "at": time.time() - 25 * 3600}, back="/", style="/") is None
