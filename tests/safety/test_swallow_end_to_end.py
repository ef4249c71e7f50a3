"""No reply and no channel swallows a danger: through the trained bot, its real actions and real web channels."""

from __future__ import annotations

import socket
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import register
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.channels.in_process import Companion
from bot.channels.rest import GuardedRest
from bot.channels.web import WebPage
from bot.replies.last_check_in import state_in
from bot.replies.reply import Kind
from bot.triage.interview_state import fold
from tests.patients.ways import SETTLED_KINDS, WAYS
from tests.safety.every_category import every_category

Replies = list[dict[str, Any]]
Say = Callable[[str], Awaitable[Replies]]

DANGER = "I have crushing chest pain"

AFTER: dict[Kind, tuple[str, ...]] = {
    Kind.ANSWER: ("what is clonus?",),
    Kind.QUESTION: ("check my symptoms", "no"),
    Kind.RESULT: ("check my symptoms", "no", "no", "no", "no", "me", "stop"),
    Kind.ESCALATION: ("my knee is swollen and stuck",),
    Kind.CLARIFY: ("my leg feels numb",),
    Kind.FALLBACK: ("how much baclofen should I take",),
    Kind.HANDOVER: ("human",),
    Kind.NOTICE: ("I am in the UK",),
    Kind.SMALL_TALK: ("hello",),
}
"""What to say, so that the bot's last reply is of each kind."""


@pytest.fixture
async def address(companion: Companion, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """REST and the page on a free port, before the trained bot."""
    monkeypatch.setenv("CLONUS_COOKIE_SECRET", "only-for-tests-only-for-tests")
    Sanic.test_mode = True
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = Sanic(f"swallow_{port}", configure_logging=False)
    app.ctx.agent = companion._agent
    register([GuardedRest(), WebPage()], app, "/webhooks/")
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    yield f"http://127.0.0.1:{port}"
    for connection in list(server.connections):
        connection.close()
    server.close()
    await server.wait_closed()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as opened:
        yield opened


def over_rest(companion: Companion, address: str, session: aiohttp.ClientSession) -> Say:
    sender = uuid.uuid4().hex

    async def say(text: str) -> Replies:
        body = {"sender": sender, "message": text}
        async with session.post(f"{address}/webhooks/rest/webhook", json=body) as answer:
            return list(await answer.json())

    return say


def on_the_page(companion: Companion, address: str, session: aiohttp.ClientSession) -> Say:
    async def say(text: str) -> Replies:
        async with session.post(f"{address}/chat/messages", json={"text": text}) as answer:
            return list((await answer.json())["replies"])

    return say


def in_process(companion: Companion, address: str, session: aiohttp.ClientSession) -> Say:
    conversation = uuid.uuid4().hex

    async def say(text: str) -> Replies:
        return await companion.say(conversation, text)

    return say


CHANNELS = {"REST": over_rest, "page": on_the_page, "in process": in_process}


@pytest.mark.parametrize("kind", AFTER, ids=lambda kind: kind.value)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_after_every_kind_of_reply_on_every_channel_a_danger_is_escalated(
    companion: Companion, address: str, session: aiohttp.ClientSession, channel: str, kind: Kind
) -> None:
    say = CHANNELS[channel](companion, address, session)
    before: Replies = []
    for text in AFTER[kind]:
        before = await say(text)
    first, *rest = await say(DANGER)

    assert before[-1]["metadata"]["kind"] == kind.value
    assert first["metadata"]["kind"] == "escalation"
    assert (first["metadata"]["category"], first["metadata"]["level"]) == (
        "pulmonary-embolism-or-chest-pain",
        "emergency",
    )
    assert "question" not in [reply["metadata"]["kind"] for reply in rest]


def test_every_kind_of_reply_is_there() -> None:
    assert set(AFTER) == set(Kind)


@pytest.fixture(scope="module")
async def at_prompt(companion: Companion) -> Callable[[str], Awaitable[str]]:
    """Makes conversations at a kind of prompt: each is gone through once, and then copied."""
    gone: dict[str, DialogueStateTracker] = {}

    async def new(kind: str) -> str:
        if kind not in gone:
            conversation = uuid.uuid4().hex
            for text in WAYS[kind]:
                await companion.say(conversation, text)
            gone[kind] = await companion.tracker(conversation)
        copy = gone[kind].copy()
        copy.sender_id = uuid.uuid4().hex
        await companion._agent.tracker_store.save(copy)
        return copy.sender_id

    return new


@pytest.mark.parametrize("danger", every_category(), ids=str)
async def test_every_category_escalates_at_every_kind_of_prompt_and_keeps_the_answers(
    companion: Companion, at_prompt: Callable[[str], Awaitable[str]], danger: Any
) -> None:
    for kind in SETTLED_KINDS:
        conversation = await at_prompt(kind)
        before = (await companion.tracker(conversation)).get_slot("interview")
        replies = await companion.say(conversation, danger.text)
        after = await companion.tracker(conversation)

        escalated = [reply for reply in replies if reply["metadata"]["kind"] == "escalation"]
        assert [reply["metadata"]["category"] for reply in escalated] == [danger.category], kind
        assert replies[0] is escalated[0], kind
        if danger.emergency:
            assert after.active_loop_name is None, kind
            assert "question" not in [reply["metadata"]["kind"] for reply in replies], kind
        kept, then = state_in(before), state_in(after.get_slot("interview"))
        assert kept is not None
        assert then is not None
        assert {**fold(then.entries).answers, **fold(kept.entries).answers} == fold(then.entries).answers, kind
