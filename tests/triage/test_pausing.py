"""Hours later: "You were telling me about …, go on?" """

from __future__ import annotations

import pytest
from talking import NO_DANGER, UP_TO_WALK, asks, interview, say

from bot.triage.interview_state import InterviewState
from bot.triage.turns import Turn


def later(turn: Turn, *replies: str) -> Turn:
    """The turn after replies of which the first comes hours later, the state carried as JSON in between."""
    first, *others = replies
    turn = interview().receive_after_pause(InterviewState.from_json(turn.state.to_json()), first)
    for reply in others:
        turn = interview().receive(InterviewState.from_json(turn.state.to_json()), reply)
    return turn


IN_THE_LIST = say(*UP_TO_WALK, problem="knee-locking")


@pytest.mark.parametrize("text", ["hello", "blorp", "no", "not sure", "none", "what is clonus?"])
def test_after_hours_the_person_is_reminded_first(text: str) -> None:
    turn = later(say(*UP_TO_WALK), text)
    assert asks(turn) == "shall-we-go-on"
    assert turn.prompt is not None
    assert turn.prompt.text == "You were telling me about your foot that bounces. Shall we go on?"
    assert [option.label for option in turn.prompt.options] == ["Yes", "Not now"]


def test_yes_brings_the_same_question_and_nothing_is_lost() -> None:
    before = say(*UP_TO_WALK)
    turn = later(before, "hello", "yes")
    assert (asks(turn), turn.event) == ("list:walk", "asked")
    assert interview().answers(turn.state) == interview().answers(before.state)
    assert turn.prompt is not None
    assert before.prompt is not None
    assert turn.prompt.progress == before.prompt.progress


def test_not_now_stops_and_go_on_takes_it_up_again() -> None:
    turn = later(say(*UP_TO_WALK), "hello", "not now")
    assert turn.event == "stopped"
    assert asks(interview().receive(turn.state, "go on")) == "list:walk"


def test_a_plain_answer_is_taken_at_once() -> None:
    turn = later(say(*UP_TO_WALK), "only the knee")
    assert interview().answers(turn.state)["falls"] == ["none-year"]


def test_yes_to_a_danger_question_is_never_held_back() -> None:
    assert later(say("no"), "yes").event == "emergency"


def test_a_no_of_hours_ago_is_not_taken_for_a_danger_question() -> None:
    turn = later(say("no"), "no")
    assert asks(turn) == "shall-we-go-on"
    assert asks(interview().receive(interview().receive(turn.state, "yes").state, "no")) == "group:red-flags/medicine"


def test_what_is_answered_instead_of_yes_counts() -> None:
    turn = later(say(*NO_DANGER), "hello", "my mother")
    assert interview().answers(turn.state)["who"] == ["someone-i-help"]


def test_commands_work_at_the_reminder() -> None:
    reminded = later(say(*UP_TO_WALK), "hello")
    assert asks(interview().receive(reminded.state, "change my answer about who")) == "question:who"
    assert interview().receive(reminded.state, "what do you mean?").event == "explained"
    assert interview().receive(reminded.state, "human").offer_person


def test_in_an_emergency_nobody_is_asked_whether_to_go_on() -> None:
    assert asks(later(say("yes"), "hello")) == "which:red-flags/brain"
