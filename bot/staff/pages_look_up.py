"""Look up: find a topic while somebody waits, pass it on, and try what the bot would say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from bot.staff.asking import LONGEST, BotSilent, ask
from bot.staff.library import GROUPS, Shelf
from bot.staff.looking_up import DOES, look_up
from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.telling import forms_of
from bot.staff.visit import Problem, Visit, not_found
from knowledge.library import LibraryMissing, TopicEntry

routes = Routes()

CHECKED = {
    "search": "page or summary found and read",
    "knowledge": "well-established reference, text not read again",
    "seed": "read in full",
}
"""How a source was checked (`verified` in knowledge/sources.yml), in words."""


@routes.get("/look-up", Permission.LOOK_UP)
def look_up_page(visit: Visit) -> Response:
    """The search box and what it found; every topic while nothing is searched for."""
    shelf = _shelf(visit)
    results = look_up(visit.asked("q"), shelf, visit.console.reading)
    return visit.page("look_up.html", results=results, groups=_grouped(shelf), words=visit.asked("q"))


@routes.get("/look-up/results", Permission.LOOK_UP)
def results_part(visit: Visit) -> Response:
    """What was found, as a piece of the page: asked for as one types."""
    shelf = _shelf(visit)
    results = look_up(visit.asked("q"), shelf, visit.console.reading)
    return visit.part("_results.html", results=results, groups=_grouped(shelf))


@routes.get("/look-up/{slug}", Permission.LOOK_UP)
def topic_page(visit: Visit) -> Response:
    """One topic with everything that belongs to it."""
    shelf = _shelf(visit)
    topic = shelf.topics.get(visit.path("slug"))
    if topic is None:
        raise not_found("The library has no such topic (any more).")
    related = [shelf.topics[slug] for slug in topic.related if slug in shelf.topics]
    return visit.page(
        "topic.html", topic=topic, group=GROUPS.get(topic.group, topic.group), related=related, checked=CHECKED,
        proof=visit.console.library.proof(topic), forms=forms_of(topic), asked=visit.asked("q"),
    )  # fmt: skip


@routes.get("/try", Permission.TRY)
def try_page(visit: Visit) -> Response:
    """The box to try a message in."""
    return visit.page("try.html", text=visit.asked("text"), said=None, problem="", **_nothing())


@routes.post("/try", Permission.TRY)
def try_out(visit: Visit) -> Response:
    """What the running bot would say. Nothing of it is kept."""
    text = visit.field("text")
    if not text or len(text) > LONGEST:
        problem = f"Write a message of 1 to {LONGEST} characters."
        return visit.page("try.html", 422, text=text, said=None, problem=problem, **_nothing())
    try:
        said = ask(visit.console.settings, text)
    except BotSilent as silent:
        return visit.page("try.html", 503, text=text, said=None, problem=str(silent), **_nothing())
    topics = _shelf(visit).topics
    intent = str(said.reading.get("intent", ""))
    return visit.page(
        "try.html", text=text, said=said, problem="", ranked=_ranked(said.reading, topics),
        taken_for=DOES.get(intent, intent.replace("_", " ")),
    )  # fmt: skip


def _nothing() -> dict[str, Any]:
    return {"ranked": [], "taken_for": ""}


def _ranked(reading: Mapping[str, Any], topics: Mapping[str, TopicEntry]) -> Sequence[tuple[TopicEntry, float]]:
    return [
        (topics[ranked["slug"]], float(ranked["score"]))
        for ranked in reading.get("topics", ())
        if ranked["slug"] in topics
    ]


def _grouped(shelf: Shelf) -> list[tuple[str, list[TopicEntry]]]:
    by_title = sorted(shelf.topics.values(), key=lambda topic: topic.title.casefold())
    return [(title, [topic for topic in by_title if topic.group == group]) for group, title in GROUPS.items()]


def _shelf(visit: Visit) -> Shelf:
    try:
        return visit.console.library.now()
    except LibraryMissing as missing:
        raise Problem(503, "There is no library yet", str(missing)) from missing
