"""Better words go from one editor over another to a running chat, in a browser, within seconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.staff.editing.publisher import LOOK_SECONDS
from bot.staff.roles import Role
from tests.browser.axe import violations
from tests.browser.staff.conftest import OpenConsole
from tests.commands.running_bot import Running, allowed_seconds, running_bot, said
from tests.staff.world import World

PAGE = "/improve/topic:footwear"
QUESTION = "which shoes are good for a foot that bounces"
WORDS = "Wear a firm shoe that fits well."


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running bot whose library the console builds."""
    with running_bot(tmp_path_factory.mktemp("bot"), chats=1) as running:
        yield running


@pytest.fixture
def world(tmp_path: Path, running: Running) -> Iterator[World]:
    """The console of that bot. It publishes."""
    world = World(
        tmp_path,
        knowledge_folder=running.content,
        library_path=running.library,
    )
    world.console.publisher.start()
    yield world
    world.close()


def saved(page: Page) -> None:
    expect(page.get_by_role("status").first).to_have_text("The draft is saved.")


@pytest.mark.timeout(600)
def test_two_people_bring_better_words_to_a_running_chat(
    world: World, running: Running, open_console: OpenConsole
) -> None:
    anna = world.person(Role.EDITOR, email="anna@clinic.example", name="Anna Berg")
    ben = world.person(Role.EDITOR, email="ben@clinic.example", name="Ben Roth")
    assert said(running.ports[0], "before", QUESTION)[0]["metadata"].get("topic") == "footwear"

    page = open_console("/improve", anna)
    assert violations(page) == []
    page.get_by_role("link", name="Shoes", exact=False).first.click()
    assert violations(page) == []
    page.get_by_role("button", name="Edit", exact=True).click()
    short = page.get_by_label("Short answer")
    short.fill("Don't wear slippers…")
    told = page.locator("#short-told")
    expect(told).to_contain_text("Mend: write 'Don't' out in full")
    expect(told).to_contain_text("cannot be sent in a text message: …")
    short.fill(WORDS)
    expect(told).not_to_contain_text("Mend")
    expect(told).to_contain_text("of 306 characters, 1 text segment")
    assert violations(page) == []
    page.get_by_role("button", name="Save the draft").click()
    saved(page)
    page.get_by_role("link", name="Preview what is saved").click()
    expect(page.locator(".drawn").first).to_contain_text(WORDS)
    assert violations(page) == []
    page.goto(page.url.removesuffix("/preview"))
    page.get_by_label("For the reviewer").fill("Shorter.")
    page.get_by_role("button", name="Hand in for review").click()
    assert violations(page) == []

    other = open_console("/improve", ben)
    other.locator("section", has=other.get_by_role("heading", name="For you to review")).get_by_role("link").click()
    expect(other.get_by_text("Shorter.")).to_be_visible()
    assert violations(other) == []
    other.get_by_role("button", name="Publish").click()
    published = time.monotonic()
    expect(other.get_by_role("status").first).to_contain_text("It is published.")

    allowed = allowed_seconds() + LOOK_SECONDS
    answer = ""
    while time.monotonic() - published < allowed:
        answer = said(running.ports[0], f"after-{time.monotonic()}", QUESTION)[0]["text"]
        if answer.startswith(WORDS):
            break
        time.sleep(0.2)
    assert answer.startswith(WORDS)
    expect(page.get_by_text("Live in every running bot.")).to_be_visible()  # by itself, on Anna's open page

    other.get_by_role("link", name="As in the files, before the first edit").click()
    expect(other.locator(".removed, .added").first).to_be_visible()
    assert violations(other) == []
    other.get_by_role("button", name="Bring this version back").click()
    expect(other.get_by_role("status").first).to_have_text("What the files say is back.")
