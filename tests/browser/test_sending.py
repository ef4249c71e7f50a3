"""What is written on the chat page is sent once and in order, whatever happens to the page or the connection."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.page import box, reply, said, write
from tests.channels.page_server import PageServer


def test_a_half_written_message_survives_a_reload(open_page: OpenPage) -> None:
    page = open_page()
    box(page).fill("my leg")
    page.reload()

    expect(box(page)).to_have_value("my leg")


def test_messages_written_without_a_connection_are_sent_once_and_in_order(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    write(page, "My foot bounces")
    reply(page, "Clonus is a muscle").wait_for()
    page.context.set_offline(True)
    write(page, "one")
    write(page, "two")
    expect(page.locator("#trouble")).to_contain_text("There is no connection. I keep what you wrote.")
    expect(page.locator("#trouble")).to_contain_text("Is it an emergency? Call 911.")
    expect(page.locator("#trouble-text")).to_be_in_viewport()
    expect(page.get_by_text("Not sent yet.")).to_have_count(2)
    page.context.set_offline(False)
    reply(page, "You wrote: two").wait_for()

    assert server.bot.heard == ["My foot bounces", "one", "two"]
    expect(page.locator("#trouble")).to_be_hidden()
    expect(page.get_by_text("Not sent yet.")).to_have_count(0)


def test_a_message_written_while_the_server_is_down_is_sent_when_it_is_back(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page()
    server.stop()
    write(page, "one")
    expect(page.locator("#trouble")).to_contain_text("I cannot reach the chat right now.")
    server.start()
    page.get_by_role("button", name="Try again now").click()
    reply(page, "You wrote: one").wait_for()

    assert server.bot.heard == ["one"]


def test_an_unsent_message_survives_a_reload_and_is_said_once(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    server.bot.seconds = 1.5
    write(page, "one")
    page.get_by_text("Clonus Companion is writing.").wait_for()
    page.reload()
    reply(page, "You wrote: one").wait_for()

    assert server.bot.heard == ["one"]
    assert said(page) == [("You", "one"), ("Clonus Companion", "You wrote: one")]


def test_a_message_written_while_the_page_still_loads_is_said_once(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    write(page, "one")
    reply(page, "You wrote: one").wait_for()
    server.bot.tracker_store.seconds = 1.0
    page.reload(wait_until="domcontentloaded")
    write(page, "two")
    reply(page, "You wrote: two").wait_for()

    assert server.bot.heard == ["one", "two"]
    assert [what for _, what in said(page)] == ["one", "You wrote: one", "two", "You wrote: two"]


def test_a_refused_message_is_given_back_with_the_reason(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "a" * 20_001)
    expect(page.locator("#trouble")).to_contain_text("That message is too long for me.")

    assert len(box(page).input_value()) == 20_001
    expect(page.get_by_text("This was not sent.")).to_have_count(1)


def test_waiting_is_said_in_words_and_typing_goes_on(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    server.bot.seconds = 1.5
    write(page, "one")
    expect(page.get_by_role("status")).to_have_text("Clonus Companion is writing.")
    write(page, "two")
    reply(page, "You wrote: two").wait_for()

    assert server.bot.heard == ["one", "two"]
    expect(page.get_by_role("status")).to_have_text("")
