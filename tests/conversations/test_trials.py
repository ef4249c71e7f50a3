"""Staff try out what the running bot would say: the answer is real, and nothing of it stays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot import trial
from bot.channels.in_process import Companion
from bot.records import records
from bot.settings import Settings
from bot.staff.asking import BotSilent, Said, ask
from tests.conversations.test_rest import address as address  # the channel before the trained bot


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def asked(address: str, text: str) -> Said:
    """What the console hears."""
    return await asyncio.to_thread(ask, Settings(staff_chat_url=address), text)


def kept() -> dict[str, list[dict[str, Any]]]:
    """What staff would see."""
    return {table: records().rows(table) for table in ("escalations", "unplaced")}


async def test_an_answer_comes_with_its_reading(address: str) -> None:
    said = await asked(address, "What is clonus?")
    assert [reply["metadata"]["topic"] for reply in said.replies] == ["what-is-clonus"]
    assert said.verdict is None
    assert (said.reading["intent"], said.reading["topics"][0]) == (
        "ask_question",
        {"slug": "what-is-clonus", "score": 0.99},
    )


async def test_a_danger_comes_with_its_verdict_and_alarms_nobody(address: str, companion: Companion) -> None:
    before = kept()
    said = await asked(address, "My face is drooping and my speech is slurred")
    assert said.replies[0]["metadata"]["kind"] == "escalation"
    assert said.verdict is not None
    assert {name: said.verdict[name] for name in ("category", "level", "sure", "rule")} == {
        "category": "new-stroke", "level": "emergency", "sure": True, "rule": "two-stroke-signs",
    }  # fmt: skip
    assert kept() == before


async def test_a_message_that_fits_nothing_is_not_noted(address: str) -> None:
    before = kept()
    said = await asked(address, "zorp the fandangle")
    assert said.replies[0]["metadata"]["kind"] == "fallback"
    assert kept() == before


async def test_the_conversation_is_gone_afterward(
    address: str, companion: Companion, session: aiohttp.ClientSession
) -> None:
    conversation = trial.new_trial()
    body = {"sender": conversation, "message": "what is clonus"}
    async with session.post(f"{address}/webhooks/rest/trial", json=body) as answer:
        assert answer.status == 200
    assert await companion.tracker_store.retrieve(conversation) is None


@pytest.mark.parametrize(
    "body",
    [
        {"sender": "somebody", "message": "what is clonus"},
        {"sender": "trial-0011223344556677", "message": "what is clonus"},
        {"sender": "trial-0011223344556677.abc.def", "message": "what is clonus"},
        {"message": "what is clonus"},
        {"sender": 5, "message": 6},
        ["what is clonus"],
        None,
    ],
)
async def test_only_the_console_can_begin_a_trial(address: str, session: aiohttp.ClientSession, body: Any) -> None:
    async with session.post(f"{address}/webhooks/rest/trial", json=body) as answer:
        assert (answer.status, await answer.json()) == (403, {"error": "This is open to the staff console only."})


async def test_an_old_trial_cannot_be_begun(
    address: str, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = trial.new_trial()
    later = time.time() + trial.LASTS_SECONDS + 2
    monkeypatch.setattr(time, "time", lambda: later)
    assert (trial.is_trial(conversation), trial.may_begin(conversation)) == (True, False)


async def test_a_made_up_trial_hides_no_danger(address: str, session: aiohttp.ClientSession) -> None:
    body = {"sender": "trial-0011223344556677.aaaa.bbbb", "message": "my face is drooping and my speech is slurred"}
    before = len(kept()["escalations"])
    async with session.post(f"{address}/webhooks/rest/webhook", json=body) as answer:
        assert answer.status == 200
    assert [row["conversation"] for row in kept()["escalations"][before:]] == [body["sender"]]


async def test_a_console_with_another_key_is_told_so(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.staff.asking.new_trial", lambda: "trial-0011223344556677.aaaa.bbbb")
    with pytest.raises(BotSilent) as silent:
        await asked(address, "hello")
    assert str(silent.value) == (
        f"The chat at {address} refused the question (403). It and the console must share one "
        "CLONUS_STAFF_SECRET, or one var folder."
    )
