"""Debian's chromium in front of the staff console."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from bot.staff.accounts import Account
from bot.staff.cookies import cookie_name
from tests.staff.conftest import library as library  # the same library serves both kinds of tests
from tests.staff.world import Served, World

OpenConsole = Callable[..., Page]


@pytest.fixture
def world(tmp_path: Path, library: Path) -> Iterator[World]:
    """A console with an empty database."""
    world = World(tmp_path, library_path=library)
    yield world
    world.close()


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    """The console, served."""
    served = Served(world).start()
    yield served
    served.stop()


@pytest.fixture
def open_console(chromium: Browser, served: Served) -> Iterator[OpenConsole]:
    """Opens a page of the console in a browser of its own: `open_console("/look-up", person)`.

    `person` is signed in already; keyword arguments describe the browser. Every page must end without an error in its
    console and without a request to anywhere else.
    """
    problems: list[str] = []
    contexts: list[BrowserContext] = []

    def open_one(path: str = "/", person: Account | None = None, **browser: object) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1100, "height": 800}, **browser})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(8000)
        if person is not None:
            name, token = cookie_name(served.world.console), served.world.session(person)
            context.add_cookies([{"name": name, "value": token, "url": served.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.on("console", lambda line: problems.append(line.text) if "Security Policy" in line.text else None)
        page.on("request", lambda sent: None if sent.url.startswith(served.url) else problems.append(sent.url))
        page.goto(f"{served.url}{path}")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert problems == []
