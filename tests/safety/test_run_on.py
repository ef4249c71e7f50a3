"""A statement that runs on from a question without a mark is heard by itself."""

from __future__ import annotations

import pytest

from bot.safety import SafetyScreen
from bot.safety.run_on import apart


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("is it ok to drive he cannot breathe", "is it ok to drive. he cannot breathe"),
        ("Can you help my husband is not breathing", "Can you help. my husband is not breathing"),
        ("what is clonus my chest hurts bad", "what is clonus. my chest hurts bad"),
        (
            "hello can you tell me what to do my arm has gone weak",
            "hello can you tell me what to do. my arm has gone weak",
        ),
        ("what should i do he’s fallen", "what should i do. he’s fallen"),
        ("Thanks. do braces help the baby is floppy", "Thanks. do braces help. the baby is floppy"),
        ("how often she fell what do i do he cannot get up", "how often she fell what do i do. he cannot get up"),
    ],
)
def test_the_statement_becomes_a_sentence(text: str, sentences: str) -> None:
    assert apart(text) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "",
        "how do i stretch my calf",
        "what do i do if he cannot breathe",
        "does it mean my stroke is coming back",
        "how do i know he is having a stroke",
        "is it ok to drive? he cannot breathe",
        "my arm is weak what do i do",
        "when can i do my stretches",
        "how does he put his brace on",
        "can you help with my stiff leg",
    ],
)
def test_a_question_stays_whole(text: str) -> None:
    assert apart(text) is None


QUESTIONS = ("is it ok to drive", "how do i stretch my calf", "can we have a cup of tea", "do braces help")
STATEMENTS = {
    "he cannot breathe": "choking-or-breathing-trouble",
    "his face is drooping": "new-stroke",
    "she has taken too many tablets": "baclofen-overdose",
    "he wants to kill himself": "suicidal-thoughts-or-self-harm",
    "the baby is floppy": "child-or-newborn",
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_danger_behind_a_question_is_raised_whether_there_is_a_mark_or_not(
    whole: SafetyScreen, question: str, statement: str
) -> None:
    marked, unmarked = whole.screen(f"{question}? {statement}."), whole.screen(f"{question} {statement}")
    assert (unmarked.category, unmarked.level) == (STATEMENTS[statement], "emergency")
    assert (unmarked.level, unmarked.sure) == (marked.level, marked.sure)


def test_what_is_asked_about_in_general_is_not_raised_by_reading_it_apart(whole: SafetyScreen) -> None:
    assert not whole.screen("what do people do when he or she has a stroke and cannot speak").alarm
    assert not whole.screen("can botox help my leg is stiff like it always was").alarm
