"""The chat on a clinic's own site: one script tag, in a corner or inline, out of reach of the site's styles."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.clinic import Clinic
from tests.browser.conftest import OpenPage
from tests.channels.page_server import PageServer

SMALL = {"viewport": {"width": 360, "height": 640}}


def opened(page: Page) -> FrameLocator:
    """The chat in its frame, opened from the corner."""
    page.get_by_role("button", name="Chat about clonus").click()
    frame = page.frame_locator("iframe")
    frame.get_by_text("What would you like to know?").wait_for()
    return frame


def talk(frame: FrameLocator, text: str) -> None:
    frame.get_by_label("Write your message").fill(text)
    frame.get_by_label("Write your message").press("Enter")
    frame.get_by_text(f"You wrote: {text}").wait_for()


def test_one_script_tag_opens_the_chat_in_a_corner_and_asks_nothing_before(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.url}/corner/kind")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    launcher = page.get_by_role("button", name="Chat about clonus")
    expect(launcher).to_have_attribute("aria-expanded", "false")
    assert asked == []
    talk(opened(page), "hello")

    expect(page.get_by_role("dialog", name="Chat about clonus")).to_be_visible()
    right, bottom = page.evaluate(
        "(() => { const {right, bottom} = document.querySelector('clonus-chat').getBoundingClientRect();"
        " return [innerWidth - right, innerHeight - bottom]; })()"
    )
    assert (right, bottom) == (16, 16)


def test_the_chat_stands_inline_where_the_script_stands(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.url}/inline/kind")
    talk(page.frame_locator("iframe"), "hello")

    assert page.evaluate("document.querySelector('script').nextElementSibling.localName") == "clonus-chat"
    expect(page.get_by_role("button", name="Chat about clonus")).to_have_count(0)


@pytest.mark.parametrize("mode", ["corner", "inline"])
def test_a_hostile_site_cannot_hide_shrink_or_turn_it(open_page: OpenPage, clinic: Clinic, mode: str) -> None:
    page = open_page(at=f"{clinic.url}/{mode}/hostile")
    frame = page.frame_locator("iframe") if mode == "inline" else opened(page)
    talk(frame, "hello")

    box = page.locator("iframe").bounding_box()
    assert box is not None
    assert box["width"] >= 400
    assert box["height"] >= 500
    size = frame.locator("html").evaluate("(page) => getComputedStyle(page).fontSize")
    assert size == "18px"
    turned = page.evaluate("getComputedStyle(document.querySelector('clonus-chat')).transform")
    assert turned == "none"


def test_the_sites_styles_and_globals_stay_as_they_were(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.url}/corner/kind")
    before = page.evaluate("Object.keys(window).sort().join()")
    heading = page.evaluate("JSON.stringify({...getComputedStyle(document.querySelector('h1'))})")
    opened(page)

    assert page.evaluate("Object.keys(window).sort().join()") == before
    assert page.evaluate("JSON.stringify({...getComputedStyle(document.querySelector('h1'))})") == heading
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_the_sites_color_is_worn(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.url}/corner/kind")
    frame = opened(page)

    assert color_of(page, "clonus-chat button") == "rgb(122, 31, 162)"
    assert (
        frame.get_by_role("button", name="Send").evaluate("(b) => getComputedStyle(b).backgroundColor")
        == "rgb(122, 31, 162)"
    )


def test_a_color_too_pale_to_read_is_made_readable(open_page: OpenPage, clinic: Clinic) -> None:
    """A site can choose the color, never how well it can be read: 7 to 1 on the card, black on the pale button."""
    page = open_page(at=f"{clinic.url}/corner/pale")
    frame = opened(page)
    ratio = frame.get_by_role("button", name="Send").evaluate(
        """(button) => {
          const light = (color) => color.match(/\\d+/g).slice(0, 3).map(Number).map((part) => part / 255)
            .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
            .reduce((sum, part, index) => sum + part * [0.2126, 0.7152, 0.0722][index], 0);
          const {color, backgroundColor} = getComputedStyle(button);
          const [dim, bright] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
          return (bright + 0.05) / (dim + 0.05);
        }"""
    )

    assert ratio >= 7
    assert color_of(page, "clonus-chat button", "color") == "rgb(0, 0, 0)"


def color_of(page: Page, selector: str, name: str = "backgroundColor") -> str:
    """A computed color of the first element inside the chat's shadow."""
    host, part = selector.split()
    return str(
        page.evaluate(f"getComputedStyle(document.querySelector('{host}').shadowRoot.querySelector('{part}')).{name}")
    )


def test_it_opens_and_closes_by_keyboard_and_the_focus_comes_back(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.url}/corner/kind")
    page.get_by_role("button", name="Chat about clonus").focus()
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Write your message")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Chat about clonus")).to_be_focused()
    page.keyboard.press("Enter")
    frame.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("button", name="Chat about clonus")).to_be_focused()


def test_the_conversation_goes_on_from_page_to_page_of_the_site(
    open_page: OpenPage, clinic: Clinic, server: PageServer
) -> None:
    page = open_page(at=f"{clinic.url}/corner/kind")
    talk(opened(page), "hello")
    page.goto(f"{clinic.url}/inline/kind")
    frame = page.frame_locator("iframe")
    frame.get_by_text("You wrote: hello").wait_for()
    talk(frame, "and on")

    expect(frame.locator("#trouble")).to_be_hidden()
    assert server.bot.heard == ["hello", "and on"]


def test_in_a_frame_the_page_for_the_visit_opens_inside_it(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.url}/inline/kind")
    frame = page.frame_locator("iframe")
    frame.get_by_label("Write your message").fill("No")
    frame.get_by_label("Write your message").press("Enter")
    link = frame.get_by_role("link", name="Open the page for my visit")

    expect(link).to_have_attribute("href", "/visit/made-up?framed=1")
    assert link.get_attribute("target") is None


def test_news_is_told_while_the_chat_is_closed(open_page: OpenPage, clinic: Clinic, server: PageServer) -> None:
    page = open_page(at=f"{clinic.url}/corner/kind")
    frame = opened(page)
    talk(frame, "hello")
    page.keyboard.press("Escape")
    server.say_as_staff("I am Ana, a nurse.", "Ana, nurse")

    expect(page.get_by_role("button", name="New message")).to_be_visible(timeout=8000)


def test_on_a_phone_it_fills_the_screen_and_can_be_closed(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.url}/corner/kind", **SMALL)
    frame = opened(page)
    box = page.locator("iframe").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 360, "height": 640}
    frame.get_by_role("button", name="Close", exact=True).click()

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_site_that_is_not_in_the_settings_gets_a_link_instead(open_page: OpenPage, clinic: Clinic) -> None:
    page = open_page(at=f"{clinic.other_url}/inline/kind")
    link = page.get_by_role("link", name="Open the chat in its own window")
    link.wait_for()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/chat/", str(link.get_attribute("href")))
    assert page.frame_locator("iframe").get_by_text("What would you like to know?").count() == 0
