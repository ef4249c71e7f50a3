"""Draw the staff console into docs/screenshots: part of `make screenshots`, or by itself with the names to draw:
`python -m tests.browser.staff.screenshots staff-topic`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bot.quiet import be_quiet
from bot.settings import settings
from bot.staff.accounts import Account
from bot.staff.cookies import cookie_name
from bot.staff.reading import BotReading, State
from bot.staff.roles import Role
from tests.browser.devices import PHONE, QUIET
from tests.browser.screenshots import FOLDER, save
from tests.staff.world import Served, World

LOAD_SECONDS = 200
WIDE = {"viewport": {"width": 1100, "height": 760}}


@dataclass(frozen=True)
class Picture:
    """A page, who looks at it (nobody when False), in which browser, and what happens before the picture is taken."""

    path: str
    signed_in: bool = True
    browser: dict[str, object] = field(default_factory=lambda: dict(WIDE))
    before: Callable[[Page], object] = lambda page: None
    prepare: Callable[[World, Account], object] = lambda world, person: None


def people(world: World, person: Account) -> None:
    """Some colleagues."""
    world.person(Role.SUPPORT, email="ben@clinic.example", name="Ben Cole")
    world.person(Role.EDITOR, Role.CLINICAL_REVIEWER, email="chloe@clinic.example", name="Chloe Diaz")


PICTURES = {
    "staff-sign-in": Picture("/sign-in", signed_in=False),
    "staff-look-up": Picture("/look-up?q=shd+i+get+a+brace+for+my+foot"),
    "staff-look-up-dark": Picture("/look-up?q=my+foot+bounces", browser={**WIDE, "color_scheme": "dark"}),
    "staff-topic": Picture("/look-up/heel-wedge"),
    "staff-topic-phone": Picture("/look-up/heel-wedge", browser=dict(PHONE)),
    "staff-people": Picture("/people", prepare=people),
}
"""Every picture of the console by its name."""


def draw(names: list[str], folder: Path = FOLDER) -> None:
    """Draw the pictures called `names`; all of them when the list is empty. Needs a trained model."""
    reading = BotReading(settings())
    reading.start()
    if reading.wait(LOAD_SECONDS) is not State.READY:
        raise SystemExit(f"The bot's reading cannot be loaded: {reading.problem}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        for name in names or list(PICTURES):
            with tempfile.TemporaryDirectory() as kept:
                world = World(Path(kept), library_path=settings().library_path)
                world.console.reading = reading
                served = Served(world).start()
                save(taken(browser, served, PICTURES[name]), folder / f"{name}.png")
                served.stop()
                world.close()
            print(name, flush=True)


def taken(browser: Browser, served: Served, picture: Picture) -> bytes:
    """The picture of a page."""
    context = browser.new_context(**picture.browser)  # type: ignore[arg-type]
    person = served.world.person(*Role, email="anna@clinic.example", name="Anna Berg")
    picture.prepare(served.world, person)
    if picture.signed_in:
        token = served.world.session(person)
        context.add_cookies([{"name": cookie_name(served.world.console), "value": token, "url": served.url}])
    page = context.new_page()
    page.goto(served.url + picture.path)
    picture.before(page)
    shot = page.screenshot()
    context.close()
    return shot


if __name__ == "__main__":
    be_quiet()
    draw(sys.argv[1:])
