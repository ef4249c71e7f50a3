"""A process that dies in the middle of a check-in takes nothing along."""

from __future__ import annotations

from pathlib import Path

from rasa.core.agent import load_agent
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

from bot.channels.in_process import Companion, InProcessActions
from bot.triage.decide import decide
from tests.conftest import ROOT
from tests.patients.speaker import Speaker, as_answers, table
from tests.patients.visit import Settled, Visit

FACTS = {
    "bounce-when": "toe-first",
    "knee": "locks-with-pain",
    "falls": "one-month",
    "fall-harm": "bruise",
    "brace": "none",
    "stretch": "none",
    "ankle-bend": "less-than-ten",
}
TURNS_BEFORE = 10


async def process_on(database: Path) -> Companion:
    """A freshly started bot that keeps its conversations in a database file."""
    store = EndpointConfig(type="SQL", dialect="sqlite", db=str(database))
    endpoints = AvailableEndpoints(action=InProcessActions(), tracker_store=store)
    return Companion(await load_agent(str(ROOT / "models"), endpoints=endpoints), 60.0)


async def test_a_restart_in_the_middle_loses_nothing(tmp_path: Path, records_file: Path) -> None:
    speaker = Speaker(FACTS)
    visit = Visit(await process_on(tmp_path / "conversations.db"))
    await visit.say("check my symptoms, my knee locks back")
    asked: list[tuple[object, ...]] = []
    while visit.screen is not None and visit.turns < TURNS_BEFORE:
        asked.append(visit.screen.same_as)
        await visit.say(speaker.answer(visit.screen))
    assert visit.screen is not None, visit.report()
    number = visit.number

    visit.companion = await process_on(tmp_path / "conversations.db")
    await visit.say(speaker.answer(visit.screen))
    assert visit.number == number + 1, visit.report()
    while visit.screen is not None and visit.turns < 40:
        assert visit.screen.same_as not in asked, visit.report()
        assert Settled(signs=set(), answered={"who", "diagnosis", "change"}).again(visit.screen) is None
        await visit.say(speaker.answer(visit.screen))
    whole = decide(table(), as_answers(FACTS))
    assert (visit.last_level, visit.last_steps) == (whole.level, whole.steps), visit.report()
    assert visit.problems == []
