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
        ("two questions: what is clonus - is it bad", ["what is clonus", "is it bad"]),
        ("is it bad – will it go away", ["is it bad", "will it go away"]),
        ("Dysreflexia, what is that? And does it hurt?", ["Dysreflexia what is that?", "And does it hurt?"]),
        ("Thanks. what is clonus", ["what is clonus"]),
        ("1) what is it for\n2) who makes one", ["what is it for", "who makes one"]),
        ("so 1. is heat ok 2. is ice ok", ["is heat ok", "is ice ok"]),
        ("Q1 how long\nQ2 how often", ["how long", "how often"]),
        ("1 how do I roll him 2 what chair is best", ["how do I roll him", "what chair is best"]),
        ("- what it does\n- who makes one", ["what it does", "who makes one"]),
        ("my grade is 2. Is that bad", ["my grade is 2.", "Is that bad"]),
        ("is ice any good n shud i get a tens", ["is ice any good", "shud i get a tens"]),
        ("my wife lifts me so what should she hold", ["my wife lifts me", "what should she hold"]),
        ("I was tired so I sat down", ["I was tired so I sat down"]),
        ("a brace, a stick, and whether I can drive", ["a brace, a stick", "whether I can drive"]),
        ("should I ring, and at what point do I worry", ["should I ring", "at what point do I worry"]),
        ("brace? drive? pump?", ["brace?", "drive?", "pump?"]),
        ("walk fast foot go. why. shoe?", ["walk fast foot go.", "shoe?"]),
        ("Could you tell me 1) what it is 2) who makes one", ["what it is", "who makes one"]),
        (
            "Need help with: getting up, the ramp by my flat, my shoes",
            ["getting up", "the ramp by my flat", "my shoes"],
        ),
        ("how do I count, or should I push", ["how do I count", "should I push"]),
        ("is it a pacemaker, or is it just a loop", ["is it a pacemaker, or is it just a loop"]),
        ("is it heat or cold", ["is it heat or cold"]),
        ("it taps, just want to know who makes a brace", ["it taps", "just want to know who makes a brace"]),
        ("can he drive an wot shoes are best", ["can he drive", "wot shoes are best"]),
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
    [
        ("may I drive", True),
        ("and how often", True),
        ("it hurts?", True),
        ("he wants to know if botox helps", True),
        ("Dysreflexia what is that", True),
        ("Kindly tell which food is good", True),
        ("bruv can I drive", True),
        ("my brace rubs", False),
        ("I know what it is like", False),
    ],
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
