"""Of a correction what is meant is heard, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from bot.understanding.correcting import meant_instead, turned_to


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no not botox, baclofen", "baclofen"),
        ("not the pump, the tablets", "the tablets"),
        ("the knee, not the foot", "the knee"),
        ("No I meant my hand.", "my hand"),
        ("sorry i was asking about driving", "driving"),
        ("not backwards, it buckles forward", "it buckles forward"),
        ("not the brace but the shoes", "the shoes"),
    ],
)
def test_what_is_meant_instead_is_found(text: str, meant: str) -> None:
    assert meant_instead(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not sure, maybe the brace",
        "not now, later",
        "not the foot",
        "no, not that",
        "nope not drowsy, and never missed one",
        "my foot does not bounce, it jerks",
        "not the pump that my father had for many years, which he never liked much, the tablets",
    ],
)
def test_what_only_denies_corrects_nothing(text: str) -> None:
    assert meant_instead(text) is None


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("anyway, does botox work", "does botox work"),
        ("ok thanks. By the way: can I drive?", "can I drive?"),
        ("different question - how do I clean it", "how do I clean it"),
        ("does it work anyway", None),
        ("anyway", None),
    ],
)
def test_what_a_message_turns_to_is_told_apart(text: str, to: str | None) -> None:
    assert turned_to(text) == to
