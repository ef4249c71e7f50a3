"""A process that dies in the middle of a check-in takes nothing along; nor does a long pause or a new session."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest
from rasa.shared.core.events import SlotSet

from bot.channels.in_process import Companion
from bot.channels.running_turn import Message
from bot.engine.tracker_store import store_below
from bot.triage.decide import decide
from tests.conftest import ROOT
from tests.patients.one_process import companion_on
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
OPENS = "check my symptoms, my knee locks back"
HOURS = 3600


class OtherProcess:
    """A bot in another process, talked to like a Companion."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, database: Path, records: Path) -> OtherProcess:
        """Start one on a database of conversations."""
        return cls(
            await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.patients.one_process",
                str(database),
                cwd=ROOT,
                env={**os.environ, "CLONUS_RECORDS_PATH": str(records)},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                limit=2**20,
            )
        )

    async def say(self, conversation: str, text: str) -> list[Message]:
        """What it replies."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([conversation, text]).encode() + b"\n")
        await self._process.stdin.drain()
        return json.loads(await self._process.stdout.readline())

    async def die(self) -> None:
        """End it at once; it cannot tidy up."""
        self._process.kill()
        await self._process.wait()


async def begun(companion: Companion) -> tuple[Visit, Speaker, list[tuple[object, ...]]]:
    """A check-in in its middle, and what was asked so far."""
    speaker, visit = Speaker(FACTS), Visit(companion)
    await visit.say(OPENS)
    asked: list[tuple[object, ...]] = []
    while visit.screen is not None and visit.turns < TURNS_BEFORE:
        asked.append(visit.screen.same_as)
        await visit.say(speaker.answer(visit.screen))
    assert visit.screen is not None, visit.report()
    return visit, speaker, asked


async def to_the_end(visit: Visit, speaker: Speaker, asked: list[tuple[object, ...]]) -> None:
    """The rest of it: nothing is asked again, and the result is that of all answers."""
    while visit.screen is not None and visit.turns < 40:
        assert visit.screen.same_as not in asked, visit.report()
        assert Settled(signs=set(), answered={"who", "diagnosis", "change"}).again(visit.screen) is None
        await visit.say(speaker.answer(visit.screen))
    whole = decide(table(), as_answers(FACTS))
    assert (visit.last_level, visit.last_steps) == (whole.level, whole.steps), visit.report()
    assert visit.problems == []


@pytest.mark.timeout(600)
async def test_a_process_that_is_killed_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    database, records = tmp_path / "conversations.db", tmp_path / "records.db"
    first = await OtherProcess.start(database, records)
    try:
        visit, speaker, asked = await begun(first)  # type: ignore[arg-type]
    finally:
        await first.die()
    number = visit.number
    visit.companion = await companion_on(str(database))
    assert visit.screen is not None
    await visit.say(speaker.answer(visit.screen))
    assert visit.number == number + 1, visit.report()
    await to_the_end(visit, speaker, asked)


async def hours_pass(companion: Companion, conversation: str, hours: float) -> None:
    """Set everything that was said back by some hours, as if it had been said then."""
    tracker = await companion.tracker_store.retrieve_full_tracker(conversation)
    assert tracker is not None
    for event in tracker.events:
        event.timestamp -= hours * HOURS
    memory = tracker.get_slot("interview")
    tracker.update(SlotSet("interview", {**memory, "at": memory["at"] - hours * HOURS}, tracker.events[-1].timestamp))
    # the log is only added to, so the conversation is written anew
    store_below(companion.tracker_store).erase([conversation])
    await companion.save(tracker)


async def sessions_of(companion: Companion, conversation: str) -> int:
    """How many sessions a conversation has had; a tracker as it is loaded for a turn holds the last one only."""
    whole = await companion.tracker_store.retrieve_full_tracker(conversation)
    assert whole is not None
    return sum(event.type_name == "session_started" for event in whole.events)


@pytest.mark.parametrize(("hours", "sessions"), [(2, 1), (7, 2)], ids=["a pause", "a new session"])
async def test_hours_later_the_person_is_reminded_and_goes_on(
    companion: Companion, hours: float, sessions: int
) -> None:
    visit, speaker, asked = await begun(companion)
    last, number = visit.screen, visit.number
    assert last is not None
    await hours_pass(companion, visit.conversation, hours)
    said = await visit.say("hello again")
    assert said[-1]["text"] == "You were telling me about your knee. Shall we go on?\n\n1. Yes\n2. Not now"
    assert await sessions_of(companion, visit.conversation) == sessions
    await visit.say("yes")
    assert visit.screen is not None, visit.report()
    assert (visit.screen.same_as, visit.number) == (last.same_as, number), visit.report()
    await to_the_end(visit, speaker, asked[:-1])


async def test_a_question_of_theirs_hours_later_is_answered_first(companion: Companion) -> None:
    visit, _, _ = await begun(companion)
    await hours_pass(companion, visit.conversation, 7)
    said = await visit.say("what is a heel wedge?")
    assert [message["metadata"]["kind"] for message in said] == ["answer", "question"]
    assert "Shall we go on?" in said[-1]["text"]


async def test_a_day_later_a_check_in_is_over(companion: Companion) -> None:
    visit, _, _ = await begun(companion)
    await hours_pass(companion, visit.conversation, 25)
    said = await visit.say("hello")
    assert "go on?" not in said[-1]["text"]
