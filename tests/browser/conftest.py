"""Debian's chromium in front of the chat page."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.channels.conftest import page_settings, server
from tests.channels.page_server import PageServer

__all__ = ["page_settings", "server"]

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""Chromium asks nobody but the page's own server."""

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, server: PageServer) -> Iterator[OpenPage]:
    """Opens the chat in a browser of its own and waits for the greeting; keyword arguments describe the browser.

    Every page must end without an error in its console and without a request to anywhere else.
    """
    problems: list[str] = []
    contexts = []

    def open_one(**browser: object) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1000, "height": 800}, **browser})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(5000)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("console", lambda line: problems.append(line.text) if "Security Policy" in line.text else None)
        page.on("request", lambda sent: None if sent.url.startswith(server.url) else problems.append(sent.url))
        page.goto(f"{server.url}/chat")
        if browser.get("java_script_enabled", True):
            page.get_by_text("What would you like to know?").wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []
