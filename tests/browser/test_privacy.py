"""What the person is told first, what is kept with their yes, and how all of it goes away."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from bot.records import records
from tests.browser.conftest import OpenPage
from tests.browser.page import ask, box, choices, reply, said, settings, write
from tests.channels.page_server import PageServer

GONE = "Nothing of our talk is left in this browser."


def kept_in(page: Page) -> list[str]:
    """Everything of ours that the browser's storage holds."""
    return list(page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]"))


def conversations(server: PageServer) -> list[str]:
    return list(server.bot.tracker_store.store)


def test_the_first_words_say_what_it_is_and_what_is_kept(open_page: OpenPage) -> None:
    page = open_page()
    words = page.get_by_role("log").inner_text()

    for said_first in (
        "I am a chat program, not a person.",
        "I cannot see an emergency. If you may be in danger, call 911.",
        "I keep what we write for 30 days after your last message. Then it is deleted.",
        "Only the service that runs me can read it.",
        "If you write to me or tap a choice, you say yes to this.",
    ):
        assert said_first in words
    expect(page.get_by_role("banner")).to_contain_text("I am a chat program, not a person. I cannot see an emergency.")


def test_consent_is_kept_with_the_words_that_were_shown(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    before = len(records().rows("consents"))
    ask(page, "good day", "You wrote: good day")
    ask(page, "one more", "You wrote: one more")
    rows = records().rows("consents")

    assert len(rows) == before + 1
    assert rows[-1]["conversation"] == server.bot.latest
    assert rows[-1]["words"] in page.locator(".message").first.locator(".body").inner_text()


@pytest.mark.parametrize(
    ("button", "thanks", "helpful"),
    [("Yes", "Thank you. I noted that.", 1), ("No", 'You can say "simpler" for plain words.', 0)],
)
def test_whether_it_helped_is_asked_and_recorded(
    open_page: OpenPage, server: PageServer, button: str, thanks: str, helpful: int
) -> None:
    page = open_page()
    answer = ask(page, "My foot bounces", "Clonus is a muscle")
    answer.get_by_role("group", name="Was this helpful?").get_by_role("button", name=button).click()
    expect(answer.get_by_role("status")).to_contain_text(thanks)
    row = records().rows("helpful")[-1]

    assert (row["conversation"], row["about"], row["helpful"]) == (server.bot.latest, "foot-bounce", helpful)
    assert row["text"].startswith("Clonus is a muscle")
    expect(answer.get_by_role("group", name="Was this helpful?").get_by_role("button")).to_have_count(0)


def test_a_question_is_not_asked_for_its_helpfulness(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "Check my symptoms", "Did this start today?")

    expect(page.get_by_text("Was this helpful?")).to_have_count(0)


@pytest.mark.parametrize("way", ["button", "words"])
def test_forget_me_erases_the_conversation_and_its_records(open_page: OpenPage, server: PageServer, way: str) -> None:
    page = open_page()
    ask(page, "my name is Zebedee", "You wrote: my name is Zebedee")
    conversation = server.bot.latest
    if way == "button":
        settings(page)
        page.get_by_role("button", name="Forget me").click()
    else:
        write(page, "Please forget me!")
    expect(page.get_by_text("Forget me? This deletes our talk for good.")).to_be_focused()
    page.get_by_role("button", name="Yes, delete it").click()
    expect(page.get_by_role("status").last).to_have_text("Our talk is deleted.")

    assert (said(page), box(page).input_value()) == ([], "")
    assert conversation not in conversations(server)
    assert [row for row in records().rows("consents") if row["conversation"] == conversation] == []
    page.reload()
    page.get_by_text("What would you like to know?").wait_for()
    assert said(page) == []


def test_forgetting_can_be_thought_better_of(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    ask(page, "good day", "You wrote: good day")
    write(page, "forget me")
    page.get_by_role("button", name="No, keep it").click()

    assert len(said(page)) == 2
    assert server.bot.latest in conversations(server)
    assert server.bot.heard == ["good day"]


def test_forgetting_that_fails_is_told(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "good day", "You wrote: good day")
    page.route("**/chat/forget*", lambda route: route.fulfill(status=503, json={"error": "no"}))
    settings(page)
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("button", name="Yes, delete it").click()

    expect(page.locator("#trouble")).to_contain_text("I could not do that.")
    assert len(said(page)) == 2


def test_one_tap_ends_and_clears_the_chat_on_a_shared_computer(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    settings(page)
    page.get_by_role("button", name="Largest text").click()
    ask(page, "private words", "You wrote: private words")
    box(page).fill("half a thought")
    page.get_by_role("button", name="End and clear").click()
    expect(page.get_by_role("region", name="The chat is closed")).to_be_focused()
    expect(page.locator("#closed-text")).to_have_text(GONE)

    assert "private words" not in page.locator("body").inner_text()
    assert (kept_in(page), page.context.cookies()) == ([], [])
    expect(box(page)).to_be_hidden()
    page.get_by_role("button", name="Start a new chat").click()
    page.get_by_text("What would you like to know?").wait_for()
    assert (said(page), box(page).input_value(), len(choices(page))) == ([], "", 4)


def test_going_back_after_the_end_shows_nothing(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    ask(page, "private words", "You wrote: private words")
    page.get_by_role("button", name="End and clear").click()
    page.get_by_role("heading", name="The chat is closed").wait_for()
    page.goto(f"{server.url}/status-of-nothing")
    page.go_back()
    page.get_by_text("What would you like to know?").wait_for()

    assert said(page) == []


def test_the_end_reaches_every_tab(open_page: OpenPage) -> None:
    one = open_page()
    two = open_page(beside=one)
    ask(one, "private words", "You wrote: private words")
    reply(two, "You wrote: private words").wait_for()
    one.bring_to_front()
    one.get_by_role("button", name="End and clear").click()
    two.get_by_role("heading", name="The chat is closed").wait_for()

    assert "private words" not in two.locator("body").inner_text()


def test_a_slow_end_clears_every_screen_at_once_and_says_that_it_is_not_done_yet(open_page: OpenPage) -> None:
    one = open_page()
    two = open_page(beside=one)
    ask(one, "private words", "You wrote: private words")
    reply(two, "You wrote: private words").wait_for()
    held: list[Route] = []
    one.route("**/chat/end*", lambda route: held.append(route))
    one.get_by_role("button", name="End and clear").click()
    for page in (one, two):
        expect(page.locator("#closed-text")).to_have_text("Your screen is clear. I am closing the chat.")
        assert "private words" not in page.locator("body").inner_text()
    assert len(one.context.cookies()) == 1
    expect(one.locator("#closed")).to_be_visible()
    held[0].continue_()
    for page in (one, two):
        expect(page.locator("#closed-text")).to_have_text(GONE)

    assert (kept_in(one), kept_in(two), one.context.cookies()) == ([], [], [])


def test_an_end_without_a_connection_is_made_good_when_it_is_back(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "private words", "You wrote: private words")
    page.context.set_offline(True)
    page.get_by_role("button", name="End and clear").click()
    expect(page.locator("#closed")).to_contain_text("There is no connection, so I could not close the chat yet.")
    assert "private words" not in page.locator("body").inner_text()
    page.context.set_offline(False)
    expect(page.locator("#closed")).to_contain_text(GONE)

    assert (kept_in(page), page.context.cookies()) == ([], [])


def test_a_page_closed_without_a_connection_stays_closed_when_it_is_loaded_again(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "private words", "You wrote: private words")
    page.route("**/chat/end*", lambda route: route.abort())
    page.get_by_role("button", name="End and clear").click()
    expect(page.locator("#closed")).to_contain_text("There is no connection")
    page.unroute("**/chat/end*")
    page.reload()
    expect(page.locator("#closed")).to_contain_text(GONE)

    assert "private words" not in page.locator("body").inner_text()
    assert page.context.cookies() == []
