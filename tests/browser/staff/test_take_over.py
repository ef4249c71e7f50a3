"""Two of the staff and one person at once, in real browsers: waiting, taking over, answering, danger, handing back; and
a console that is killed in the middle of a reply."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from bot.records import records
from bot.settings import ROOT
from bot.staff.cookies import cookie_name
from bot.staff.roles import Role
from tests.browser.axe import violations
from tests.browser.conftest import OpenPage
from tests.browser.page import reply, said, write
from tests.browser.staff.conftest import OpenConsole
from tests.browser.staff.talk_fixtures import console_world, page_server
from tests.channels.page_server import PageServer
from tests.faults.bot_processes import free_port
from tests.staff.world import World

HERE = "Anna, support worker, is here now. They will write to you here."
READY = "How are you right now? Is it better, the same, or worse than when you wrote?"


@pytest.fixture
def server(page_settings: None, tmp_path: Path) -> Iterator[PageServer]:
    """The person's page."""
    server = page_server(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def world(page_settings: None, tmp_path: Path) -> Iterator[World]:
    """The console beside it."""
    world = console_world(tmp_path)
    yield world
    world.close()


def person(world: World, server: PageServer) -> str:
    """What staff call the person on the page."""
    return world.console.desk.pseudonym(server.bot.latest)


def bot_or_staff(page: Page) -> list[tuple[str, str]]:
    """What the page shows, the person's own words left out."""
    return [(who, text) for who, text in said(page) if who != "You"]


def test_two_of_the_staff_and_one_person(
    server: PageServer, world: World, open_page: OpenPage, open_console: OpenConsole
) -> None:
    anna = world.person(Role.SUPPORT, email="anna@clinic.example", name="Anna Berg")
    ben = world.person(Role.SUPPORT, email="ben@clinic.example", name="Ben Dale")
    patient = open_page()
    write(patient, "My foot bounces")
    reply(patient, "Clonus is a muscle").wait_for()

    watching, other = open_console("/talks", anna), open_console("/talks", ben)
    expect(watching.get_by_role("button", name=f"Take over {person(world, server)}")).to_be_visible()
    assert violations(watching) == []
    records().person_wanted(server.bot.latest, "web")
    for console in (watching, other):
        console.get_by_role("link", name=f"Open {person(world, server)}").wait_for()
        expect(console.locator("#waiting")).to_contain_text("1 person waits for a person")
        assert console.title().startswith("(")

    for console in (watching, other):
        console.get_by_role("link", name=f"Open {person(world, server)}").click()
    watching.get_by_role("button", name="Take over", exact=True).click()
    expect(watching.get_by_text("You answer this person now.")).to_be_visible()
    reply(patient, HERE).wait_for()
    other.get_by_role("button", name="Take over", exact=True).click()
    expect(other.get_by_role("alert")).to_contain_text("Anna, support worker answers this person.")
    assert violations(other) == []

    write(patient, "hello, is there a person?")
    reply(patient, "has your message").wait_for()
    for console in (watching, other):
        expect(console.locator("#said")).to_contain_text("hello, is there a person?")
    watching.get_by_role("link", name="How are you now?").click()
    watching.get_by_label("Your answer").press_sequentially(" Tell me.")
    assert violations(watching) == []
    watching.get_by_role("button", name="Send").click()
    expect(watching.get_by_label("Your answer")).to_have_value("")
    watching.get_by_label("Your answer").fill("I am still here.")
    watching.get_by_role("button", name="Send").click()
    reply(patient, "I am still here.").wait_for()
    assert bot_or_staff(patient)[-2:] == [
        (
            "Anna, support worker",
            "How are you right now? Is it better, the same, or worse than when you wrote? Tell me.",
        ),
        ("Anna, support worker", "I am still here."),
    ]
    assert violations(patient) == []

    write(patient, "my face droops on one side")
    reply(patient, "911").last.wait_for()
    for console in (watching, other):
        expect(console.locator("#said .danger")).to_contain_text("911")
        expect(console.locator("#waiting")).to_contain_text("that nobody has acknowledged")

    watching.get_by_role("button", name="Hand back to the bot").click()
    reply(patient, "I am the chat program and answer again").wait_for()
    write(patient, "and now?")
    reply(patient, "You wrote: and now?").wait_for()


def test_a_new_escalation_is_unmistakable_and_that_can_be_switched_off(
    server: PageServer, world: World, open_page: OpenPage, open_console: OpenConsole
) -> None:
    anna = world.person(Role.SUPPORT, name="Anna Berg")
    console = open_console("/escalations", anna)
    sounded = "Number(document.documentElement.dataset.sounded ?? 0)"
    expect(console.locator("html")).to_have_attribute("data-live", "on")
    patient = open_page()
    write(patient, "my face droops")
    reply(patient, "Call 911 now").wait_for()
    # the scripted bot records nothing by itself
    verdict = {"category": "new-stroke", "level": "emergency", "sure": True, "matched": ["my face droops"], "rule": "x"}
    records().escalation(server.bot.latest, "my face droops", verdict, told="Call 911 now.", channel="web")
    expect(console.locator("tr.new").first).to_contain_text(person(world, server))
    expect(console.locator("html")).to_have_attribute("data-sounded", "1")
    assert console.title().startswith("(")
    assert violations(console) == []

    console.get_by_label("Sound when something new comes").uncheck()
    console.get_by_label("Show it in the title of the window").uncheck()
    console.reload()
    expect(console.locator("html")).to_have_attribute("data-live", "on")
    assert console.title().startswith("Escalations")
    before = console.locator("tr.new").count()
    records().escalation(server.bot.latest, "it droops more", verdict, told="Call 911 now.", channel="web")
    expect(console.locator("tr.new")).to_have_count(before + 1)
    assert console.evaluate(sounded) == 0

    console.locator("tr.new th a").first.click()
    expect(console.get_by_text("Nobody has acknowledged it.")).to_be_visible()
    assert violations(console) == []
    console.get_by_role("button", name="I see to it").click()
    console.get_by_label("Note for colleagues").fill("rang, she is fine")
    console.get_by_role("button", name="Add the note").click()
    console.get_by_label("What came of it").select_option("called-is-fine")
    console.get_by_role("button", name="Keep the outcome").click()
    expect(console.get_by_text("Outcome: Called, is fine")).to_be_visible()


def test_figures_are_accessible_in_light_and_dark(server: PageServer, world: World, open_console: OpenConsole) -> None:
    records().said("somebody", "web", "m1", [{"kind": "answer", "topic": "foot-bounce"}])
    records().written()
    editor = world.person(Role.EDITOR)
    for scheme in ("light", "dark"):
        page = open_console("/figures", editor, color_scheme=scheme)
        expect(page.get_by_role("img", name="Chart: Topics told.")).to_be_visible()
        assert violations(page) == []


class ConsoleProcess:
    """A console in a process of its own, that can be told to die."""

    def __init__(self, world: World, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        here = world.settings
        names = ("staff_database", "staff_secret", "records_path", "library_path", "models_folder", "sms_database")
        self._environment = {f"CLONUS_{name.upper()}": str(getattr(here, name)) for name in names}

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.browser.staff.dying_console", str(self._folder), str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self._environment})
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if requests.get(f"{self.url}/health", timeout=5).ok:
                    return
            except requests.ConnectionError:
                time.sleep(0.2)
        raise AssertionError("the console did not start")

    def die(self, when: str) -> None:
        """Have it die at the next reply."""
        (self._folder / "die").write_text(when)

    def start_again(self) -> None:
        """Once it is dead."""
        assert self._process.wait(30) == 1
        self.start()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def process(world: World, tmp_path: Path) -> Iterator[ConsoleProcess]:
    process = ConsoleProcess(world, tmp_path)
    process.start()
    yield process
    process.stop()


def test_a_console_killed_in_the_middle_of_a_reply_loses_nothing_and_doubles_nothing(
    server: PageServer, world: World, open_page: OpenPage, chromium: Browser, process: ConsoleProcess
) -> None:
    patient = open_page()
    write(patient, "My foot bounces")
    reply(patient, "Clonus is a muscle").wait_for()
    records().person_wanted(server.bot.latest, "web")
    records().written()
    token = world.session(world.person(Role.SUPPORT, name="Anna Berg"))
    context = chromium.new_context()
    context.set_default_timeout(15000)
    context.add_cookies([{"name": cookie_name(world.console), "value": token, "url": process.url}])
    console = context.new_page()
    console.goto(f"{process.url}/talks")
    console.get_by_role("link", name=f"Open {person(world, server)}").click()
    console.get_by_role("button", name="Take over", exact=True).click()
    at = console.url
    reply(patient, HERE).wait_for()

    def send_into_death(when: str) -> None:
        process.die(when)
        console.get_by_role("button", name="Send").click(no_wait_after=True)
        process.start_again()
        console.goto(at)

    console.get_by_label("Your answer").press_sequentially("Please sit down.")
    send_into_death("before")
    expect(console.get_by_label("Your answer")).to_have_value("Please sit down.")
    send_into_death("after")
    expect(console.locator("#said")).to_contain_text("Please sit down.")
    expect(console.get_by_label("Your answer")).to_have_value("")
    reply(patient, "Please sit down.").wait_for()
    console.get_by_label("Your answer").press_sequentially("Are you sitting?")
    console.get_by_role("button", name="Send").click()
    reply(patient, "Are you sitting?").wait_for()
    words = [text for who, text in said(patient) if who == "Anna, support worker"]
    assert words == ["Please sit down.", "Are you sitting?"]
    context.close()
