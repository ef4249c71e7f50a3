"""Improve: writing an edit, with checks as one writes, preview, what it would change, and reading it as a reviewer."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError
from sqlalchemy.engine import Connection
from starlette.responses import JSONResponse, Response

from bot.staff.editing.checks import checked
from bot.staff.editing.desk import Seen
from bot.staff.editing.difference import FILE_TEXT, difference
from bot.staff.editing.form import from_form, in_form
from bot.staff.editing.history import Content, one_year_after
from bot.staff.editing.near import Near, near_topics, taken_for_others
from bot.staff.editing.preview import Preview, preview
from bot.staff.editing.rules import Refused
from bot.staff.editing.trial import tried
from bot.staff.improving import CONTENT, STATES, address_of, day_of, names_in, person_of, seen_in
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.unanswered.messages import recent_wordings
from bot.staff.visit import Problem, Visit
from knowledge.models import Group, Topic
from knowledge.overlay import plain_reasons
from knowledge.text_messages import load_text_messages
from knowledge.topic_files import Library

routes = Routes()

MOST_TRIED = 200
"""Recent messages that are read with a draft."""


@routes.get("/improve/{key}/edit", Permission.EDIT)
def edit_page(visit: Visit) -> Response:
    """The form."""
    with visit.console.database.reading() as connection:
        seen = seen_in(visit, connection)
        edit = seen.history.edit
        if edit is None:
            return visit.to(address_of(seen.item))
        return _form(visit, connection, seen, edit.content, edit.revision)


@routes.post("/improve/{key}/edit", Permission.EDIT)
def save(visit: Visit) -> Response:
    """Save what was written; then stay, look at it, try it, or go to where it is handed in."""
    compared = bool(visit.field("compared"))
    try:
        with visit.console.database.transaction() as connection:
            seen = seen_in(visit, connection)
            edit = seen.history.edit
            if edit is None:
                raise Problem(409, "Nothing is open here", "Somebody published or gave up this edit. Look at it again.")
            written = _written(visit, seen, edit.content)
            visit.console.editing.save(
                connection, seen.item, person_of(visit.signed_in), visit.now, written, _revision(visit),
                new_base=compared,
            )  # fmt: skip
            visit.note(connection, "draft saved", seen.item.key)
    except Refused as problem:
        with visit.console.database.reading() as connection:
            seen = seen_in(visit, connection)
            edit = seen.history.edit
            if edit is None:
                return visit.to(address_of(seen.item), problem=str(problem))
            # what was written stays in the form; saving it again is then a decision
            return _form(visit, connection, seen, _written(visit, seen, edit.content), edit.revision, str(problem))
    visit.console.live.publish(CONTENT)
    after = visit.field("after")
    if after == "try":
        return visit.to(address_of(seen.item, "try"))
    if after == "done":
        return visit.to(address_of(seen.item), done="The draft is saved.")
    return visit.to(address_of(seen.item, "edit"), done="The draft is saved.")


@routes.post("/improve/{key}/check", Permission.EDIT)
def check(visit: Visit) -> Response:
    """The checks of what stands in the form, as it is written. Nothing is saved."""
    with visit.console.database.reading() as connection:
        seen = seen_in(visit, connection)
        library = visit.console.editing.library(connection, visit.now)[0]
    edit = seen.history.edit
    written = _written(visit, seen, edit.content if edit else seen.now.content or {})
    return JSONResponse(_found(visit, seen, written, library))


@routes.get("/improve/{key}/preview", Permission.EDIT)
def preview_page(visit: Visit) -> Response:
    """A draft as patients would get it."""
    with visit.console.database.reading() as connection:
        seen = seen_in(visit, connection)
    return visit.page("improve_preview.html", seen=seen, address=address_of(seen.item), drawn=_drawn(visit, seen))


@routes.get("/improve/{key}/try", Permission.EDIT)
def try_page(visit: Visit) -> Response:
    """Which recent messages would land here. The bot's own reader works on it for some seconds."""
    with visit.console.database.reading() as connection:
        seen = seen_in(visit, connection)
        library = visit.console.editing.library(connection, visit.now)[0]
    edit, reader = seen.history.edit, visit.console.reading.reader
    problem, moved = "", []
    if edit is None or not seen.item.is_topic:
        return visit.to(address_of(seen.item))
    if reader is None:
        problem = "The bot's reading is not loaded (yet). Try again in a moment."
    else:
        try:
            draft = Topic.parse_obj(dict(edit.content))
        except ValidationError as error:
            problem = f"Mend this first: {'; '.join(plain_reasons(error))}"
        else:
            texts = [wording.text for wording in recent_wordings(visit.console.desk.engine)[:MOST_TRIED]]
            moved = tried(reader, library, {seen.item.name: draft}, texts, visit.console.reading.borrowed)
    here = seen.item.name
    return visit.page(
        "improve_try.html", seen=seen, address=address_of(seen.item), problem=problem, read=len(moved),
        titles={slug: topic.title for slug, topic in library.topics.items()},
        lands=[each for each in moved if each.after.topic == here and each.after.answered],
        gained=[each for each in moved if each.after.answered and not each.before.answered],
        lost=[each for each in moved if each.before.answered and (
            not each.after.answered or (each.before.topic != each.after.topic and each.after.topic == here))],
    )  # fmt: skip


@routes.get("/improve/{key}/review", Permission.REVIEW)
def review_page(visit: Visit) -> Response:
    """All a reviewer needs: what changes, what it looks like, whether it is in order, and the decision."""
    with visit.console.database.reading() as connection:
        seen, name = seen_in(visit, connection), names_in(connection)
        edit = seen.history.edit
        if edit is None:
            return visit.to(address_of(seen.item))
        mistakes = visit.console.editing.mistakes(connection, seen.item, edit.content, visit.now)
    today = day_of(visit.now)
    return visit.page(
        "improve_review.html", seen=seen, edit=edit, name=name, address=address_of(seen.item), states=STATES,
        changes=difference(seen.now.content, edit.content), mistakes=mistakes,
        drawn=_drawn(visit, seen) if seen.item.is_topic else None,
        may_review=visit.console.editing.may_review(seen, person_of(visit.signed_in)),
        needed=visit.console.editing.needed_for_review(seen), due=one_year_after(today).isoformat(),
        outdated=edit.base != seen.now.base,
    )  # fmt: skip


def _form(
    visit: Visit, connection: Connection, seen: Seen, content: Content, revision: int, problem: str = ""
) -> Response:
    edit = seen.history.edit
    outdated = edit is not None and edit.base != seen.now.base
    compare = problem or outdated
    around: dict[str, Any] = {
        "seen": seen, "edit": edit, "address": address_of(seen.item), "revision": revision, "problem": problem,
        "outdated": outdated, "states": STATES, "name": names_in(connection),
        # what the person who saves should see first: somebody else's text, or what patients get now
        "theirs": difference(content, edit.content if problem and edit else seen.now.content) if compare else (),
    }  # fmt: skip
    status = 409 if problem else 200
    if not seen.item.is_topic:
        mistakes = visit.console.editing.mistakes(connection, seen.item, content, visit.now)
        return visit.page("improve_file.html", status, text=content.get(FILE_TEXT, ""), mistakes=mistakes, **around)
    library = visit.console.editing.library(connection, visit.now)[0]
    return visit.page(
        "improve_topic.html", status, fields=in_form(content), content=content, groups=list(Group),
        found=_found(visit, seen, content, library), sources=library.sources,
        topics={slug: topic.title for slug, topic in sorted(library.topics.items()) if slug != seen.item.name},
        **around,
    )  # fmt: skip


def _written(visit: Visit, seen: Seen, content: Content) -> Content:
    """What stands in the form that was sent."""
    if seen.item.is_topic:
        return from_form(content, visit.field, visit.fields)
    raw = visit.form.get(FILE_TEXT)
    text = raw.replace("\r\n", "\n") if isinstance(raw, str) else ""
    return {FILE_TEXT: text if text.endswith("\n") else f"{text}\n"}


def _found(visit: Visit, seen: Seen, content: Content, library: Library) -> dict[str, Any]:
    """What the checks find in a draft: for the page as it is drawn, and as one writes."""
    if not seen.item.is_topic:
        with visit.console.database.reading() as connection:
            return {"mistakes": visit.console.editing.mistakes(connection, seen.item, content, visit.now)}
    slug = seen.item.name
    found = checked(slug, content, library)
    mistakes: dict[str, list[str]] = {}
    for mistake in found.mistakes:
        mistakes.setdefault(mistake.field, []).append(mistake.words)
    known = set((seen.now.content or {}).get("questions") or ())
    new = [question for question in content.get("questions") or () if question not in known]
    with visit.console.reading.borrowed() as reader:
        near = [_told(each) for each in near_topics(reader, slug, content)] if reader else None
        taken = [_told(each) for each in taken_for_others(reader, slug, new)] if reader else None
    return {
        "measures": {measure.field: {"told": measure.told, "fits": measure.fits} for measure in found.measures},
        "mistakes": mistakes,
        "near": near,
        "taken": taken,
    }


def _told(near: Near) -> dict[str, str]:
    percent = f"{100 * near.score:.0f}" if near.score >= 0.01 else "under 1"
    return {"slug": near.slug, "title": near.title, "percent": percent, "words": near.words}


def _drawn(visit: Visit, seen: Seen) -> Preview | None:
    """A draft, or what is in force, as patients get it; None for a file."""
    here, edit = visit.console.settings, seen.history.edit
    if not seen.item.is_topic:
        return None
    words = load_text_messages(here.knowledge_folder / "text_messages.yml")
    content = edit.content if edit else seen.now.content or {}
    library = visit.console.editing.files.library()
    return preview(content, library.sources, visit.console.desk.content, words, here.public_url)


def _revision(visit: Visit) -> int:
    value = visit.field("revision")
    if not value.isascii() or not value.isdigit():
        raise Problem(422, "The form is not whole", "Load the page again.")
    return int(value)
