"""Which lines of a list were picked."""

from __future__ import annotations

from collections.abc import Iterable

from bot.triage.interview_state import Entry
from bot.triage.wording_models import Checklist


def noted(checklist: Checklist, entries: Iterable[Entry]) -> list[str]:
    """The lines of a list that were picked, as far as nothing else can have been meant by what they tick."""
    told: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        told |= {**entry.maybe, **entry.answers}
    return [
        item.label
        for item in checklist.items
        if all(set(told.get(question, ())) == set(options) for question, options in item.ticks.items())
    ]
