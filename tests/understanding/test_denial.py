"""What a statement says is not so."""

from __future__ import annotations

import pytest

from bot.understanding.denial import all_is_well, denied, denies

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


@pytest.mark.parametrize(
    "text", ["My face is even, my speech is fine", "my arms are both strong", "Her leg looks quite normal", "it's fine"]
)
def test_all_is_well_when_that_is_all_that_is_said(text: str) -> None:
    assert all_is_well(text)


@pytest.mark.parametrize(
    "text",
    ["my arm is fine but my leg is weak", "my foot is not well", "my foot bounces", "is it normal?", "it isn't ok"],
)
def test_a_problem_or_a_question_is_not_well(text: str) -> None:
    assert not all_is_well(text)
