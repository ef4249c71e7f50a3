"""How a conversation ends: start again, forget me, end and clear, and when its time is over."""

from __future__ import annotations

import time

import pytest

from bot.channels.sessions import COOKIE
from tests.channels.page_browser import BrokenStore, Browser, consents_of
from tests.channels.page_server import PageServer


def test_start_again_gives_an_empty_conversation_that_the_old_cookie_does_not_open(browser: Browser) -> None:
    browser.open()
    old = browser.session.cookies[COOKIE]
    browser.write("hello")

    assert browser.restart().json() == {}

    assert browser.session.cookies[COOKIE] != old
    assert browser.read("history")["messages"] == []


def test_forget_me_deletes_the_conversation_and_gives_a_new_one(server: PageServer, browser: Browser) -> None:
    browser.open()
    browser.write("hello", consent=browser.read("greeting")["consent"])
    old, conversation = browser.session.cookies[COOKIE], server.bot.latest
    assert conversation in server.bot.tracker_store.store

    assert browser.session.post(f"{browser.url}/forget", json={}).json() == {}

    assert conversation not in server.bot.tracker_store.store
    assert consents_of(conversation) == []
    assert browser.session.cookies[COOKIE] != old


def test_a_turn_that_ends_after_forget_me_leaves_nothing(
    server: PageServer, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.page_forgetting.ERASED_AGAIN", 0.1)
    browser.open()
    server.bot.seconds = 3.6
    browser.write("hello")  # answered by the guard after 3 seconds; the turn goes on
    conversation = server.bot.latest
    browser.session.post(f"{browser.url}/forget", json={})
    time.sleep(2.2)

    assert conversation not in server.bot.tracker_store.store


def test_forgetting_that_fails_is_said(server: PageServer, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    browser.open()
    browser.write("hello")
    monkeypatch.setattr("bot.channels.page_forgetting.erase_conversation", BrokenStore.fail)
    old = browser.session.cookies[COOKIE]
    answer = browser.session.post(f"{browser.url}/forget", json={})

    assert (answer.status_code, browser.session.cookies[COOKIE] == old) == (503, True)


def test_the_end_takes_the_cookie_away(browser: Browser) -> None:
    browser.open()
    browser.write("hello")
    answer = browser.session.post(f"{browser.url}/end", json={})

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
