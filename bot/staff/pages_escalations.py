"""Escalations: who was told to call for help, who sees to it, and what came of it."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response

from bot.databases import Row
from bot.desk import escalations, handovers
from bot.desk.erased import trace_seen, unseen_traces
from bot.desk.staff import Clash
from bot.staff.desk import without_names
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.visit import Problem, Visit, not_found
from bot.staff.waiting import DESK

routes = Routes()

LEVELS = ("emergency", "urgent", "soon")
SHOW = {"new": "Nobody has acknowledged them", "open": "No outcome yet", "all": "All"}
SHORTEST_REASON, LONGEST_REASON = 5, 300


@routes.get("/escalations", Permission.ESCALATIONS)
def escalations_page(visit: Visit) -> Response:
    """All escalations, newest first."""
    return visit.page("escalations.html", **_listed(visit))


@routes.get("/escalations/list", Permission.ESCALATIONS)
def escalations_list(visit: Visit) -> Response:
    """The list alone, renewed while the page is open."""
    return visit.part("_escalations.html", **_listed(visit))


@routes.get("/desk/waiting", Permission.ESCALATIONS)
def waiting_line(visit: Visit) -> Response:
    """What waits, renewed on every open page."""
    return visit.part("_waiting.html")


@routes.get("/escalations/{id}", Permission.ESCALATIONS)
def escalation_page(visit: Visit) -> Response:
    """One escalation: what was said, what it was taken for, why, what the person was told, and what staff did."""
    return _shown(visit, visit.number("id"))


@routes.post("/escalations/{id}/acknowledge", Permission.ESCALATIONS)
def acknowledge(visit: Visit) -> Response:
    """Say that one sees to it."""
    number = visit.number("id")
    with visit.console.desk.changing(visit) as (records, log):
        first = escalations.acknowledge(records, number, visit.signed_in.name)
        if first:
            visit.note(log, "escalation acknowledged", f"escalation:{number}")
    visit.console.live.publish(DESK)
    if not first:
        return visit.to(f"/escalations/{number}", problem="A colleague acknowledged it before you. See below who.")
    return visit.to(f"/escalations/{number}", done="Acknowledged. Everybody can see that you see to it.")


@routes.post("/escalations/{id}/note", Permission.ESCALATIONS)
def note(visit: Visit) -> Response:
    """Add a note for colleagues."""
    number = visit.number("id")
    try:
        with visit.console.desk.changing(visit) as (records, log):
            escalations.add_note(records, number, visit.signed_in.name, visit.field("note"))
            visit.note(log, "escalation noted", f"escalation:{number}")
    except (Clash, ValueError) as problem:
        return visit.to(f"/escalations/{number}", problem=str(problem))
    visit.console.live.publish(DESK)
    return visit.to(f"/escalations/{number}", done="The note is kept.")


@routes.post("/escalations/{id}/outcome", Permission.ESCALATIONS)
def outcome(visit: Visit) -> Response:
    """Say what came of it."""
    number, chosen = visit.number("id"), visit.field("outcome")
    try:
        with visit.console.desk.changing(visit) as (records, log):
            version = int(visit.field("version") or -1)
            escalations.set_outcome(records, number, version, visit.signed_in.name, chosen)
            visit.note(log, "escalation outcome", f"escalation:{number}", {"outcome": chosen})
    except (Clash, ValueError) as problem:
        return visit.to(f"/escalations/{number}", problem=str(problem))
    visit.console.live.publish(DESK)
    return visit.to(f"/escalations/{number}", done="The outcome is kept.")


@routes.post("/escalations/{id}/open", Permission.FULL_TEXT)
def open_in_full(visit: Visit) -> Response:
    """Show the words as they were written, and the number of a phone, for a reason that is logged."""
    number = visit.number("id")
    row = _row(visit, number)
    reason = reason_of(visit)
    with visit.console.database.transaction() as log:
        visit.note(log, "escalation opened in full", f"escalation:{number}", {"reason": reason})
    return _shown(visit, number, full=True, phone=visit.console.desk.number_of(row["conversation"]))


@routes.post("/escalations/{id}/erased", Permission.ESCALATIONS)
def erased_seen(visit: Visit) -> Response:
    """Say that one has seen that an escalation was erased before anybody acknowledged it."""
    number = visit.number("id")
    with visit.console.desk.changing(visit) as (records, log):
        if trace_seen(records, number, visit.signed_in.name):
            visit.note(log, "erased escalation seen", f"escalation:{number}")
    visit.console.live.publish(DESK)
    return visit.to("/escalations", done="Noted that you have seen it.")


def reason_of(visit: Visit) -> str:
    """Why somebody opens what is closed. Raises Problem without a reason."""
    reason = visit.field("reason")
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Problem(
            400, "A reason is needed", "Go back and write in a few words why you need to see it. It is logged."
        )
    return reason


def _row(visit: Visit, number: int) -> Row:
    with visit.console.desk.reading() as records:
        row = escalations.one(records, number)
    if row is None:
        raise not_found(
            "This escalation is not there (any more): its person asked to be forgotten, or its time is over."
        )
    return row


def _shown(visit: Visit, number: int, *, full: bool = False, phone: str | None = None) -> Response:
    row = _row(visit, number)
    with visit.console.desk.reading() as records:
        notes = escalations.notes(records, number)
        handover = handovers.open_of(records, row["conversation"])
    shown = (lambda text: text) if full else without_names
    verdict = json.loads(row["verdict"])
    return visit.page(
        "escalation.html",
        row=row,
        person=visit.console.desk.pseudonym(row["conversation"]),
        title=title_of(visit, row["category"]),
        said=shown(row["text"]),
        correction=shown(row["correction"]) if row["correction"] else None,
        because=[shown(str(words)) for words in verdict.get("matched") or verdict.get("reasons") or ()],
        rule=verdict.get("rule"),
        notes=notes,
        outcomes=escalations.OUTCOMES,
        handover=handover,
        full=full,
        phone=phone,
        by_phone=row["channel"] == "sms",
    )


def _listed(visit: Visit) -> dict[str, Any]:
    show = visit.asked("show", "all") if visit.asked("show", "all") in SHOW else "all"
    level = visit.asked("level") if visit.asked("level") in LEVELS else None
    before = int(visit.asked("before")) if visit.asked("before").isdecimal() else None
    with visit.console.desk.reading() as records:
        rows = escalations.listed(records, level=level, show=show, before=before)
        traces = unseen_traces(records)
    for row in [*rows, *traces]:
        row["title"] = title_of(visit, row["category"])
        if "conversation" in row:
            row["person"] = visit.console.desk.pseudonym(row.pop("conversation"))
    older = rows[-1]["id"] if len(rows) == escalations.PAGE else None
    return {
        "rows": rows,
        "traces": traces,
        "show": show,
        "shows": SHOW,
        "level": level,
        "levels": LEVELS,
        "older": older,
        "before": before,
        "outcomes": escalations.OUTCOMES,
    }


def title_of(visit: Visit, category: str) -> str:
    """A category in words."""
    flag = visit.console.desk.content.red_flags.get(category)
    return flag.title if flag else category.replace("-", " ").capitalize()
