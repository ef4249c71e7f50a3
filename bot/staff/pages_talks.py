"""People who want a person: who waits, taking over, answering, and handing back to the bot."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy.engine import Connection
from starlette.responses import Response

from bot.databases import Row
from bot.desk import escalations, handovers, messages, talked
from bot.desk.messages import NotSendable
from bot.desk.staff import Clash
from bot.replies.handover import person_gone, person_here
from bot.staff.conversations import PERSON, Said, Unreadable
from bot.staff.desk import staff_of, without_names
from bot.staff.pages_escalations import reason_of
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.talk_words import check_in_sections, prefilled, ready_answers, topics_for
from bot.staff.visit import Problem, Visit, not_found
from bot.staff.waiting import DESK

routes = Routes()


@routes.get("/talks", Permission.TAKE_OVER)
def talks_page(visit: Visit) -> Response:
    """Who waits, who is answered by whom, and who talked to the bot of late."""
    return visit.page("talks.html", **_listed(visit))


@routes.get("/talks/list", Permission.TAKE_OVER)
def talks_list(visit: Visit) -> Response:
    """The lists alone, renewed while the page is open."""
    return visit.part("_talks.html", **_listed(visit))


@routes.get("/talks/{id}", Permission.TAKE_OVER)
def talk_page(visit: Visit) -> Response:
    """One conversation: what was said, the check-in, and the box to answer in."""
    return _talk(visit, visit.number("id"))


@routes.get("/talks/{id}/said", Permission.TAKE_OVER)
def said(visit: Visit) -> Response:
    """What was said, renewed while the page is open."""
    row = _handover(visit, visit.number("id"))
    return visit.part("_said.html", **_said(visit, row, full=_holds(visit, row)))


@routes.post("/talks/{id}/take", Permission.TAKE_OVER)
def take(visit: Visit) -> Response:
    """Answer this person from now on."""
    number = visit.number("id")
    row = _handover(visit, number)
    version = int(visit.field("version")) if visit.field("version").isdecimal() else -1
    from_colleague = bool(visit.field("from_colleague"))

    def change(records: Connection) -> None:
        handovers.take(records, number, version, staff_of(visit.signed_in), from_colleague=from_colleague)
        _announce_start(visit, records, number, version)

    return _changed(visit, number, change, "took over", "You answer this person now. The bot keeps quiet.", row)


@routes.post("/talks/{id}/say", Permission.TAKE_OVER)
def say(visit: Visit) -> Response:
    """Send a message. The words stay in the box when they could not be kept."""
    number, words, key = visit.number("id"), visit.field("text"), visit.field("key")
    topic = visit.field("topic") or None
    _handover(visit, number)
    try:
        if not key:
            raise NotSendable("The form was not whole. Send it again.")
        with visit.console.desk.changing(visit) as (records, log):
            new = messages.say(records, number, staff_of(visit.signed_in), key, words, topic)
            if new:
                visit.note(log, "message to a person", f"talk:{number}", {"characters": len(words)})
    except (Clash, NotSendable) as problem:
        return _talk(visit, number, words=words, key=key, problem=str(problem), status=409)
    visit.console.live.publish(DESK)
    return visit.to(f"/talks/{number}#reply")


@routes.post("/talks/{id}/hand-back", Permission.TAKE_OVER)
def hand_back(visit: Visit) -> Response:
    """Let the bot answer again."""
    number = visit.number("id")
    row = _handover(visit, number)

    def change(records: Connection) -> None:
        handovers.hand_back(records, number, staff_of(visit.signed_in))
        words = person_gone(visit.console.desk.content, staff_of(visit.signed_in).sender, _region(visit, row))
        messages.keep(records, row, f"back-{number}", messages.BACK, words.text)

    return _changed(visit, number, change, "handed back", "The bot answers this person again.", row, to="/talks")


@routes.post("/talks/{id}/close", Permission.TAKE_OVER)
def close(visit: Visit) -> Response:
    """Put a request away that was dealt with in another way."""
    number = visit.number("id")
    row = _handover(visit, number)
    version = int(visit.field("version")) if visit.field("version").isdecimal() else -1

    def change(records: Connection) -> None:
        handovers.close_request(records, number, version)

    return _changed(visit, number, change, "request put away", "The request is put away.", row, to="/talks")


@routes.post("/talks/{id}/open", Permission.TAKE_OVER)
def open_in_full(visit: Visit) -> Response:
    """Show the words as they were written, and the number of a phone, for a reason that is logged."""
    number = visit.number("id")
    row = _handover(visit, number)
    if not visit.may(Permission.FULL_TEXT):
        raise Problem(403, "Not allowed", "Your role does not include this.")
    reason = reason_of(visit)
    with visit.console.database.transaction() as log:
        visit.note(log, "talk opened in full", f"talk:{number}", {"reason": reason})
    return _talk(visit, number, full=True, phone=visit.console.desk.number_of(row["conversation"]))


@routes.post("/talks/step-in", Permission.TAKE_OVER)
def step_in(visit: Visit) -> Response:
    """Take over a conversation whose person did not ask for it: one of the latest, or that of an escalation."""
    with visit.console.desk.reading() as records:
        found = _chosen(visit, records)
    if found is None:
        raise not_found("This conversation is not there any more.")
    conversation, channel = found
    if channel not in messages.REACHABLE:
        return visit.to("/talks", problem="This person talks to the bot in a way in which you cannot reach them.")
    try:
        with visit.console.desk.changing(visit) as (records, log):
            number = handovers.step_in(records, conversation, channel, staff_of(visit.signed_in))
            _announce_start(visit, records, number, 0)
            visit.note(log, "stepped in", f"talk:{number}")
    except Clash as problem:
        return visit.to("/talks", problem=str(problem))
    visit.console.live.publish(DESK)
    return visit.to(f"/talks/{number}", done="You answer this person now. The bot keeps quiet.")


def _chosen(visit: Visit, records: Connection) -> tuple[str, str] | None:
    """The conversation and channel that a form names, by something other than the conversation's id."""
    if visit.field("escalation").isdecimal():
        row = escalations.one(records, int(visit.field("escalation")))
        return (row["conversation"], row["channel"] or "") if row else None
    return talked.of_reply(records, int(visit.field("reply"))) if visit.field("reply").isdecimal() else None


def _announce_start(visit: Visit, records: Connection, number: int, version: int) -> None:
    """Tell the person who is here now, once for each time somebody takes over."""
    row = handovers.one(records, number)
    if row is not None:
        words = person_here(visit.console.desk.content, staff_of(visit.signed_in).sender, _region(visit, row))
        messages.keep(records, row, f"taken-{number}-{version}", messages.TAKEN, words.text)


def _changed(
    visit: Visit, number: int, change: Callable[[Connection], None], action: str, done: str, row: Row, to: str = ""
) -> Response:
    """Make a change and log it, or say why not."""
    try:
        with visit.console.desk.changing(visit) as (records, log):
            change(records)
            visit.note(log, action, f"talk:{number}")
    except Clash as problem:
        return visit.to(f"/talks/{number}", problem=str(problem))
    visit.console.live.publish(DESK)
    return visit.to(to or f"/talks/{number}", done=done)


def _handover(visit: Visit, number: int) -> Row:
    with visit.console.desk.reading() as records:
        row = handovers.one(records, number)
    if row is None:
        raise not_found(
            "This conversation is not there any more: its person asked to be forgotten, or its time is over."
        )
    return row


def _holds(visit: Visit, row: Row) -> bool:
    return row["open_key"] is not None and row["holder"] == visit.signed_in.id


def _region(visit: Visit, row: Row) -> str | None:
    try:
        region = visit.console.desk.conversations.read(row["conversation"]).slots.get("region")
    except Exception:
        return None
    return str(region) if region else None


def _said(visit: Visit, row: Row, *, full: bool) -> dict[str, Any]:
    shown = (lambda text: text) if full else without_names
    trouble, slots = "", {}
    said: list[Said] = []
    try:
        found = visit.console.desk.conversations.read(row["conversation"])
    except Exception as error:
        trouble = str(error) if isinstance(error, Unreadable) else "The conversation cannot be read just now."
    else:
        slots = dict(found.slots)
        # the bot says curated words only, which hold no name
        said = [replace(one, text=shown(one.text)) if one.who == PERSON else one for one in found.said]
    with visit.console.desk.reading() as records:
        under_way = messages.undelivered(records, row["conversation"])
    return {"said": said, "slots": slots, "trouble": trouble, "under_way": under_way, "row": row, "full": full}


def _talk(
    visit: Visit,
    number: int,
    *,
    words: str | None = None,
    key: str = "",
    problem: str = "",
    full: bool = False,
    phone: str | None = None,
    status: int = 200,
) -> Response:
    row = _handover(visit, number)
    holds = _holds(visit, row)
    told = _said(visit, row, full=full or holds)
    content = visit.console.desk.content
    region = told["slots"].get("region")
    with visit.console.desk.reading() as records:
        last_key = messages.last_key(records, number)
    filled, topic = prefilled(content, visit.asked("answer"), visit.asked("topic"), visit.asked("form"), region)
    return visit.page(
        "talk.html",
        status,
        **told,
        person=visit.console.desk.pseudonym(row["conversation"]),
        holds=holds,
        open=row["open_key"] is not None,
        sections=check_in_sections(told["slots"].get("interview")),
        answers=ready_answers(content, region),
        words=filled if words is None else words,
        topic=topic,
        key=key or uuid.uuid4().hex,
        kept=last_key,
        problem=problem,
        q=visit.asked("q"),
        topics=topics_for(content, visit.asked("q"), short=row["channel"] == "sms"),
        phone=phone,
        by_phone=row["channel"] == "sms",
        signs_as=staff_of(visit.signed_in).sender,
    )


def _listed(visit: Visit) -> dict[str, Any]:
    with visit.console.desk.reading() as records:
        rows = handovers.open_ones(records)
        lately = talked.lately(records)
    taken = {row["conversation"] for row in rows}
    return {
        "waiting_ones": [_named(visit, row) for row in rows if row["state"] == handovers.ASKED],
        "held_ones": [_named(visit, row) for row in rows if row["state"] == handovers.TAKEN],
        "lately": [_named(visit, row) for row in lately if row["conversation"] not in taken],
        "reachable": messages.REACHABLE,
        "me": visit.signed_in.id,
    }


def _named(visit: Visit, row: Row) -> Row:
    return {**row, "person": visit.console.desk.pseudonym(row["conversation"])}
