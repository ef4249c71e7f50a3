"""Ways to every kind of prompt: what to say, in order, until a prompt of that kind is on the screen."""

from __future__ import annotations

from bot.channels.in_process import Companion
from tests.patients.visit import Visit

BEGIN = "check my symptoms"
NO_DANGER = (BEGIN, "no", "no", "no", "no")
ADULT = (*NO_DANGER, "me", "yes", "same")

WAYS: dict[str, tuple[str, ...]] = {
    "group": (BEGIN,),
    "sign": (BEGIN, "not sure"),
    "question": (*NO_DANGER, "me"),
    "which": (*ADULT, "yes"),
    "list": (*ADULT, "no", "no"),
    "jump": (*ADULT, "no", "no", "none", "none", "1"),
    "change-which": (*NO_DANGER, "me", "change my answer"),
    "confirm-back": (BEGIN, "yes", "go back"),
}
"""Kind of prompt -> the replies that lead to it."""

SETTLED_KINDS = tuple(kind for kind in WAYS if kind != "confirm-back")
"""The kinds that come in a check-in without an emergency."""


async def go_to(companion: Companion, kind: str) -> Visit:
    """A visit with a prompt of this kind on the screen."""
    visit = Visit(companion)
    for text in WAYS[kind]:
        await visit.say(text)
    assert visit.screen is not None, visit.report()
    assert visit.screen.kind == kind, visit.report()
    return visit
