"""What a statement says is not so."""

from __future__ import annotations

import pytest

from bot.understanding.denial import denied, denies

BOUNCE = "Foot bounce: the foot taps when it lands"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("my foot does not bounce", BOUNCE),
        ("my foot doesn't really bounce", BOUNCE),
        ("My foot never bounces.", BOUNCE),
        ("I do not want surgery", "Surgery and nerve procedures"),
        ("I dont have spasticity", "Clonus and spasticity"),
    ],
)
def test_a_denied_topic_is_seen(text: str, title: str) -> None:
    assert denies(text, title)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("my foot bounces", BOUNCE),
        ("why does my foot not bounce", BOUNCE),
        ("it does not bounce?", BOUNCE),
        ("I cannot stop my foot bouncing", BOUNCE),
        ("my foot does not stop bouncing", BOUNCE),
        ("the exercises are not helping", "When exercises are not helping"),
        ("I do not have a brace", "Do I need an AFO?"),
    ],
)
def test_what_is_so_or_asked_or_cannot_be_done_is_not_denied(text: str, title: str) -> None:
    assert not denies(text, title)


def test_what_is_denied_ends_with_its_clause() -> None:
    assert denied("my leg does not swing out, but my knee locks") == {"swing"}
