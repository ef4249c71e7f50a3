"""The chat page can be read: text size, contrast, colors of the device, no motion for who wants none."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.page import settings, write


def test_the_text_size_is_remembered(open_page: OpenPage) -> None:
    page = open_page()
    settings(page)
    page.get_by_role("button", name="Largest text").click()
    page.reload()
    settings(page)

    expect(page.get_by_role("button", name="Largest text")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "28px"


@pytest.mark.parametrize("colors", ["Light", "Dark", "High contrast"])
def test_text_stands_out_from_its_background(open_page: OpenPage, colors: str) -> None:
    """Contrast of at least 7 to 1 (WCAG 2.2, 1.4.6) for every piece of text on the page."""
    page = open_page()
    settings(page)
    page.get_by_role("button", name=colors).click()
    for text in ("My foot bounces", "my face droops", "Check my symptoms", "No"):
        write(page, text)
        expect(page.locator("#log > :last-child")).to_contain_class("bot")

    weak = page.evaluate(
        """() => {
          const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
          const light = (color) => {
            const [r, g, b] = numbers(color).map((part) => part / 255)
              .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
          };
          const ground = (part) => {
            for (let here = part; here; here = here.parentElement) {
              const color = getComputedStyle(here).backgroundColor;
              if ((numbers(color)[3] ?? 1) === 1) return color;
            }
            throw new Error("no background");
          };
          return [...document.querySelectorAll("body *")]
            .filter((part) => part.offsetParent)
            .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
            .map((part) => {
              const [one, two] = [light(getComputedStyle(part).color), light(ground(part))].sort((a, b) => b - a);
              return [part.textContent, (one + 0.05) / (two + 0.05)];
            })
            .filter(([, contrast]) => contrast < 7);
        }"""
    )
    assert weak == []


def test_the_device_says_whether_the_page_is_dark(open_page: OpenPage) -> None:
    papers = [
        open_page(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]

    assert papers == ["rgb(244, 246, 246)", "rgb(16, 23, 24)"]


def test_where_the_device_chooses_all_colors_edges_and_pressed_buttons_are_still_seen(open_page: OpenPage) -> None:
    """Forced colors take every background away."""
    page = open_page(forced_colors="active")
    settings(page)
    edges = page.evaluate(
        "['.message', '.emergency', 'form', 'textarea'].map((part) => {"
        " const {borderStyle, borderTopWidth} = getComputedStyle(document.querySelector(part));"
        " return [borderStyle, borderTopWidth]; })"
    )

    assert edges == [["solid", "2px"]] * 4
    pressed = page.get_by_role("button", name="As on this device")
    assert pressed.evaluate("(button) => getComputedStyle(button).outline").endswith("solid 3px")


def test_nothing_moves_for_a_person_who_asked_for_less_motion(open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")

    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.evaluate("document.getAnimations().length") == 0
