"""Improve: what may be done with one piece of content, from beginning an edit to bringing a version back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.staff.editing.desk import ContentDesk, Review
from bot.staff.editing.history import one_year_after
from bot.staff.editing.items import Item
from bot.staff.editing.rules import Person, Refused
from bot.staff.improving import (
    CONTENT,
    address_of,
    day_of,
    item_in,
    moment_of,
    person_of,
    reviewer_title,
    seen_in,
)
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.visit import Visit
from knowledge.files import ContentError

routes = Routes()

Change = Callable[[ContentDesk, Connection, Item, Person], None]


@routes.post("/improve/{key}/begin", Permission.EDIT)
def begin(visit: Visit) -> Response:
    """Begin an edit of what is in force."""
    return _changed(
        visit, "edit begun", lambda desk, connection, item, who: desk.begin(connection, item, who, visit.now),
        to="edit",
    )  # fmt: skip


@routes.post("/improve/{key}/again", Permission.EDIT)
def review_again(visit: Visit) -> Response:
    """Ask for a new review of what is in force, as it is."""

    def change(desk: ContentDesk, connection: Connection, item: Item, who: Person) -> None:
        desk.begin(connection, item, who, visit.now)
        desk.submit(connection, item, who, visit.now, "Is this still right? Nothing was changed.")

    return _changed(visit, "review asked for", change, "Somebody else can review it now.")


@routes.post("/improve/{key}/submit", Permission.EDIT)
def submit(visit: Visit) -> Response:
    """Hand an edit in for review."""
    note = visit.field("note")
    return _changed(
        visit, "edit handed in",
        lambda desk, connection, item, who: desk.submit(connection, item, who, visit.now, note),
        "It waits for somebody else's review.",
    )  # fmt: skip


@routes.post("/improve/{key}/withdraw", Permission.EDIT)
def withdraw(visit: Visit) -> Response:
    """Give an edit up."""
    return _changed(
        visit, "edit given up", lambda desk, connection, item, who: desk.withdraw(connection, item, who, visit.now),
        "The edit is given up. What patients get has not changed.", to="list",
    )  # fmt: skip


@routes.post("/improve/{key}/send-back", Permission.REVIEW)
def send_back(visit: Visit) -> Response:
    """Give an edit back with what is to be mended."""
    note = visit.field("note")
    return _changed(
        visit, "edit sent back",
        lambda desk, connection, item, who: desk.send_back(connection, item, who, visit.now, note),
        "It is a draft again, with your words on it.", on_problem="review",
    )  # fmt: skip


@routes.post("/improve/{key}/approve", Permission.REVIEW)
def approve(visit: Visit) -> Response:
    """Publish what somebody else wrote, now or later."""
    try:
        review = Review(
            reviewer_title(visit.signed_in),
            day_of(visit.now),
            date.fromisoformat(visit.field("due")) if visit.field("due") else one_year_after(day_of(visit.now)),
            signed_off=bool(visit.field("signed_off")),
            publish_at=moment_of(visit.field("publish_at")),
            note=visit.field("note"),
        )
        revision = int(visit.field("revision"))
    except ValueError:
        return visit.to(address_of(item_in(visit), "review"), problem="A day or a time could not be read.")

    def change(desk: ContentDesk, connection: Connection, item: Item, who: Person) -> None:
        desk.approve(connection, item, who, visit.now, revision, review)

    done = "It is planned." if review.publish_at else "It is published. Running bots take it in within seconds."
    if not item_in(visit).is_topic:
        done = "It is published. It takes effect when the bot starts next."
    return _changed(visit, "edit approved", change, done, on_problem="review")


@routes.post("/improve/{key}/cancel", Permission.REVIEW)
def cancel(visit: Visit) -> Response:
    """Call off what is planned."""
    return _changed(
        visit, "planned version called off",
        lambda desk, connection, item, who: desk.cancel(connection, item, who, visit.now), "It is called off.",
    )  # fmt: skip


@routes.post("/improve/{key}/versions/{number}/restore", Permission.REVIEW)
def restore(visit: Visit) -> Response:
    """Bring an earlier version back."""
    number = visit.number("number")
    return _changed(
        visit, f"version {number} brought back",
        lambda desk, connection, item, who: desk.restore(connection, item, who, visit.now, number),
        f"Version {number} is back." if number else "What the files say is back.",
    )  # fmt: skip


@routes.post("/improve/{key}/keep", Permission.REVIEW)
def keep(visit: Visit) -> Response:
    """Decide a clash for what was published here."""
    return _changed(
        visit, "clash decided for the console",
        lambda desk, connection, item, who: desk.keep_over_file(connection, item, who, visit.now),
        "What was published here stays. The next export may write over the file.",
    )  # fmt: skip


@routes.post("/improve/{key}/take", Permission.REVIEW)
def take(visit: Visit) -> Response:
    """Decide a clash for the file."""
    return _changed(
        visit, "clash decided for the file",
        lambda desk, connection, item, who: desk.take_from_file(connection, item, who, visit.now),
        "What the file says is in force.",
    )  # fmt: skip


def _changed(
    visit: Visit, action: str, change: Change, done: str = "", *, to: str = "", on_problem: str = ""
) -> Response:
    """Do one thing with the item of the address, note it, and tell bots and open pages."""
    item = item_in(visit)
    try:
        with visit.console.database.transaction() as connection:
            seen_in(visit, connection)
            change(visit.console.editing, connection, item, person_of(visit.signed_in))
            visit.note(connection, action, item.key)
    except (Refused, ContentError) as problem:
        return visit.to(address_of(item, on_problem), problem=str(problem))
    visit.console.publisher.hurry()
    visit.console.live.publish(CONTENT)
    return visit.to("/improve" if to == "list" else address_of(item, to), done=done)
