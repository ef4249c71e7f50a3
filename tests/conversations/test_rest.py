"""The guarded REST channel: a real web application before the trained bot, also while its parts are broken."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import register
from rasa.shared.core.events import Restarted, UserUttered
from sanic import Sanic

from bot.channels.in_process import Companion, InProcessActions
from bot.channels.rest import GuardedRest

Post = Callable[..., Any]
ADDRESS = "/webhooks/rest/webhook"
UNREADABLE = {"error": 'Send JSON such as {"sender": "any-id", "message": "my foot bounces"}.'}


@pytest.fixture
async def address(companion: Companion) -> AsyncIterator[str]:
    """Where the channel answers, served on a free port of this machine before the trained bot."""
    Sanic.test_mode = True
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = Sanic(f"rest_{port}", configure_logging=False)
    app.ctx.agent = companion._agent
    register([GuardedRest()], app, "/webhooks/")
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    assert server is not None
    await server.startup()
    yield f"http://127.0.0.1:{port}"
    for connection in list(server.connections):
        connection.close()
    server.close()
    await server.wait_closed()


@pytest.fixture
async def post(address: str) -> AsyncIterator[Post]:
    """Sends a message and gives back the replies."""
    async with aiohttp.ClientSession() as session:

        async def send(message: str, sender: str | None = "somebody", **more: Any) -> list[dict[str, Any]]:
            body = {"message": message, **({"sender": sender} if sender else {}), **more}
            async with session.post(address + ADDRESS, json=body) as answer:
                assert answer.status == 200
                replies: list[dict[str, Any]] = await answer.json()
                return replies

        yield send


@pytest.fixture
def broken_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The action server fails on every call."""

    async def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError("the action server is down")

    monkeypatch.setattr(InProcessActions, "request", fail)


def kinds(replies: list[dict[str, Any]]) -> list[str]:
    return [reply["metadata"]["kind"] for reply in replies]


async def test_the_channel_says_that_it_is_there(address: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{address}/webhooks/rest/") as answer:
        assert (answer.status, await answer.json()) == (200, {"status": "ok"})


async def test_a_question_gets_one_whole_answer_with_its_metadata(post: Post) -> None:
    replies = await post("why does my foot bounce", sender="asks-once")

    assert kinds(replies) == ["answer"]
    [reply] = replies
    assert set(reply) == {"recipient_id", "text", "buttons", "metadata"}
    assert reply["recipient_id"] == "asks-once"
    assert "\n\nWhat you can do:\n- " in reply["text"]
    assert [button["payload"] for button in reply["buttons"]] == [button["title"] for button in reply["buttons"]]
    assert (reply["metadata"]["topic"], reply["metadata"]["depth"]) == ("foot-bounce", "short")
    assert reply["metadata"]["sources"]
    assert reply["metadata"]["steps"]


async def test_a_sender_is_known_again(post: Post) -> None:
    await post("why does my foot bounce", sender="comes-back")

    [reply] = await post("simpler", sender="comes-back")

    assert (reply["metadata"]["topic"], reply["metadata"]["depth"]) == ("foot-bounce", "simple")


@pytest.mark.parametrize("text", ["/ask_question", "/affirm", "/deny", "//affirm"])
async def test_a_text_that_starts_with_a_slash_is_text(post: Post, text: str) -> None:
    sender = f"slash {text}"
    await post("why does my foot bounce", sender=sender)
    replies = await post(text, sender=sender)
    [after] = await post("more", sender=sender)

    assert set(kinds(replies)) <= {"fallback", "clarify", "smalltalk"}
    assert (after["metadata"]["topic"], after["metadata"]["depth"]) == ("foot-bounce", "answer")


async def test_the_machine_s_restart_command_is_text(post: Post, companion: Companion) -> None:
    await post("I am in the UK", sender="restarts")
    await post("/restart", sender="restarts")
    tracker = await companion.tracker("restarts")

    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["I am in the UK", "restart"]
    assert not [event for event in tracker.events if isinstance(event, Restarted)]
    assert tracker.get_slot("region") == "UK"


@pytest.mark.parametrize(
    "body", ["", "not json", "[]", '"hello"', "{}", '{"sender": "a"}', '{"message": 5}', '{"message": null}']
)
async def test_what_is_not_a_message_gets_a_clear_refusal(address: str, body: str) -> None:
    async with aiohttp.ClientSession() as session:
        sent = session.post(address + ADDRESS, data=body, headers={"Content-Type": "application/json"})
        async with sent as answer:
            assert (answer.status, await answer.json()) == (400, UNREADABLE)


async def test_a_missing_sender_gets_a_conversation_of_its_own(post: Post) -> None:
    [first] = await post("why does my foot bounce", sender=None)
    [second] = await post("more", sender=None)

    assert first["recipient_id"] != second["recipient_id"]
    assert first["metadata"]["topic"] == "foot-bounce"
    assert (second["metadata"]["kind"], second["metadata"].get("topic")) == ("clarify", None)


async def test_an_empty_message_is_answered(post: Post) -> None:
    replies = await post("")

    assert kinds(replies) == ["fallback"]


async def test_the_guard_apologizes_with_a_number_when_the_actions_are_broken(post: Post, broken_actions: None) -> None:
    [reply] = await post("why does my foot bounce", sender="meets-broken-actions")

    assert reply["metadata"] == {"kind": "fallback"}
    assert "something went wrong on my side" in reply["text"]
    assert "call your local emergency number now" in reply["text"]


async def test_danger_is_escalated_first_when_the_actions_are_broken(post: Post, broken_actions: None) -> None:
    replies = await post("my face is drooping and my speech is slurred", sender="in-danger-with-broken-actions")

    assert kinds(replies)[0] == "escalation"
    assert (replies[0]["metadata"]["category"], replies[0]["metadata"]["level"]) == ("new-stroke", "emergency")
    assert "Call your local emergency number now." in replies[0]["text"]


async def test_the_conversation_goes_on_when_the_actions_are_back(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any, **__: Any) -> None:
        raise ConnectionError("the action server is down")

    with monkeypatch.context() as broken:
        broken.setattr(InProcessActions, "request", fail)
        await post("why does my foot bounce", sender="waits")
    [reply] = await post("why does my foot bounce", sender="waits")

    assert (reply["metadata"]["kind"], reply["metadata"]["topic"]) == ("answer", "foot-bounce")
