"""Signing in, as a person does it."""

from __future__ import annotations

from playwright.sync_api import expect

from bot.staff.roles import Role
from tests.browser.staff.conftest import OpenConsole
from tests.staff.world import PASSWORD, World


def test_a_person_signs_in_and_comes_to_the_page_they_wanted(world: World, open_console: OpenConsole) -> None:
    world.person(Role.ADMINISTRATOR, email="anna@clinic.example")
    page = open_console("/people")
    page.get_by_label("E-mail address").fill("anna@clinic.example")
    page.get_by_label("Password").fill("not this one")
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("alert")).to_have_text("The e-mail address or the password is not right.")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("People")
