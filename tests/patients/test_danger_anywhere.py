"""A danger typed in the place of an answer, at every kind of prompt."""

from __future__ import annotations

import pytest

from bot.channels.in_process import Companion
from tests.patients.speaker import Speaker
from tests.patients.visit import Visit
from tests.patients.ways import SETTLED_KINDS, go_to

DANGER = "I have chest pain"


async def take_up(visit: Visit) -> None:
    """Ask for the check-in again; a sign that was told is taken back where that is asked."""
    await visit.say("check my symptoms")
    if visit.screen is not None and visit.screen.kind == "confirm-back":
        await visit.say("no")


@pytest.mark.parametrize("kind", SETTLED_KINDS)
async def test_danger_escalates_stops_the_check_in_and_loses_nothing(companion: Companion, kind: str) -> None:
    visit = await go_to(companion, kind)
    assert visit.screen is not None
    wanted = visit.screen.same_as
    first, *rest = await visit.say(DANGER)
    assert (first["metadata"]["kind"], first["metadata"]["level"]) == ("escalation", "emergency"), visit.report()
    assert visit.screen is None, visit.report()
    assert all(reply["metadata"]["kind"] == "notice" for reply in rest), visit.report()
    await take_up(visit)
    assert visit.screen is not None, visit.report()
    assert visit.screen.same_as == wanted, visit.report()
    assert visit.problems == []


async def test_danger_told_in_the_middle_still_counts_at_the_end(companion: Companion) -> None:
    visit = await go_to(companion, "question")
    await visit.say(DANGER)
    await take_up(visit)
    speaker = Speaker({"bounce-when": "never", "brace": "none", "stretch": "none", "ankle-bend": "not-tested"})
    while visit.screen is not None and visit.turns < 40:
        await visit.say(speaker.answer(visit.screen))
    assert visit.last_level in ("urgent", "emergency"), visit.report()


@pytest.mark.parametrize(
    "text",
    [
        "my chest hurts and I cannot breathe",
        "my face is drooping on one side",
        "I want to kill myself",
        "no but my arm is suddenly numb and my speech is slurred",
        "3 and by the way he is having a seizure right now",
    ],
)
async def test_danger_beside_an_answer_escalates(companion: Companion, text: str) -> None:
    visit = await go_to(companion, "group")
    replies = await visit.say(text)
    assert replies[0]["metadata"]["kind"] in ("escalation", "clarify"), visit.report()
    assert replies[0]["metadata"]["level"] == "emergency", visit.report()
