"""Everybody can use the page: axe in every state, keyboard, sizes, zoom, no styles, what a screen reader is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import checked_rules, violations
from tests.browser.clinic import Clinic
from tests.browser.conftest import OpenPage
from tests.browser.devices import NARROW, PHONE, WITH_EAR, WITH_VOICE, ZOOM_200, ZOOM_400
from tests.browser.page import ask, box, choices, easy_mode, focused, reply, said, settings, write
from tests.browser.states import STATES
from tests.channels.page_server import PageServer

TREES = Path(__file__).with_name("trees")
COMPARED = ("greeting", "answer", "question", "result", "escalation", "offline", "settings", "easy-mode", "closed")


@pytest.mark.parametrize("state", [name for name in STATES if not name.startswith("embedded") and name != "no-scripts"])
def test_axe_finds_nothing_wrong(open_page: OpenPage, clinic: Clinic, state: str) -> None:
    page = STATES[state].opened(open_page, clinic)

    assert violations(page) == []


@pytest.mark.parametrize("state", ["embedded-corner", "embedded-inline"])
def test_axe_finds_nothing_wrong_with_the_chat_on_another_site(open_page: OpenPage, clinic: Clinic, state: str) -> None:
    page = STATES[state].opened(open_page, clinic)
    [inside] = [frame for frame in page.frames if frame.parent_frame]

    assert (violations(page), violations(inside)) == ([], [])


def test_axe_finds_what_is_wrong(open_page: OpenPage) -> None:
    page = open_page()
    assert violations(page) == []
    assert {"color-contrast", "button-name", "target-size", "aria-allowed-attr", "label"} <= checked_rules(page)
    page.evaluate("document.querySelector('form label').remove()")

    assert "label" in [rule for rule, _ in violations(page)]


@pytest.mark.parametrize("state", COMPARED)
def test_a_screen_reader_is_told_the_same_as_ever(open_page: OpenPage, clinic: Clinic, state: str) -> None:
    """Renew a tree on purpose: delete its file and run the test twice."""
    page = STATES[state].opened(open_page, clinic)
    kept = TREES / f"{state}.yml"
    if not kept.exists():
        kept.write_text(told(page), encoding="utf-8")
        pytest.fail(f"{kept.name} was not there; it is written now. Read it and run again.")

    assert told(page) == kept.read_text(encoding="utf-8")


def told(page: Page) -> str:
    """The accessibility tree, with every date made the same."""
    page.evaluate("document.querySelectorAll('time').forEach((time) => { time.textContent = 'Today, 9:00 AM'; })")
    return page.locator("body").aria_snapshot() + "\n"


def test_new_messages_are_announced_politely_and_trouble_at_once(open_page: OpenPage) -> None:
    page = open_page()
    log = page.get_by_role("log", name="Messages")

    expect(log).to_have_attribute("aria-live", "polite")
    ask(page, "good day", "You wrote: good day")
    expect(log.get_by_text("You wrote: good day")).to_be_visible()
    page.context.set_offline(True)
    write(page, "one")
    expect(page.get_by_role("alert")).to_contain_text("There is no connection.")


def test_f6_goes_between_the_newest_message_and_the_message_box(open_page: OpenPage) -> None:
    page = open_page()
    ask(page, "good day", "You wrote: good day")
    page.keyboard.press("F6")
    assert "You wrote: good day" in focused(page)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("F6")

    expect(box(page)).to_be_focused()


def test_a_whole_check_in_works_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.type("Check my symptoms")
    page.keyboard.press("Enter")
    reply(page, "Did this start today?").wait_for()
    page.keyboard.press("F6")
    page.keyboard.press("Tab")
    assert focused(page) == "Yes"
    page.keyboard.press("Tab")
    assert focused(page) == "No"
    page.keyboard.press("Enter")
    reply(page, "Call your physical therapist").wait_for()
    page.keyboard.press("Tab")

    assert " ".join(focused(page).split()) == "Open the page for my visit (opens in a new tab)"


def test_settings_and_their_questions_work_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Settings", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Settings", exact=True)).to_have_attribute("aria-expanded", "true")
    page.get_by_role("button", name="Forget me").focus()
    page.keyboard.press("Enter")
    assert focused(page).startswith("Forget me? This deletes our talk for good.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "No, keep it"
    page.keyboard.press("Enter")
    expect(page.locator("#confirm")).to_be_hidden()
    page.get_by_role("button", name="Close settings").focus()
    page.keyboard.press("Enter")

    assert focused(page) == "Settings"


WAYS: dict[str, dict[str, Any]] = {
    "computer": {},
    "phone": PHONE,
    "320px": NARROW,
    "zoom-400": ZOOM_400,
    "dark": {"color_scheme": "dark"},
    "reduced-motion": {"reduced_motion": "reduce"},
    "touch": {**PHONE, "has_touch": True},
}


@pytest.mark.parametrize("easy", [False, True], ids=["", "easy-mode"])
@pytest.mark.parametrize("way", WAYS)
def test_a_whole_conversation_works_by_mouse_or_finger(open_page: OpenPage, way: str, easy: bool) -> None:
    page = open_page(**WAYS[way])

    def press(name: str) -> None:
        part = page.get_by_role("button", name=name, exact=True).last
        if way == "touch":
            part.tap()
        else:
            part.click()

    if easy:
        press("Easy mode")
        press("Show all")
    press("4. Check my symptoms" if easy else "Check my symptoms")
    reply(page, "Did this start today?").wait_for()
    press("2. No" if easy else "No")
    reply(page, "Call your physical therapist").wait_for()
    if easy:
        press("Write a message")
    box(page).fill("my face droops")
    press("Send")
    card = reply(page, "signs of a new stroke")
    expect(card.get_by_role("link", name="Call 911")).to_be_in_viewport()
    before = said(page)
    page.reload()
    card.wait_for()

    assert said(page) == before
    assert [what.splitlines()[0] for _, what in before] == [
        "Check my symptoms", "Did this start today?", "No", "Call your physical therapist this week.",
        "my face droops", "These can be signs of a new stroke.",
    ]  # fmt: skip


TARGETS = """[...document.querySelectorAll('button, a.call, a.summary, summary, textarea')]
  .filter((part) => part.offsetParent).map((part) => {
    const {left, right, top, bottom} = part.getBoundingClientRect();
    return {name: part.innerText || part.id, left, right, top: top + scrollY, bottom: bottom + scrollY,
            fixed: !!part.closest('form, .emergency'), spent: !!part.disabled}; })"""


@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("width", [320, 1000])
def test_everything_to_press_is_at_least_48_pixels_and_8_apart(open_page: OpenPage, width: int, easy: bool) -> None:
    page = open_page(viewport={"width": width, "height": 800}, before=WITH_VOICE + WITH_EAR)
    if easy:
        easy_mode(page)
        page.get_by_role("button", name="Write a message").click()
    ask(page, "my face droops", "signs of a new stroke")
    ask(page, "Check my symptoms", "Did this start today?")
    page.locator(".choices button:enabled", has_text="No").first.click()
    reply(page, "Call your physical therapist").wait_for()
    while easy and page.get_by_role("button", name="Show all").is_visible():
        page.get_by_role("button", name="Show all").click()
    ask(page, "Check my symptoms", "Did this start today?")
    settings(page)
    page.get_by_role("button", name="Start again").click()

    targets: list[dict[str, Any]] = [target for target in page.evaluate(TARGETS) if not target["spent"]]
    names = {target["name"] for target in targets}
    assert {"Call 911", "A", "Start again", "Yes, start again", "Send", "Speak", "Read aloud", "End and clear"} <= names
    assert {"1. Yes", "2. No", "3. Not sure"} <= names if easy else {"Yes", "No", "Not sure"} <= names
    small = [t for t in targets if t["right"] - t["left"] < 48 or t["bottom"] - t["top"] < 47.9]
    assert small == []
    close = [
        (one["name"], two["name"])
        for index, one in enumerate(targets)
        for two in targets[index + 1 :]
        if one["fixed"] == two["fixed"]
        and max(two["left"] - one["right"], one["left"] - two["right"]) < 7.9
        and max(two["top"] - one["bottom"], one["top"] - two["bottom"]) < 7.9
    ]
    assert close == []


OUTSIDE = """[...document.querySelectorAll('body *:not(.unseen):not(.skip)')]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1).map((part) => part.outerHTML)"""


@pytest.mark.parametrize("easy", [False, True])
@pytest.mark.parametrize("size", ["Normal text", "Largest text"])
@pytest.mark.parametrize("device", [NARROW, ZOOM_200, ZOOM_400], ids=["320px", "zoom-200", "zoom-400"])
def test_nothing_is_cut_off_on_a_narrow_screen(
    open_page: OpenPage, device: dict[str, Any], size: str, easy: bool
) -> None:
    page = open_page(**device, before=WITH_EAR)
    settings(page)
    page.get_by_role("button", name=size).click()
    if easy:
        easy_mode(page)
        page.get_by_role("button", name="Write a message").click()
    for text in ("My foot bounces", "my face droops", "brace", "Check my symptoms", "a" * 120):
        write(page, text)
        expect(page.locator("#log > :last-child")).to_contain_class("bot")

    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (wide, page.evaluate(OUTSIDE)) == (0, [])
    expect(page.get_by_role("complementary").get_by_role("link", name="Call 911")).to_be_in_viewport()


def test_text_may_be_spaced_out_and_twice_as_large(open_page: OpenPage) -> None:
    """WCAG 2.2, 1.4.4 and 1.4.12: what a person's own settings do to the text."""
    page = open_page(**PHONE)
    ask(page, "Check my symptoms", "Did this start today?")
    page.evaluate(
        """() => { const sheet = new CSSStyleSheet();
          sheet.replaceSync("html { font-size: 200% !important } * { line-height: 1.5 !important;"
            + " letter-spacing: 0.12em !important; word-spacing: 0.16em !important }"
            + " p { margin-bottom: 2em !important }");
          document.adoptedStyleSheets = [sheet]; }"""
    )

    clipped = page.evaluate(
        "[...document.querySelectorAll('button, p, li, label')].filter((part) => part.offsetParent)"
        ".filter((part) => part.scrollWidth > part.clientWidth + 1 && !part.closest('.unseen'))"
        ".map((part) => part.outerHTML)"
    )
    assert clipped == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_the_page_can_be_read_and_used_without_styles_and_images(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(at="about:blank")
    page.route("**/*.css", lambda route: route.abort())
    page.route("**/*.svg", lambda route: route.abort())
    page.goto(f"{server.url}/chat")
    page.get_by_text("What would you like to know?").wait_for()
    ask(page, "my face droops", "signs of a new stroke")

    lines = [line for line in page.locator("body").inner_text().splitlines() if line.strip()]
    order = ["Call 911", "I am a chat program, not a person. I cannot see an emergency.", "my face droops", "Call now"]
    assert [next(n for n, line in enumerate(lines) if line.endswith(text)) for text in order] == sorted(
        next(n for n, line in enumerate(lines) if line.endswith(text)) for text in order
    )
    assert "The chat is starting." not in lines
    assert "Is it an emergency? Call 911." not in lines


@pytest.mark.parametrize("state", ["question", "result", "escalation", "easy-mode-escalation", "settings"])
def test_nothing_is_said_by_color_or_picture_alone(open_page: OpenPage, clinic: Clinic, state: str) -> None:
    """What color marks stands in words as well, and no emoji stands for a word."""
    page = STATES[state].opened(open_page, clinic)
    words = page.locator("body").inner_text()

    assert page.locator("img, svg, canvas").count() == 0
    assert [char for char in words if ord(char) > 0x2600] == []
    marked = {
        "question": "Question 2 of 5",
        "result": "Get advice in the next few days",
        "escalation": "Call now",
        "easy-mode-escalation": "Call now",
        "settings": "As on this device",
    }
    assert marked[state] in words
    if state == "settings":
        pressed = page.evaluate(
            "getComputedStyle(document.querySelector('button[data-colors=device]'), '::before').content"
        )
        assert "\u2713" in pressed


def test_choices_wait_as_long_as_a_person_needs(open_page: OpenPage) -> None:
    page = open_page()
    page.clock.install()
    ask(page, "Check my symptoms", "Did this start today?")
    page.clock.fast_forward("09:00:00")

    assert choices(page) == ["Yes", "No", "Not sure"]
    page.get_by_role("button", name="No", exact=True).click()
    reply(page, "Call your physical therapist").wait_for()
