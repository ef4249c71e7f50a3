"""A message is cut where one thing ends and the next begins."""

from __future__ import annotations

import pytest

from bot.understanding.cutting import asks, cut, tells


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("My brace rubs and how do I stretch my calf?", ["My brace rubs", "how do I stretch my calf?"]),
        ("How do I stretch? Also can I drive?", ["How do I stretch?", "Also can I drive?"]),
        ("what is clonus, how long does it last", ["what is clonus", "how long does it last"]),
        ("my foot bounces and shakes", ["my foot bounces and shakes"]),
        ("one line\nand another", ["one line", "and another"]),
        ("my brace rubs, and how often do I look", ["my brace rubs", "how often do I look"]),
        ("should I bring my brace and my shoes", ["should I bring my brace and my shoes"]),
        ("can I drive & does botox help", ["can I drive", "does botox help"]),
        ("can I drive, also any tips for bed", ["can I drive", "any tips for bed"]),
        ("two questions: what is clonus - is it bad", ["two questions", "what is clonus", "is it bad"]),
        ("is it bad – will it go away", ["is it bad", "will it go away"]),
        ("", []),
        ("?", []),
    ],
)
def test_a_message_is_cut_where_one_thing_ends_and_the_next_begins(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


def test_no_more_pieces_are_read_than_a_person_means() -> None:
    pieces = cut("one two. three four. five six. seven eight. nine ten. eleven twelve.")
    assert (len(pieces), pieces[-1]) == (5, "nine ten. eleven twelve.")


@pytest.mark.parametrize(
    ("text", "question"),
    [("may I drive", True), ("and how often", True), ("it hurts?", True), ("my brace rubs", False)],
)
def test_a_question_is_told_from_a_statement(text: str, question: bool) -> None:
    assert asks(text) is question


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("my husband's foot bounces when he walks", True),
        ("I fell in the kitchen", True),
        ("my foot bounces, why?", False),
        ("is my foot meant to bounce", False),
        ("heel wedge", False),
        ("idle feet", False),
    ],
)
def test_a_statement_on_somebody_is_told_from_a_question_and_from_a_bare_subject(text: str, told: bool) -> None:
    assert tells(text) is told
