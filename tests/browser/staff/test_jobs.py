"""What staff do on the console, in a real browser: with the keyboard, with and without scripts."""

from __future__ import annotations

import re
import time

import pyotp
from playwright.sync_api import Page, expect

from bot.staff.first_link import first_link
from bot.staff.roles import Permission, Role
from tests.browser.staff.conftest import OpenConsole
from tests.staff.world import PASSWORD, Served, World

NEW = "five other plain words here"


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_label("Password").press("Enter")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_a_person_signs_in_and_comes_to_the_page_they_wanted(world: World, open_console: OpenConsole) -> None:
    world.person(Role.ADMINISTRATOR, email="anna@clinic.example")
    page = open_console("/people")
    sign_in(page, "anna@clinic.example", "not this one")
    expect(page.get_by_role("alert")).to_have_text("The e-mail address or the password is not right.")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    heading(page, "People")
    page.get_by_role("button", name="Sign out").click()
    heading(page, "Sign in")
    page.go_back()
    expect(page.get_by_role("heading", name="People")).to_have_count(0)


def test_from_the_first_link_to_a_colleague_at_work(world: World, served: Served, open_console: OpenConsole) -> None:
    link = first_link(world.console.database, world.settings)
    assert link is not None
    page = open_console("/join/" + link.rsplit("/", 1)[1])
    heading(page, "Make the first account")
    page.get_by_label("E-mail address").fill("anna@clinic.example")
    page.get_by_label("Your name").fill("Anna Berg")
    page.get_by_label("Password", exact=True).fill(NEW)
    page.get_by_label("The same password again").fill(NEW)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("status").first).to_have_text("Welcome. You are signed in.")

    page.get_by_role("link", name="People").click()
    page.get_by_label("E-mail address").fill("ben@clinic.example")
    page.get_by_label("Support").check()
    page.get_by_role("button", name="Make an invitation").click()
    invitation = page.locator("code.key").inner_text()
    assert invitation.startswith(served.url)

    colleague = open_console("/join/" + invitation.rsplit("/", 1)[1], java_script_enabled=False)
    heading(colleague, "Welcome")
    colleague.get_by_label("Your name").fill("Ben Cole")
    colleague.get_by_label("Password", exact=True).fill(NEW)
    colleague.get_by_label("The same password again").fill("another one entirely")
    colleague.get_by_role("button", name="Make my account").click()
    expect(colleague.get_by_role("alert")).to_contain_text("The two passwords differ.")
    colleague.get_by_label("Password", exact=True).fill(NEW)
    colleague.get_by_label("The same password again").fill(NEW)
    colleague.get_by_role("button", name="Make my account").click()
    heading(colleague, "Look up")
    expect(colleague.get_by_role("link", name="People")).to_have_count(0)


def test_a_second_factor_is_set_up_and_asked_for(world: World, open_console: OpenConsole) -> None:
    anna = world.person(Role.SUPPORT, email="anna@clinic.example")
    page = open_console("/account", anna)
    page.locator("#on-password").fill(PASSWORD)
    page.get_by_role("button", name="Set it up").click()
    heading(page, "Set up the second factor")
    drawn = "async (picture) => { await picture.decode(); return picture.naturalWidth; }"
    assert page.locator("img.qr").evaluate(drawn) > 100
    secret = page.locator("code.key").inner_text().replace(" ", "")
    page.get_by_label("Code from your phone").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Turn it on").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="I have them").click()
    expect(page.locator("#second-factor + p")).to_contain_text("You have 10 recovery codes left.")

    later = open_console("/account")
    sign_in(later, "anna@clinic.example")
    heading(later, "One more step")
    later.get_by_label("Code from your phone").fill(pyotp.TOTP(secret).at(time.time() + 30))
    later.keyboard.press("Enter")
    heading(later, "Your account")
    without_phone = open_console("/account")
    sign_in(without_phone, "anna@clinic.example")
    without_phone.get_by_label("Code from your phone").fill(codes[0])
    without_phone.keyboard.press("Enter")
    heading(without_phone, "Your account")


def test_a_topic_is_found_by_keyboard_as_one_types(world: World, open_console: OpenConsole) -> None:
    page = open_console("/look-up", world.person(Role.SUPPORT))
    expect(page.get_by_label("What does the person ask?")).to_be_focused()
    page.keyboard.type("heel wedge")
    expect(page.locator("#found")).to_have_text(re.compile("topics for “heel wedge”"))
    expect(page.locator("#count")).to_have_text(re.compile("topics for “heel wedge”"))
    page.keyboard.press("ArrowDown")
    first = page.locator(".found h3 a").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("What does the person ask?")).to_be_focused()
    page.keyboard.press("ArrowDown")
    title = first.inner_text()
    page.keyboard.press("Enter")
    heading(page, title)
    page.get_by_role("link", name="Back to the search").press("Enter")
    expect(page.get_by_label("What does the person ask?")).to_have_value("heel wedge")


def test_without_scripts_one_searches_with_the_button(world: World, open_console: OpenConsole) -> None:
    page = open_console("/look-up", world.person(Role.SUPPORT), java_script_enabled=False)
    page.get_by_label("What does the person ask?").fill("heel wedge")
    page.get_by_role("button", name="Search").click()
    page.locator(".found h3 a").first.click()
    expect(page.get_by_label("As a text message: 2 segments, GSM-7").first).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_a_topic_is_copied_for_a_page_and_as_a_text_message(
    world: World, served: Served, open_console: OpenConsole
) -> None:
    page = open_console("/look-up/heel-wedge", world.person(Role.SUPPORT))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=served.url)
    topic = world.console.library.now().topics["heel-wedge"]
    page.get_by_role("button", name="Copy In the simplest words as a text message").click()
    expect(page.locator("#copied")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == topic.simple
    page.get_by_role("button", name="Copy All of it for a page or mail").click()
    deadline = time.monotonic() + 5
    while not page.evaluate("navigator.clipboard.readText()").startswith(topic.title):
        assert time.monotonic() < deadline, "the whole topic was not copied"


def test_where_copying_is_forbidden_the_words_are_marked(world: World, open_console: OpenConsole) -> None:
    page = open_console("/look-up/heel-wedge", world.person(Role.SUPPORT))
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy Short answer as a text message").click()
    expect(page.locator("#copied")).to_contain_text("press Ctrl and C")
    assert page.evaluate("getSelection().toString()") == page.locator("#text-short").input_value()


def test_an_open_page_renews_what_changed_and_waits_while_somebody_writes_in_it(
    world: World, served: Served, open_console: OpenConsole
) -> None:
    world.console.live.topic("notes", Permission.LOOK_UP)
    page = open_console("/look-up", world.person(Role.SUPPORT))
    page.evaluate(
        """() => {
            document.querySelector("main").insertAdjacentHTML("beforeend",
                '<div id="piece" data-live="notes" data-from="/look-up/results?q=heel"><input id="inside"></div>');
            return import("/static/live.js?again");
        }"""
    )
    expect(page.locator("html")).to_have_attribute("data-live", "on")
    page.locator("#inside").focus()
    world.console.live.publish("notes")
    page.wait_for_timeout(400)
    expect(page.locator("#inside")).to_have_count(1)
    page.get_by_label("What does the person ask?").focus()
    expect(page.locator("#piece #found")).to_contain_text("topics for “heel”")
