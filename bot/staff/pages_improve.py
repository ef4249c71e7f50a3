"""Improve: what is being edited, what is due, and what may be done with one piece of content."""

from __future__ import annotations

from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.staff.console import Console
from bot.staff.editing import store
from bot.staff.editing.desk import Seen
from bot.staff.editing.difference import difference
from bot.staff.editing.form import new_topic
from bot.staff.editing.history import State, Version
from bot.staff.editing.items import topic_item
from bot.staff.editing.rules import Refused
from bot.staff.editing.standing import Standing
from bot.staff.improving import (
    CONTENT,
    STATES,
    address_of,
    day_of,
    is_live,
    names_in,
    person_of,
    seen_in,
    version_title,
)
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.visit import Problem, Visit, not_found
from knowledge.files import ContentError

routes = Routes()


def register(console: Console) -> None:
    """Let open pages know when content changes, or a bot's library is built anew."""

    def version() -> object:
        with console.database.reading() as connection:
            newest = store.newest(connection)
        try:
            built = console.settings.library_path.stat().st_mtime_ns
        except OSError:
            built = 0
        return newest, built, console.publisher.outcome

    console.live.topic(CONTENT, Permission.EDIT, version)


@routes.get("/improve", Permission.EDIT)
def improve_page(visit: Visit) -> Response:
    """Everything that waits for somebody, and every piece of content."""
    with visit.console.database.reading() as connection:
        try:
            around = _lists(visit, connection)
        except ContentError as error:
            raise Problem(
                503, "The content files cannot be read", f"Mend them first, with clonus knowledge check: {error}"
            ) from error
    return visit.page("improve.html", **around)


@routes.post("/improve/new", Permission.EDIT)
def new(visit: Visit) -> Response:
    """Begin a topic that does not exist yet."""
    title, slug = visit.field("title"), visit.field("slug").casefold()
    try:
        item = topic_item(slug)
        with visit.console.database.transaction() as connection:
            seen = visit.console.editing.see(connection, item, visit.now)
            if seen.in_file is not None or seen.history.versions:
                raise Refused("There is a topic of this name already.")
            first = new_topic(slug, day_of(visit.now), title=title)
            visit.console.editing.begin(connection, item, person_of(visit.signed_in), visit.now, first)
            visit.note(connection, "edit begun", item.key)
    except (Refused, ValueError) as problem:
        return visit.to("/improve", problem=str(problem))
    visit.console.live.publish(CONTENT)
    return visit.to(address_of(item, "edit"))


@routes.get("/improve/{key}", Permission.EDIT)
def item_page(visit: Visit) -> Response:
    """One piece of content: what is in force, the open edit, what is planned, and every version."""
    return visit.page("improve_item.html", **_about(visit))


@routes.get("/improve/{key}/state", Permission.EDIT)
def state_part(visit: Visit) -> Response:
    """The part of that page that changes by itself."""
    return visit.part("_improve_state.html", **_about(visit))


@routes.get("/improve/{key}/versions/{number}", Permission.EDIT)
def version_page(visit: Visit) -> Response:
    """One version, and what it says differently from the one before and from what is in force."""
    with visit.console.database.reading() as connection:
        seen, name = seen_in(visit, connection), names_in(connection)
    number = visit.number("number")
    version, before = seen.history.version(number), seen.history.version(number - 1)
    if version is None:
        raise not_found("There is no such version.")
    return visit.page(
        "improve_version.html", seen=seen, version=version, before=before, name=name, address=address_of(seen.item),
        title=version_title(version), changes=difference(before.content if before else None, version.content),
        since=difference(version.content, seen.now.content), can_restore=version.fingerprint != seen.now.base
        and not version.cancelled and version.publish_at <= visit.now,
    )  # fmt: skip


def _about(visit: Visit) -> dict[str, Any]:
    with visit.console.database.reading() as connection:
        seen, name = seen_in(visit, connection), names_in(connection)
    who, edit = person_of(visit.signed_in), seen.history.edit
    in_force = seen.history.in_force(visit.now)
    clash = difference(seen.in_file, seen.now.content) if seen.standing is Standing.CLASH else ()
    return {
        "seen": seen, "edit": edit, "name": name, "address": address_of(seen.item), "states": STATES,
        "in_force": in_force, "clash": clash, "versions": [(each, _state(each, seen)) for each in _newest(seen)],
        "may_review": visit.console.editing.may_review(seen, who), "version_title": version_title,
        "needed": visit.console.editing.needed_for_review(seen), "Standing": Standing, "State": State,
        "is_live": is_live(visit.console.settings.library_path, seen), "outcome": visit.console.publisher.outcome,
        "left_out": _left_out(visit, seen), "outdated": edit is not None and edit.base != seen.now.base,
    }  # fmt: skip


def _left_out(visit: Visit, seen: Seen) -> tuple[str, ...]:
    outcome = visit.console.publisher.outcome
    found = [edit.reasons for edit in outcome.left_out if edit.slug == seen.item.name] if outcome else []
    return found[0] if found and seen.item.is_topic else ()


def _newest(seen: Seen) -> list[Version]:
    return list(reversed(seen.history.versions))


def _state(version: Version, seen: Seen) -> str:
    if version.cancelled:
        return "called off"
    if seen.planned is not None and version.number == seen.planned.number:
        return "planned"
    return "in force" if version.fingerprint == seen.now.base else ""


def _lists(visit: Visit, connection: Connection) -> dict[str, Any]:
    desk, now = visit.console.editing, visit.now
    who, name = person_of(visit.signed_in), names_in(connection)
    everything = desk.see_all(connection, now)
    library, _ = desk.library(connection, now)
    waiting = [seen for seen in everything.values() if seen.history.edit]
    wanted = visit.asked("q").casefold()
    return {
        "name": name, "address_of": address_of, "words": visit.asked("q"),
        "for_me": [seen for seen in waiting if seen.history.edit and seen.history.edit.state is State.IN_REVIEW
                   and desk.may_review(seen, who)],
        "others": [seen for seen in waiting if seen.history.edit and not (
            seen.history.edit.state is State.IN_REVIEW and desk.may_review(seen, who))],
        "states": STATES,
        "planned": [seen for seen in everything.values() if seen.planned],
        "clashes": [seen for seen in everything.values() if seen.standing is Standing.CLASH],
        "ahead": [seen for seen in everything.values() if seen.standing is Standing.AHEAD],
        "overdue": [(topic_item(slug), title, due) for slug, title, due in desk.overdue(connection, now)],
        "topics": [(topic_item(slug), topic) for slug, topic in sorted(library.topics.items(),
                   key=lambda pair: pair[1].title.casefold())
                   if wanted in f"{topic.title} {slug} {topic.short}".casefold()],
        "files": desk.files.whole_files(), "outcome": visit.console.publisher.outcome,
    }  # fmt: skip
