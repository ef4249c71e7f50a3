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
from bot.records import Records, records_address
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


def noted(note: Callable[[Records], object]) -> Callable[[World, Account], None]:
    """Something that the bot has noted for staff."""

    def prepare(world: World, person: Account) -> None:
        records = Records(records_address(world.settings), str.strip)
        note(records)
        records.close()

    return prepare


def dangers(records: Records) -> None:
    """Two people who were told what to do about a danger."""
    told = "This may be a stroke. Call 911 now."
    seen = {"category": "new-stroke", "level": "emergency", "sure": True, "matched": ["face drooping"]}
    records.escalation("visitor-1", "my face is drooping since breakfast", seen, told=told, channel="web")
    told = "Please call your doctor today."
    seen = {"category": "dvt", "level": "urgent", "sure": False, "matched": ["calf", "hot"]}
    records.escalation("visitor-2", "one calf is hot and fat", seen, told=told, channel="sms")


def not_placed(records: Records) -> None:
    """Messages that fitted nothing."""
    for message in ("can I go in a jacuzzi", "jacuzzi?", "is a jacuzzi ok for my leg", "do you do home visits"):
        records.unplaced(message)


def begin_edit(page: Page) -> None:
    """Open the form of a topic, and wait for the first check of what is written."""
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("Short answer").press("End")
    page.keyboard.type(" Ask first.")
    page.get_by_text("Near:").first.wait_for()
    page.get_by_label("Short answer").scroll_into_view_if_needed()


PICTURES = {
    "staff-sign-in": Picture("/sign-in", signed_in=False),
    "staff-look-up": Picture("/look-up?q=shd+i+get+a+brace+for+my+foot"),
    "staff-look-up-dark": Picture("/look-up?q=my+foot+bounces", browser={**WIDE, "color_scheme": "dark"}),
    "staff-topic": Picture("/look-up/heel-wedge"),
    "staff-topic-phone": Picture("/look-up/heel-wedge", browser=dict(PHONE)),
    "staff-people": Picture("/people", prepare=people),
    "staff-escalations": Picture("/escalations", prepare=noted(dangers)),
    "staff-unanswered": Picture("/unanswered", prepare=noted(not_placed)),
    "staff-improve": Picture("/improve/topic:heel-wedge", before=begin_edit),
    "staff-conversations": Picture("/talks", prepare=noted(lambda records: records.person_wanted("visitor-3", "web"))),
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
