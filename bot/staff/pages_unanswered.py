"""Unanswered: what the bot could not place or did not help with, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.staff.editing.form import new_topic
from bot.staff.editing.items import topic_item
from bot.staff.editing.rules import Refused
from bot.staff.improving import CONTENT, address_of, day_of, person_of
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.unanswered.grouping import Wording, wordings
from bot.staff.unanswered.marks import Decision, mark, marks
from bot.staff.unanswered.messages import unanswered_messages
from bot.staff.unanswered.review import Stage, attach, listed, start_topic
from bot.staff.visit import Visit
from knowledge.files import ContentError

routes = Routes()

STAGES = {
    Stage.OPEN: "Open",
    Stage.ATTACHED: "Attached, not answered yet",
    Stage.ANSWERED: "Answered now",
    Stage.OUT_OF_SCOPE: "Out of scope",
}
MOST_SHOWN = 50


@routes.get("/unanswered", Permission.UNANSWERED)
def unanswered_page(visit: Visit) -> Response:
    """Groups of one stage, the most frequent first."""
    messages, console = unanswered_messages(visit.console.desk.engine), visit.console
    with console.reading.borrowed() as reader:
        found = console.unanswered.groups(messages, reader)
    with console.database.reading() as connection:
        decided = marks(connection)
        library = console.editing.library(connection, visit.now)[0]
        drafts = {
            item.name: seen.title for item, seen in console.editing.see_all(connection, visit.now).items()
            if item.is_topic and seen.history.edit
        }  # fmt: skip
    everything = listed(found.groups, found.answered, decided)
    stage = next((each for each in Stage if each.value == visit.asked("stage")), Stage.OPEN)
    titles = {**{slug: topic.title for slug, topic in library.topics.items()}, **drafts}
    total = sum(each.group.count for each in everything)
    return visit.page(
        "unanswered.html", stage=stage, stages=STAGES, found=found, titles=titles, total=total,
        counts={each: sum(one.stage is each for one in everything) for each in Stage},
        answered=sum(each.answered for each in everything), Stage=Stage,
        shown=[each for each in everything if each.stage is stage][:MOST_SHOWN],
        may_edit=visit.may(Permission.EDIT),
    )  # fmt: skip


@routes.post("/unanswered/attach", Permission.UNANSWERED)
def attach_to_topic(visit: Visit) -> Response:
    """Make the chosen wordings questions of a topic's draft."""
    slug = visit.field("topic")

    def change(connection: Connection, chosen: list[Wording]) -> str:
        item = topic_item(slug)
        added = attach(visit.console.editing, connection, chosen, slug, person_of(visit.signed_in), visit.now)
        visit.note(connection, "messages attached", item.key, {"messages": len(chosen), "added": added})
        return f"{added} became questions in the draft of this topic. It is published after a review."

    return _decided(visit, change)


@routes.post("/unanswered/start", Permission.UNANSWERED)
def start_new_topic(visit: Visit) -> Response:
    """Begin a topic with the chosen wordings as its first questions."""
    slug, title = visit.field("slug").casefold(), visit.field("title")

    def change(connection: Connection, chosen: list[Wording]) -> str:
        item = topic_item(slug)
        first = new_topic(slug, day_of(visit.now), title=title)
        added = start_topic(visit.console.editing, connection, chosen, first, person_of(visit.signed_in), visit.now)
        visit.note(connection, "topic begun from messages", item.key, {"messages": len(chosen), "added": added})
        return f"A draft is begun with {added} of the messages as its questions."

    to = address_of(topic_item(slug), "edit") if visit.may(Permission.EDIT) and _is_slug(slug) else ""
    return _decided(visit, change, to)


@routes.post("/unanswered/out-of-scope", Permission.UNANSWERED)
def out_of_scope(visit: Visit) -> Response:
    """The bot need not know this."""
    return _decided(visit, _marking(visit, Decision.OUT_OF_SCOPE, "Out of scope."))


@routes.post("/unanswered/open", Permission.UNANSWERED)
def open_again(visit: Visit) -> Response:
    """Take a decision back."""
    return _decided(visit, _marking(visit, Decision.OPEN, "Open again."))


Change = Callable[[Connection, list[Wording]], str]


def _marking(visit: Visit, decision: Decision, done: str) -> Change:
    def change(connection: Connection, chosen: list[Wording]) -> str:
        mark(connection, [wording.key for wording in chosen], decision, visit.signed_in.id, visit.now)
        visit.note(connection, f"messages: {decision.value}", "unanswered", {"wordings": len(chosen)})
        return done

    return change


def _decided(visit: Visit, change: Change, to: str = "") -> Response:
    back = f"/unanswered?stage={visit.field('stage', Stage.OPEN.value)}"
    keys = set(visit.fields("wording"))
    chosen = [each for each in wordings(unanswered_messages(visit.console.desk.engine)) if each.key in keys]
    if not chosen:
        return visit.to(back, problem="Choose at least one message. (What is too old is deleted by itself.)")
    try:
        with visit.console.database.transaction() as connection:
            done = change(connection, chosen)
    except (Refused, ContentError, ValueError) as problem:
        return visit.to(back, problem=str(problem))
    visit.console.live.publish(CONTENT)
    return visit.to(to or back, done=done)


def _is_slug(slug: str) -> bool:
    try:
        return bool(topic_item(slug))
    except ValueError:
        return False
