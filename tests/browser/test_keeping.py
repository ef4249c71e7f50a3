"""Nothing is lost: late and staff messages arrive, two tabs are one conversation, what was typed outlives its tab."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from rasa.core.channels.channel import UserMessage

from tests.browser.conftest import OpenPage
from tests.browser.devices import PHONE
from tests.browser.page import GREETING_CHOICES, ask, box, choices, reply, said, settings, write
from tests.channels.page_server import PageServer

NO_STREAM = "delete window.EventSource;"


def bot(text: str) -> tuple[str, str]:
    return "Clonus Companion", text


def test_a_message_of_staff_arrives_without_a_reload_and_says_who_wrote(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page()
    ask(page, "good day", "You wrote: good day")
    server.say_as_staff("I am here now. <b>How</b> can I help?", "Ana, nurse")
    reply(page, "I am here now.").wait_for()

    assert said(page)[-1] == ("Ana, nurse", "I am here now. <b>How</b> can I help?")
    page.reload()
    reply(page, "I am here now.").wait_for()
    assert said(page)[-1] == ("Ana, nurse", "I am here now. <b>How</b> can I help?")


def test_without_a_stream_the_page_asks_every_five_seconds(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(at="about:blank", before=NO_STREAM)
    page.clock.install()
    page.goto(f"{server.url}/chat")
    page.get_by_text("What would you like to know?").wait_for()
    ask(page, "good day", "You wrote: good day")
    server.say_as_staff("I am here now.", "Ana, nurse")
    page.clock.fast_forward(5000)

    reply(page, "I am here now.").wait_for()


def test_a_page_that_gets_no_stream_asks_every_five_seconds(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(at="about:blank")
    page.clock.install()
    page.route("**/chat/events*", lambda route: route.fulfill(status=503, json={"error": "full"}))
    page.goto(f"{server.url}/chat")
    page.get_by_text("What would you like to know?").wait_for()
    ask(page, "good day", "You wrote: good day")
    server.say_as_staff("I am here now.", "Ana, nurse")
    page.clock.fast_forward(5000)

    reply(page, "I am here now.").wait_for()


def test_the_answer_of_a_slow_turn_arrives_after_the_apology_and_once(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    server.bot.seconds = 4.0
    write(page, "a hard one")
    reply(page, "something went wrong on my side").wait_for()
    reply(page, "You wrote: a hard one").wait_for()

    assert [what.split("\n")[0] for _, what in said(page)] == [
        "a hard one",
        "Sorry, something went wrong on my side. Your message may not have been read.",
        "You wrote: a hard one",
    ]


def test_after_an_apology_one_tap_says_the_same_once_more(
    open_page: OpenPage, server: PageServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(message: UserMessage) -> None:
        raise ConnectionError("no action server")

    page = open_page()
    ask(page, "Check my symptoms", "Did this start today?")
    with monkeypatch.context() as trouble:
        trouble.setattr(server.bot, "handle_message", broken)
        page.get_by_role("button", name="No", exact=True).click()
        reply(page, "something went wrong on my side").wait_for()
    page.get_by_role("button", name="Send it again").click()
    reply(page, "Call your physical therapist").wait_for()

    assert server.bot.heard == ["Check my symptoms", "No"]
    expect(page.get_by_role("button", name="Send it again")).to_have_count(0)


def test_two_tabs_show_one_conversation(open_page: OpenPage, server: PageServer) -> None:
    one = open_page()
    two = open_page(beside=one)
    ask(one, "good day", "You wrote: good day")
    reply(two, "You wrote: good day").wait_for()
    ask(two, "Check my symptoms", "Did this start today?")
    reply(one, "Did this start today?").wait_for()

    assert said(one) == said(two)
    assert choices(one) == choices(two) == ["Yes", "No", "Not sure"]
    one.bring_to_front()
    one.get_by_role("button", name="No", exact=True).click()
    reply(two, "Call your physical therapist").wait_for()
    assert choices(two) == []
    assert server.bot.heard == ["good day", "Check my symptoms", "No"]


def test_the_number_to_call_stays_in_sight_when_more_follows_it(open_page: OpenPage) -> None:
    """Also in a tab that hears of it from the server only."""
    one = open_page(**PHONE)
    two = open_page(beside=one)
    write(one, "I cannot breathe")
    for page in (one, two):
        reply(page, "Is help on the way?").wait_for(state="attached")
        expect(reply(page, "Trouble breathing").get_by_role("link", name="Call 911")).to_be_in_viewport()


def test_a_tab_of_another_conversation_follows_to_the_new_one(open_page: OpenPage) -> None:
    one = open_page()
    two = open_page(beside=one)
    ask(one, "good day", "You wrote: good day")
    reply(two, "You wrote: good day").wait_for()
    one.bring_to_front()
    settings(one)
    one.get_by_role("button", name="Start again").click()
    one.get_by_role("button", name="Yes, start again").click()
    expect(two.get_by_text("You wrote: good day")).to_have_count(0)
    ask(two, "and now", "You wrote: and now")
    reply(one, "You wrote: and now").wait_for()

    assert said(one) == said(two) == [("You", "and now"), bot("You wrote: and now")]


def test_both_tabs_send_what_they_kept_once_and_in_order(open_page: OpenPage, server: PageServer) -> None:
    one = open_page()
    two = open_page(beside=one)
    one.context.set_offline(True)
    write(one, "first")
    expect(two.get_by_text("first", exact=True)).to_be_visible()
    write(two, "second")
    write(one, "third")
    one.context.set_offline(False)
    for page in (one, two):
        reply(page, "You wrote: third").wait_for()
        expect(page.get_by_text("Not sent yet.")).to_have_count(0)

    assert server.bot.heard == ["first", "second", "third"]
    assert sorted(said(one)) == sorted(said(two))


def test_what_was_typed_outlives_the_tab(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    ask(page, "good day", "You wrote: good day")
    page.context.set_offline(True)
    write(page, "my foot bounces on stairs")
    page.get_by_text("Not sent yet.").wait_for()
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{server.url}/chat")
    reply(again, "You wrote: my foot bounces on stairs").wait_for()

    assert server.bot.heard == ["good day", "my foot bounces on stairs"]
    assert [what for _, what in said(again)] == [
        "good day", "You wrote: good day", "my foot bounces on stairs", "You wrote: my foot bounces on stairs"
    ]  # fmt: skip


def test_what_was_typed_days_ago_is_given_back_and_not_sent(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    page.evaluate(
        "localStorage.setItem('clonus-waiting',"
        " JSON.stringify([{id: 'old', text: 'my foot bounces right now', time: Date.now() / 1000 - 90000}]))"
    )
    page.reload()
    page.get_by_text("What would you like to know?").wait_for()

    expect(box(page)).to_have_value("my foot bounces right now")
    assert server.bot.heard == []


def test_a_restart_in_mid_interview_is_not_noticed(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    ask(page, "Check my symptoms", "Did this start today?")
    server.stop()
    server.start()
    page.get_by_role("button", name="No", exact=True).click()
    reply(page, "Call your physical therapist").wait_for()

    assert server.bot.heard == ["Check my symptoms", "No"]
    page.reload()
    reply(page, "Call your physical therapist").wait_for()
    assert [what.split("\n")[0] for _, what in said(page)] == [
        "Check my symptoms", "Did this start today?", "No", "Call your physical therapist this week."
    ]  # fmt: skip


def test_a_closed_tab_and_another_worker_make_no_difference(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    ask(page, "Check my symptoms", "Did this start today?")
    context, before = page.context, said(page)
    page.close()
    worker = PageServer(server.bot)
    worker.start()
    try:
        again = context.new_page()
        again.goto(f"{worker.url}/chat")  # a cookie knows no port: this is the same browser at another process
        reply(again, "Did this start today?").wait_for()
        assert (said(again), choices(again)) == (before, ["Yes", "No", "Not sure"])
        again.close()
    finally:
        worker.stop()


def test_a_message_written_on_another_worker_arrives(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    ask(page, "good day", "You wrote: good day")
    server.say_as_staff("from elsewhere", "Ana, nurse")
    reply(page, "from elsewhere").wait_for()

    assert said(page).count(("Ana, nurse", "from elsewhere")) == 1


def test_too_much_at_once_is_slowed_down_kindly_and_nothing_is_lost(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    texts = [f"message {number}" for number in range(17)]
    for text in texts:
        write(page, text)
    expect(page.locator("#trouble")).to_contain_text(
        "That was a lot at once. I keep your message and send it in a moment."
    )
    reply(page, "You wrote: message 16").wait_for(timeout=20000)

    assert server.bot.heard == texts
    expect(page.locator("#trouble")).to_be_hidden()


@pytest.mark.parametrize("storage", ["localStorage", "sessionStorage"])
def test_a_browser_that_keeps_nothing_can_be_used(open_page: OpenPage, storage: str, server: PageServer) -> None:
    page = open_page(before=f"Object.defineProperty(window, '{storage}', {{ get() {{ throw new Error('off'); }} }});")
    ask(page, "one", "You wrote: one")
    ask(page, "two", "You wrote: two")

    assert server.bot.heard == ["one", "two"]


def test_a_browser_that_takes_no_cookie_is_told_where_it_works(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(at="about:blank")

    page.route("**/chat/history*", lambda route: route.fulfill(json={"messages": [], "talk": "another", "kept": False}))
    page.goto(f"{server.url}/chat")
    expect(page.locator("#trouble")).to_contain_text("Your browser does not let me keep our talk in this place.")

    expect(page.get_by_role("link", name="Open the chat in its own window")).to_be_visible()
    ask(page, "one", "You wrote: one")
    ask(page, "two", "You wrote: two")
    assert [what for _, what in said(page)] == ["one", "You wrote: one", "two", "You wrote: two"]


def test_when_what_was_said_cannot_be_read_the_talk_goes_on(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(at="about:blank")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/chat/history*", lambda route: route.fulfill(status=503, json={"error": "no"}))
    page.goto(f"{server.url}/chat")
    expect(page.locator("#trouble")).to_contain_text("I cannot show what we wrote before.")
    ask(page, "one", "You wrote: one")
    ask(page, "two", "You wrote: two")

    assert [what for _, what in said(page)] == ["one", "You wrote: one", "two", "You wrote: two"]
    assert len([url for url in asked if "/chat/history" in url]) == 1


def start_again(page: Page) -> None:
    settings(page)
    page.get_by_role("button", name="Start again").click()
    page.get_by_role("button", name="Yes, start again").click()


def test_start_again_asks_first_and_then_clears_the_screen(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "good day", "You wrote: good day")
    settings(page)
    page.get_by_role("button", name="Start again").click()
    page.get_by_role("button", name="No, keep it").click()
    assert said(page) == [("You", "good day"), bot("You wrote: good day")]
    expect(page.get_by_role("button", name="Start again")).to_be_focused()
    page.get_by_role("button", name="Start again").click()
    page.get_by_role("button", name="Yes, start again").click()
    expect(box(page)).to_be_focused()

    assert (said(page), choices(page)) == ([], GREETING_CHOICES)
    page.reload()
    page.get_by_text("What would you like to know?").wait_for()
    assert said(page) == []


def test_what_waited_is_not_sent_into_a_new_conversation(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    page.route("**/chat/messages*", lambda route: route.abort())
    write(page, "for the old one")
    page.get_by_text("Not sent yet.").wait_for()
    start_again(page)
    expect(page.get_by_text("for the old one")).to_have_count(0)
    page.unroute("**/chat/messages*")
    ask(page, "for the new one", "You wrote: for the new one")

    assert server.bot.heard == ["for the new one"]
