"""Questions about a result, answered from the result itself."""

from __future__ import annotations

import re

import pytest
from talking import interview

from bot.triage.decide import Result, decide
from bot.triage.proof.content import diagnosis_pattern
from bot.triage.result_talk import ResultTalk

TALK = ResultTalk(interview())
BEST = {q.id: min(q.options, key=lambda option: option.rank).id for q in interview().table.questions}
BOUNCE = {**BEST, "bounce-when": "toe-first", "jump-clear": "not-cleared"}


def result(**answers: str) -> Result:
    return decide(interview().table, {**BOUNCE, **{name.replace("_", "-"): value for name, value in answers.items()}})


KNEE = result(knee="locks-with-pain", falls="one-month", fall_harm="bruise", ankle_bend="less-than-ten", brace="none")
CHILD = result(who="child")
BABY = result(who="baby")
TODAY = result(change="days")
DANGER = result(red_flags="rf-stroke")
CLEARED = result(jump_clear="cleared", ankle_bend="ten-or-more")


@pytest.mark.parametrize(
    ("asked", "questions"),
    [
        (
            "jumping",
            ["why not jumping?", "Can I jump?", "when may I jump again", "what about jumps?", "why no jumping"],
        ),
        ("why", ["why today?", "Why the doctor?", "is it serious?", "can it wait till Monday?", "why so soon"]),
        ("worse", ["what if it gets worse?", "and if it gets much worse at night?", "when should I call an ambulance"]),
        ("bring", ["what should I bring?", "what do I tell the doctor?", "what questions should I ask"]),
        ("steps", ["say the steps again", "what should I do now?", "repeat my plan please", "what now?"]),
        ("whom", ["who do I call?", "how soon?", "whom should I contact"]),
        ("step", ["why a falls check?", "why should I keep a diary?", "why measure my ankle"]),
    ],
)
def test_what_people_ask_about_a_result_is_understood_also_later(asked: str, questions: list[str]) -> None:
    assert {text: getattr(TALK.answer(KNEE, text), "asked", None) for text in questions} == dict.fromkeys(
        questions, asked
    )


@pytest.mark.parametrize("text", ["why?", "But why?", "how come?", "why is that"])
def test_a_bare_why_is_about_the_result_only_right_after_it(text: str) -> None:
    after, later = TALK.answer(KNEE, text, fresh=True), TALK.answer(KNEE, text)
    assert (after and after.paragraphs[0], later) == (
        "Your result was: Please contact your therapist or doctor in the next few days. This is why:",
        None,
    )


@pytest.mark.parametrize(
    "text",
    ["what is clonus?", "why does my foot bounce?", "what is a heel wedge?", "thanks", "", "?!", "my foot bounces",
     "what can I do about stairs", "why is my knee weak", "hello there"],
)  # fmt: skip
def test_other_questions_are_left_to_the_library(text: str) -> None:
    assert TALK.answer(KNEE, text, fresh=True) is None


def test_why_not_jumping_names_what_the_person_told() -> None:
    answer = TALK.answer(KNEE, "why not jumping?")
    assert answer is not None
    assert answer.paragraphs == (
        "Please do not jump for now. Jumping is only for people whose therapist has tested them and said it is safe.",
        "Because of what you told me:",
        "- You said your knee snaps or locks back, and it hurts.\n- You said you had one fall in the past month.\n"
        "- You said your therapist has not cleared jump practice in the past 3 months.",
        "This can change. Ask a physical therapist at the next visit.",
    )


def test_why_names_every_reason_and_how_soon() -> None:
    answer = TALK.answer(TODAY, "why today?")
    assert answer is not None
    assert answer.paragraphs == (
        "Your result was: Please call a doctor or nurse for advice today. This is why:",
        "- You said it is new or much worse in the past 2 weeks.",
        "It may be simple. But a doctor or nurse should hear of it today.",
    )


def test_jumps_that_are_cleared_come_with_their_limits() -> None:
    answer = TALK.answer(CLEARED, "can I jump?")
    assert answer is not None
    assert answer.steps == ("jumping-if-cleared",)
    assert "Not alone at home the first time." in answer.paragraphs[-1]


@pytest.mark.parametrize("text", ["can I jump?", "what if it gets worse?"])
def test_in_an_emergency_every_answer_says_to_call(text: str) -> None:
    answer = TALK.answer(DANGER, text)
    assert answer is not None
    assert "call {emergency} now" in answer.paragraphs[0]  # filled in where it is said


def test_children_and_babies_are_never_told_to_jump() -> None:
    for of in (CHILD, BABY):
        answer = TALK.answer(of, "can they jump?")
        assert answer is not None
        assert re.search(r"not for (the child|a baby)", answer.paragraphs[0])


def test_a_step_that_a_topic_explains_is_found() -> None:
    step = TALK.step_on(KNEE, "falls-prevention")
    assert step is not None
    assert step.slug == "safe-walking-now"
    assert TALK.step_on(KNEE, "heel-wedge") is None


def test_no_answer_about_any_result_names_a_disease_or_is_empty() -> None:
    pattern = diagnosis_pattern(interview().table)
    questions = ["why today?", "can I jump?", "what if it gets worse?", "what should I bring?", "say the steps again",
                 "who do I call?", "why a brace?", "why measure my ankle?", "why stretch?"]  # fmt: skip
    table = interview().table
    for question in table.questions:
        for option in question.options:
            for who in ("me", "someone-i-help", "child", "baby", "not-sure"):
                of = decide(table, {**BOUNCE, "who": who, question.id: option.id})
                for text in questions:
                    answer = TALK.answer(of, text)
                    if answer is not None:
                        assert all(part.strip() for part in answer.paragraphs)
                        assert not pattern.search(" ".join(answer.paragraphs))


def test_what_if_it_gets_worse_is_answered_from_what_is_known_while_the_check_in_runs() -> None:
    so_far = decide(interview().table, {"red-flags": "none", "who": "me"})
    answer = TALK.in_between(so_far, "what if it gets worse?")
    assert answer is not None
    assert answer.paragraphs[0] == "If it gets worse, do not wait for your visit:"
    assert "face droop" in answer.paragraphs[1]
    assert TALK.in_between(so_far, "what is a heel wedge?") is None
    assert TALK.in_between(so_far, "why?") is None
