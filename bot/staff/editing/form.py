"""A topic as the fields of a form, and back. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from bot.staff.editing.history import Content, one_year_after
from knowledge.models import Status
from knowledge.topic_words import paragraphs

ONE_LINE = ("title", "short", "simple")
LISTS = ("steps", "cautions", "questions")
"""Fields with one entry a line."""
CHOSEN = ("related", "sources")
"""Fields with several choices from a list."""
NOT_REVIEWED = "Not reviewed yet"


def new_topic(slug: str, today: date, **fields: Any) -> Content:
    """The first draft of a topic that does not exist yet."""
    empty: dict[str, Any] = {
        "slug": slug, "title": "", "group": "about", "short": "", "simple": "", "answer": "", "steps": [],
        "cautions": [], "questions": [], "related": [], "sources": [],
        "reviewed": {"date": today.isoformat(), "by": NOT_REVIEWED, "due": one_year_after(today).isoformat()},
        "status": Status.AWAITING_SIGN_OFF.value,
    }  # fmt: skip
    return {**empty, **fields}


def from_form(content: Content, field: Callable[[str], str], fields: Callable[[str], list[str]]) -> Content:
    """`content` with what was written into a form. `field` gives one value of it, `fields` all of a name."""
    written: dict[str, Any] = {name: " ".join(field(name).split()) for name in ONE_LINE}
    written["answer"] = "\n\n".join(paragraphs(field("answer")))
    for name in ("short", "simple", "answer"):
        if paragraphs(str(content.get(name) or "")) == paragraphs(str(written[name])):
            written[name] = content.get(name) or ""  # the file wraps lines, which nobody sees
    written |= {name: lines(field(name)) for name in LISTS}
    written |= {name: _in_their_order(content.get(name) or (), fields(name)) for name in CHOSEN}
    written["group"] = field("group")
    written["status"] = Status.RETIRED.value if field("retired") else shown_status(content)
    return {**content, **written}


def _in_their_order(before: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """What was chosen, in the order it had before; what is new comes last."""
    wanted = [name for name in chosen if name]
    return list(dict.fromkeys([*(name for name in before if name in wanted), *wanted]))


def shown_status(content: Content) -> str:
    """The status of a topic that patients may see: published stays so, all else waits for a clinician's sign-off."""
    published = content.get("status") == Status.PUBLISHED.value
    return Status.PUBLISHED.value if published else Status.AWAITING_SIGN_OFF.value


def in_form(content: Content) -> Mapping[str, str]:
    """The texts of a form's fields."""
    shown = {name: str(content.get(name) or "") for name in (*ONE_LINE, "answer", "group", "status")}
    return shown | {name: "\n".join(content.get(name) or ()) for name in LISTS}


def lines(text: str) -> list[str]:
    """The entries of a list that was written one a line."""
    return [said for line in text.splitlines() if (said := " ".join(line.split()))]


def with_review(content: Content, by: str, today: date, due: date, *, signed_off: bool) -> Content:
    """A draft with the review that lets it be published. Only what a clinician has `signed_off` is "published"."""
    reviewed = {"date": today.isoformat(), "by": by if signed_off else f"{by}; awaiting sign-off by a clinician",
                "due": due.isoformat()}  # fmt: skip
    if content.get("status") == Status.RETIRED.value:
        status = Status.RETIRED.value
    else:
        status = Status.PUBLISHED.value if signed_off else Status.AWAITING_SIGN_OFF.value
    return {**content, "reviewed": reviewed, "status": status}
