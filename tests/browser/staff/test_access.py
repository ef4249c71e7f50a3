"""Nobody is kept out of the console: every page, in every way people use a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from bot.staff import second_factor
from bot.staff.first_link import first_link
from bot.staff.roles import Role
from tests.browser.axe import checked_rules, violations
from tests.browser.devices import NARROW, ZOOM_200, ZOOM_400
from tests.browser.staff.conftest import OpenConsole
from tests.staff.world import World

PAGES = [
    "/look-up", "/look-up?q=heel+wedge", "/look-up/heel-wedge", "/try", "/account", "/account/second-factor", "/people",
    "/people/1", "/log", "/no-such-page", "/people/999",
]  # fmt: skip
OPEN_PAGES = ["/sign-in", "/join/{first}", "/join/no-such-link"]
WAYS: dict[str, dict[str, object]] = {
    "light": {},
    "dark": {"color_scheme": "dark"},
    "forced colors": {"forced_colors": "active"},
    "narrow": NARROW,
    "zoom 200": ZOOM_200,
    "zoom 400": ZOOM_400,
    "reduced motion": {"reduced_motion": "reduce"},
}
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), textarea")]
  .filter((one) => one.checkVisibility() && !one.closest("p:has(> a)") && !one.closest("li:not(.links li):has(> a)"))
  .filter((one) => !one.matches(".skip, .unseen"))
  .map((one) => [one.outerHTML.slice(0, 80), one.closest("label.check") ?? one])
  .filter(([, one]) => one.getBoundingClientRect().height < 47.5 || one.getBoundingClientRect().width < 47.5)
  .map(([html]) => html)"""
WIDER_THAN_THE_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def everybody(world: World) -> World:
    """A console with a person of every role, whose second factor is being set up."""
    person = world.person(*Role, email="anna@clinic.example")
    with world.change() as connection:
        second_factor.begin(connection, world.console.key, person.id)
    return world


def visited(world: World, open_console: OpenConsole, **browser: object) -> Iterator[tuple[str, Page]]:
    """Every page that somebody signed in can come to."""
    page = open_console("/look-up", world.person(*Role, email="anna@clinic.example"), **browser)
    for path in PAGES:
        page.goto(page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + path)
        yield path, page


@pytest.mark.parametrize("way", WAYS)
def test_every_page_is_free_of_what_keeps_people_out(everybody: World, open_console: OpenConsole, way: str) -> None:
    found = {
        path: (violations(page), page.evaluate(WIDER_THAN_THE_SCREEN) > 0, page.evaluate(TOO_SMALL))
        for path, page in visited(everybody, open_console, **WAYS[way])
    }
    assert found == {path: ([], False, []) for path in PAGES}


def test_pages_before_the_door_are_as_well(world: World, chromium: Browser, open_console: OpenConsole) -> None:
    link = first_link(world.console.database, world.settings)
    assert link is not None
    for path in OPEN_PAGES:
        page = open_console(path.replace("{first}", link.rsplit("/", 1)[1]), **NARROW)
        assert (path, violations(page), page.evaluate(TOO_SMALL)) == (path, [], [])
        assert page.evaluate(WIDER_THAN_THE_SCREEN) == 0


def test_axe_looks_at_contrast_names_and_landmarks(everybody: World, open_console: OpenConsole) -> None:
    page = open_console("/look-up/heel-wedge", everybody.person(*Role, email="anna@clinic.example"))
    violations(page)
    assert {"color-contrast", "label", "button-name", "region", "page-has-heading-one"} <= checked_rules(page)


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(
    everybody: World, open_console: OpenConsole
) -> None:
    page = open_console("/people", everybody.person(*Role, email="anna@clinic.example"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    order = page.evaluate(
        """() => [...document.querySelectorAll("main :is(a, button, input:not([type=hidden]), [tabindex='0'])")]
            .map((one) => one.outerHTML)"""
    )
    reached = []
    for _ in order:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.outerHTML"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    assert reached == order
