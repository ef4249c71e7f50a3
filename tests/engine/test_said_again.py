"""A message that comes again under its id gets the reply it got, from whatever process, and is not handled twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.collector import ReplyCollector
from bot.channels.guard import Guard
from bot.channels.in_process import Companion
from bot.engine.tracker_store import MESSAGE_ID
from bot.engine.watch import Watch, watched_by
from tests.engine.talking import texts

Say = Callable[..., Any]


@pytest.fixture
def say(companion: Companion) -> Say:
    """Says something with an id to a guard, as a channel does."""

    async def say(guard: Guard, conversation: str, text: str, name: str) -> list[dict[str, Any]]:
        return await guard.replies(
            companion.handle, text, conversation, "rest", {MESSAGE_ID: name}, keeper=companion.agent
        )

    return say


async def test_the_reply_is_the_same_and_the_log_holds_it_once(companion: Companion, say: Say) -> None:
    here, elsewhere = Guard(60.0), Guard(60.0)
    first = await say(here, "again", "what is clonus", "m1")
    await say(here, "again", "thanks", "m2")

    assert await say(here, "again", "what is clonus", "m1") == first
    assert await say(elsewhere, "again", "what is clonus", "m1") == first
    assert texts(await companion.tracker_store.retrieve_full_tracker("again")) == ["what is clonus", "thanks"]


async def test_an_escalation_that_was_said_is_said_again(companion: Companion, say: Say) -> None:
    first = await say(Guard(60.0), "danger-again", "I can't breathe", "m1")
    again = await say(Guard(60.0), "danger-again", "I can't breathe", "m1")

    assert again == first
    assert first[0]["metadata"]["kind"] == "escalation"


async def test_a_process_that_lost_the_race_says_what_the_winner_said(companion: Companion, say: Say) -> None:
    """Both find the message new; while one makes its turn, the other writes its own."""
    won: list[dict[str, Any]] = []
    slow = Guard(60.0)

    async def overtaken(message: UserMessage) -> None:
        if not won:
            won.extend(await in_its_place(message))
        await companion.handle(message)

    async def in_its_place(message: UserMessage) -> list[dict[str, Any]]:
        twin = UserMessage(
            message.text, ReplyCollector(), message.sender_id, input_channel="rest", metadata=message.metadata
        )
        with watched_by(Watch()):  # a turn of its own
            await companion.handle(twin)
        return list(twin.output_channel.messages)

    replies = await slow.replies(
        overtaken, "what is clonus", "raced", "rest", {MESSAGE_ID: "m1"}, keeper=companion.agent
    )

    assert [reply["text"] for reply in replies] == [reply["text"] for reply in won]
    assert texts(await companion.tracker_store.retrieve_full_tracker("raced")) == ["what is clonus"]
