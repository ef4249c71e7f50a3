"""The action server is told what actions read, and little else."""

from __future__ import annotations

import copy
import json
import zlib
from typing import Any

import pytest

from bot.channels.in_process import Companion
from bot.engine.action_view import for_actions
from bot.replies.conversation_so_far import last_said, reading_before, text_before, topics_offered, ways_told

MOST_BYTES = 8 * 1024

TALK = (
    "why does my foot bounce when I put it down?",
    "simpler",
    "would a brace help me?",
    "more",
    "check my symptoms",
    *["no", "no", "my foot bounces", "yes", "not sure", "go back", "I do not know", "no", "stop"],
    "what about botox, and how often should I stretch?",
    "yes",
    "where is this from",
)


class Wire:
    """Sees what would be sent to the action server, before and after it is cut down."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, Any], dict[str, Any]]] = []


@pytest.fixture
async def wire(companion: Companion, monkeypatch: pytest.MonkeyPatch) -> Wire:
    """A long talk with everything in it, and every call of an action that it took."""
    wire = Wire()
    endpoint = companion.agent.processor.action_endpoint  # type: ignore[union-attr]
    request = endpoint.request

    async def seen(*arguments: Any, **call: Any) -> Any:
        wire.calls.append((copy.deepcopy(call["json"]), for_actions(call["json"])))
        return await request(*arguments, **call)

    monkeypatch.setattr(endpoint, "request", seen)
    for text in TALK:
        await companion.say("on-the-wire", text)
    return wire


async def test_little_goes_over_the_wire_and_actions_read_the_same_from_it(wire: Wire) -> None:
    sent = {call["next_action"] for _, call in wire.calls}
    assert {"action_answer", "action_more", "validate_triage_interview", "action_triage_result"} <= sent
    for whole, call in wire.calls:
        packed = zlib.compress(json.dumps(call).encode())
        assert len(packed) <= MOST_BYTES, (call["next_action"], len(packed))
        before, after = whole["tracker"]["events"], call["tracker"]["events"]
        topic = whole["tracker"]["slots"].get("last_topic")
        assert last_said(after) == last_said(before)
        assert reading_before(after) == reading_before(before)
        assert text_before(after) == text_before(before)
        assert ways_told(after, topic) == ways_told(before, topic)
        assert topics_offered(after) == topics_offered(before)
        assert {key: value for key, value in call.items() if key != "tracker"} == {
            key: value for key, value in whole.items() if key != "tracker"
        }


def test_slots_and_actions_of_earlier_turns_are_left_out() -> None:
    parsed = {"intent": {"name": "ask"}, "reading": {"intent": "ask", "topics": [1]}}
    told = {"topic": "brace", "depth": "short", "sources": ["x"]}

    def said(text: str) -> list[dict[str, Any]]:
        return [
            {"event": "user", "text": text, "parse_data": parsed},
            {"event": "slot", "name": "last_topic", "value": "brace"},
            {"event": "bot", "text": text.upper(), "data": {"buttons": []}, "metadata": told},
            {"event": "action", "name": "action_listen"},
        ]

    events = [*said("one"), *said("two"), {"event": "user", "text": "three", "parse_data": {"intent": {"name": "ask"}}}]
    assert for_actions({"next_action": "a", "tracker": {"events": events}})["tracker"]["events"] == [
        {
            "event": "user",
            "timestamp": None,
            "text": "one",
            "parse_data": {"intent": {"name": "ask"}, "reading": {"intent": "ask"}},
        },
        {"event": "bot", "timestamp": None, "metadata": {"topic": "brace", "depth": "short"}},
        {
            "event": "user",
            "timestamp": None,
            "text": "two",
            "parse_data": parsed,
        },
        events[6],
        {
            "event": "user",
            "text": "three",
            "parse_data": {"intent": {"name": "ask"}, "reading": {"intent": None}},
        },
    ]


def test_a_call_without_a_conversation_is_sent_as_it_is() -> None:
    assert for_actions({"next_action": "a", "tracker": {"events": []}}) == {
        "next_action": "a",
        "tracker": {"events": []},
    }
