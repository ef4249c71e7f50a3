"""The pages of content in a browser: unanswered messages, what would land where, files; each looked at by axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.records import Records, records_address
from bot.staff.roles import Role
from tests.browser.axe import violations
from tests.browser.staff.conftest import OpenConsole
from tests.staff.world import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A console on the project's content, with messages that the bot could not place."""
    world = World(tmp_path)
    records = Records(records_address(world.settings), str.strip)
    for message in ("can I go in a jacuzzi", "jacuzzi?", "lantern, quarry, october, zinc"):
        records.unplaced(message)
    records.close()
    yield world
    world.close()


@pytest.mark.timeout(600)
def test_unanswered_messages_become_questions_and_are_seen_to_be_answered(
    world: World, open_console: OpenConsole
) -> None:
    world.console.reading.start()
    world.console.reading.wait(240)
    anna = world.person(Role.EDITOR, email="anna@clinic.example", name="Anna Berg")
    page = open_console("/unanswered", anna)
    first = page.locator("section.card").first
    expect(first.get_by_role("checkbox")).to_have_count(2)
    expect(first).to_contain_text("2 messages")
    assert violations(page) == []
    first.get_by_label("Attach to").select_option("vibration-and-heat-cold")
    first.get_by_role("button", name="Attach", exact=False).click()
    expect(page.get_by_role("status").first).to_contain_text("2 became questions in the draft of this topic.")
    page.get_by_role("button", name="Out of scope", exact=False).click()
    expect(page.get_by_role("status").first).to_have_text("Out of scope.")
    page.get_by_role("link", name="Attached, not answered yet (1)").click()
    assert violations(page) == []

    page.goto(page.url.split("/unanswered")[0] + "/improve/topic:vibration-and-heat-cold/edit")
    expect(page.locator("#near")).to_contain_text("Near:")
    page.get_by_role("button", name="Save, and see what would land here").click(no_wait_after=True)
    expect(page.get_by_role("heading", name="Would land here: 2")).to_be_visible(timeout=120_000)
    assert violations(page) == []


def test_a_file_is_edited_and_every_page_of_it_is_accessible(world: World, open_console: OpenConsole) -> None:
    care = world.person(Role.CLINICAL_REVIEWER, email="care@clinic.example", name="Care Lind")
    page = open_console("/improve/file:regions.yml", care)
    page.get_by_role("button", name="Edit", exact=True).click()
    assert violations(page) == []
    page.get_by_label("The file").fill("clashes: []\n")
    page.get_by_role("button", name="Save and check").click()
    expect(page.get_by_text("The bot could not read it like this:")).to_be_visible()
    assert violations(page) == []
    page.goto(page.url.removesuffix("/edit"))
    page.get_by_role("button", name="Give this edit up").click()
    expect(page.get_by_role("status").first).to_contain_text("What patients get has not changed.")
