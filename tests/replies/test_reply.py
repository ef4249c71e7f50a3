"""The reply contract: nothing silent, nothing outside the contract."""

from __future__ import annotations

import pytest

from bot.replies.reply import Button, Kind, Reply, contract_metadata


@pytest.mark.parametrize("text", ["", " ", "\n\t"])
def test_a_reply_must_say_something(text: str) -> None:
    with pytest.raises(ValueError, match="a reply must say something"):
        Reply(Kind.ANSWER, text)


def test_a_reply_carries_no_metadata_outside_the_contract() -> None:
    with pytest.raises(ValueError, match="not in the reply contract: colour, mood"):
        Reply(Kind.ANSWER, "Hello.", metadata={"topic": "afo", "mood": "good", "colour": "red"})


def test_a_reply_becomes_a_message_with_kind_and_metadata() -> None:
    reply = Reply(Kind.CLARIFY, "Which one?", (Button("A"), Button("B")), {"options": ["A", "B"], "level": "soon"})
    assert reply.as_message() == {
        "text": "Which one?",
        "buttons": [{"title": "A", "payload": "A"}, {"title": "B", "payload": "B"}],
        "kind": "clarify",
        "options": ["A", "B"],
        "level": "soon",
    }


def test_metadata_that_says_nothing_is_left_out_of_the_message() -> None:
    metadata = {"topic": None, "level": "", "steps": [], "reasons": (), "depth": "short"}
    assert Reply(Kind.ANSWER, "Hello.", metadata=metadata).as_message() == {
        "text": "Hello.", "buttons": [], "kind": "answer", "depth": "short",
    }  # fmt: skip


def test_only_the_contract_is_read_back_from_a_message() -> None:
    message = {"kind": "answer", "topic": "afo", "level": None, "utter_action": "x", "text": "Hello."}
    assert contract_metadata(message) == {"kind": "answer", "topic": "afo"}
