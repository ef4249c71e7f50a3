"""Danger in the interview: it comes first, is never read as "no", and is taken back only by a clear no."""

from __future__ import annotations

import pytest
from fact_sheets import TYPICAL_BOUNCE
from talking import DANGER_GROUPS, NO_DANGER, asks, interview, say

from bot.triage.decide import decide

# Danger first


def test_the_four_groups_of_danger_signs_come_first_each_with_yes_no_and_not_sure() -> None:
    seen = []
    turn = interview().start("foot-bounce")
    for _ in range(4):
        assert turn.prompt is not None
        seen.append(turn.prompt.id)
        assert [option.label for option in turn.prompt.options] == ["Yes", "No", "Not sure"]
        turn = interview().receive(turn.state, "no")
    assert seen == DANGER_GROUPS
    assert asks(turn) == "question:who"


def test_a_danger_group_covers_every_sign_in_it() -> None:
    turn = interview().start()
    assert turn.prompt is not None
    assert turn.prompt.covers == (
        "red-flags/rf-stroke",
        "red-flags/rf-seizure-faint",
        "red-flags/rf-jerks-spread",
        "red-flags/rf-head-hit",
        "red-flags/rf-new-today",
    )


def test_yes_is_an_emergency_at_once_and_the_sign_may_be_named_afterwards() -> None:
    turn = say("yes")
    assert (turn.event, asks(turn)) == ("emergency", "which:red-flags/brain")
    assert interview().answers(turn.state) == {"red-flags": ["rf-unnamed"]}
    named = interview().receive(turn.state, "3")
    assert (named.event, named.prompt) == ("emergency", None)
    assert interview().answers(named.state) == {"red-flags": ["rf-jerks-spread"]}


def test_not_sure_goes_through_the_group_sign_by_sign_once() -> None:
    turn = say("not sure")
    assert asks(turn) == "sign:red-flags/rf-stroke"
    turn = say("not sure", "no", "no", "no", "no", "no")
    assert asks(turn) == "group:red-flags/body"


def test_still_not_sure_about_one_sign_is_an_emergency() -> None:
    turn = say("not sure", "no", "not sure")
    assert turn.event == "emergency"
    assert interview().answers(turn.state) == {"red-flags": ["not-sure"]}
    assert "E8" in interview().result(turn.state).rows


def test_the_danger_question_cannot_be_skipped_before_it_was_asked_once_more() -> None:
    once = say("skip")
    assert asks(once) == DANGER_GROUPS[0]
    assert "help fast" in " ".join(once.say)
    twice = say("skip", "skip")
    assert asks(twice) == DANGER_GROUPS[1]
    assert interview().answers(twice.state)["red-flags"] == ["unanswered"]


def test_a_danger_group_that_stays_unread_is_no_clear_answer_and_never_no() -> None:
    turn = say("blorp", "blorp", "blorp")
    assert (turn.event, turn.times, turn.offer_person, asks(turn)) == ("not_read", 3, True, DANGER_GROUPS[1])
    assert interview().answers(turn.state)["red-flags"] == ["unanswered"]


def test_an_emergency_row_in_the_middle_stops_the_interview() -> None:
    turn = say(*NO_DANGER, "me", "no", "since yesterday")
    assert (turn.event, turn.prompt) == ("emergency", None)
    assert "E3" in interview().result(turn.state).rows


# Taking back


def test_a_danger_sign_is_taken_back_only_after_one_plain_question_and_a_clear_no() -> None:
    asked = say("yes", "none of these")
    assert (asked.event, asks(asked)) == ("confirm_back", "confirm-back")
    assert asked.prompt is not None
    assert asked.prompt.text.startswith("You told me")
    taken = interview().receive(asked.state, "no")
    assert (taken.event, asks(taken)) == ("asked", DANGER_GROUPS[1])
    assert taken.state.taken_back == ("rf-unnamed",)
    assert interview().answers(taken.state)["danger-taken-back"] == "sign-taken-back"


@pytest.mark.parametrize(
    "reply", ["yes", "not sure", "skip", "it is nothing really, do not tell me to call", "hm", "no but it hurts"]
)
def test_anything_else_leaves_the_danger_sign_as_it_was(reply: str) -> None:
    turn = say("yes", "none of these", reply)
    assert turn.event == "emergency"
    assert interview().answers(turn.state) == {"red-flags": ["rf-unnamed"]}


def test_going_back_and_changing_an_answer_out_of_an_emergency_are_asked_about_too() -> None:
    start = [*NO_DANGER, "me", "no", "since yesterday"]
    assert say(*start, "go back").event == "confirm_back"
    changed = say(*start, "change my answer about why it bounces", "no")
    assert asks(changed) == "question:diagnosis"
    assert interview().answers(changed.state)["danger-taken-back"] == "sign-taken-back"


def test_a_result_after_a_take_back_is_urgent_or_higher() -> None:
    facts = {**TYPICAL_BOUNCE, "danger-taken-back": "sign-taken-back"}
    turn = say("yes", "none of these", "no", "no", "no", "no", "me", "yes", "same", "no", "no", "none", "none", "none")
    assert decide(interview().table, facts).level == "urgent"
    assert interview().result(turn.state).level == "urgent"


# Same-day signs


def test_a_same_day_yes_says_to_call_today_and_asks_which_one() -> None:
    turn = say(*NO_DANGER, "me", "yes", "same", "yes")
    assert (asks(turn), "today" in turn.say[0]) == ("which:same-day-signs/body", True)
    assert interview().answers(turn.state)["same-day-signs"] == ["sd-unnamed"]
    named = interview().receive(turn.state, "1")
    assert interview().answers(named.state)["same-day-signs"] == ["sd-leg-clot"]


def test_same_day_signs_that_cannot_apply_are_not_read_out() -> None:
    turn = say(*NO_DANGER, "me", "yes", "same")
    assert turn.prompt is not None
    assert "same-day-signs/sd-pregnant-bounce" not in turn.prompt.covers
    child = say(*NO_DANGER, "a child", "yes", "same", "no", "no")
    assert asks(child) == "sign:same-day-signs/sd-child-unwell"
