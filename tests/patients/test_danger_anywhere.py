"""A danger typed in the place of an answer, at every kind of prompt."""

from __future__ import annotations

import pytest

from bot.channels.in_process import Companion
from tests.patients.speaker import Speaker
from tests.patients.visit import Visit
from tests.patients.ways import SETTLED_KINDS, go_to

DANGER = "I have chest pain"


async def take_up(visit: Visit) -> None:
    """Ask for the check-in again; take the sign back with a clear no, and deny the other danger signs once more."""
    await visit.say("check my symptoms")
    while visit.screen is not None and visit.screen.question == "red-flags" and visit.turns < 40:
        await visit.say("no")


AFTER_DANGER = {"group": "who", "sign": "who", "change-which": "diagnosis"}
"""The question that is due next where the prompt itself was about danger or only about another question."""


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
    if kind == "jump":  # a danger sign that was taken back closes jumping: nothing is left to ask
        assert (visit.screen, visit.last_level) == (None, "urgent"), visit.report()
        return
    assert visit.screen is not None, visit.report()
    if kind in AFTER_DANGER:
        assert visit.screen.question == AFTER_DANGER[kind], visit.report()
    else:
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
