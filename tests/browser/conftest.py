"""Debian's chromium in front of the chat page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.clinic import Clinic
from tests.browser.devices import QUIET
from tests.channels.conftest import clinic_settings
from tests.channels.page_server import PageServer, ScriptedBot

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def clinic() -> Iterator[Clinic]:
    """A site that shows the chat."""
    clinic = Clinic()
    yield clinic
    clinic.close()


@pytest.fixture(scope="session")
def page_settings(clinic: Clinic, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The settings of that clinic."""
    with clinic_settings(tmp_path_factory.mktemp("page"), embed_origins=clinic.url, text_number="555 0199"):
        yield


@pytest.fixture
def server(page_settings: None, clinic: Clinic) -> Iterator[PageServer]:
    """The page, served for a bot with a script."""
    server = PageServer(ScriptedBot())
    server.start()
    clinic.chat = server.url
    yield server
    server.stop()


@pytest.fixture
def open_page(chromium: Browser, server: PageServer, clinic: Clinic) -> Iterator[OpenPage]:
    """Opens the chat in a browser of its own and waits for the greeting; keyword arguments describe the browser.

    `at` is another address to open, `before` a script that runs before the page's own, `beside` a page in whose browser
    to open a second tab. Every page must end without an error in its console and without a request to anywhere else.
    """
    problems: list[str] = []
    contexts: list[BrowserContext] = []

    def watched(context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("console", lambda line: problems.append(line.text) if _is_bad(line.text) else None)
        own = (server.url, clinic.url, clinic.other_url)
        page.on("request", lambda sent: None if sent.url.startswith(own) else problems.append(sent.url))
        return page

    def open_one(
        at: str | None = None,
        before: str | None = None,
        beside: Page | None = None,
        wait: bool = True,
        **browser: object,
    ) -> Page:
        if beside is not None:
            context = beside.context
        else:
            context = chromium.new_context(**{"viewport": {"width": 1000, "height": 800}, **browser})  # type: ignore[arg-type]
            contexts.append(context)
            context.set_default_timeout(8000)
            if before:
                context.add_init_script(before)
        page = watched(context)
        page.goto(at or f"{server.url}/chat")
        if wait and at is None and browser.get("java_script_enabled", True):
            page.get_by_text("What would you like to know?").wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []


def _is_bad(line: str) -> bool:
    """Whether a line of the console tells of something that the page's policy had to stop, other than being framed."""
    return "Security Policy" in line and "frame-ancestors" not in line
