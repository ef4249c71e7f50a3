"""Asking for a person, in the trained bot: the request is kept for staff, and the bot says when somebody is there."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from bot.channels.in_process import Companion
from bot.desk import handovers
from bot.desk.opening_hours import OpeningHours
from bot.desk.staff import Staff
from bot.records import records
from bot.replies.content import content

ALWAYS = "Mon-Sun 00:00-24:00"
COMES = "I have asked our team. A person will write to you here."


@pytest.fixture
def staffed(companion: Companion, monkeypatch: pytest.MonkeyPatch) -> Companion:
    """The bot of a service whose people are always there, as people on the page reach it."""
    monkeypatch.setattr(content(), "staff_hours", OpeningHours.read(ALWAYS, "UTC"))
    monkeypatch.setattr("bot.channels.in_process.CHANNEL", "web")
    return companion


def requests_of(conversation: str) -> list[dict[str, Any]]:
    return [row for row in records().rows("handovers") if row["conversation"] == conversation]


@pytest.mark.parametrize("words", ["human", "can I talk to a real person please"])
async def test_who_asks_for_a_person_waits_for_one(staffed: Companion, words: str) -> None:
    name = uuid.uuid4().hex
    replies = [reply for _ in range(2) for reply in await staffed.say(name, words)]
    assert [reply["text"].startswith(COMES) for reply in replies] == [True, True]
    assert [(row["state"], row["channel"]) for row in requests_of(name)] == [("asked", "web")]


async def test_in_the_middle_of_a_check_in_too_and_the_question_stays(staffed: Companion) -> None:
    name = uuid.uuid4().hex
    await staffed.say(name, "check my symptoms")
    replies = await staffed.say(name, "human")
    assert [reply["metadata"]["kind"] for reply in replies] == ["handover", "question"]
    assert len(requests_of(name)) == 1


async def test_while_staff_answer_the_real_bot_is_quiet_but_for_danger_and_its_check_question(
    staffed: Companion,
) -> None:
    name = uuid.uuid4().hex
    await staffed.say(name, "what is clonus")
    with records().engine.begin() as connection:
        handovers.step_in(connection, name, "web", Staff(1, "Anna", "support worker"))
    assert [reply["metadata"]["kind"] for reply in await staffed.say(name, "why does my foot bounce")] == ["handover"]
    assert await staffed.say(name, "and how often?") == []
    danger = await staffed.say(name, "my face is drooping and my speech is slurred")
    assert danger[0]["metadata"]["kind"] == "escalation"
    helped = await staffed.say(name, "Help is on the way")
    assert [reply["metadata"]["kind"] for reply in helped] != []
    rows = [row for row in records().rows("escalations") if row["conversation"] == name]
    assert [(row["category"], row["channel"], row["told"] == danger[0]["text"]) for row in rows] == [
        ("new-stroke", "web", True)
    ]
