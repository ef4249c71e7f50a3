"""The decision: answers in, level, rows, steps and reasons out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.decide import Reason, decide
from bot.triage.rows import level_from_rows
from bot.triage.table import load_table
from bot.triage.table_models import TriageTable
from bot.triage.values import Line

TABLE = load_table()

BEST: Mapping[str, str] = {
    "red-flags": "none", "who": "me", "diagnosis": "known", "change": "same", "same-day-signs": "none",
    "bounce-when": "toe-first", "bounce-length": "seconds", "bounce-stop": "stops", "medicines": "no-change",
    "knee": "fine", "backward": "not-felt", "falls": "none-year", "swing-out": "never", "step-to": "never",
    "ankle-bend": "ten-or-more", "brace": "fits", "heel-wedge": "none", "stretch": "planned", "skin": "clear",
    "pain": "none", "jump-clear": "not-cleared",
}  # fmt: skip
"""A person whose foot bounces for seconds and who has nothing else to tell."""

CLEARED = {"jump-clear": "cleared", "jump-limits": "none"}


def outcome(**kwargs: Any) -> tuple[str, tuple[str, ...]]:
    """Level and rows for the best answers with some of them changed; `_` in a name stands for `-`."""
    changed = {name.replace("_", "-"): answer for name, answer in kwargs.items()}
    result = decide(TABLE, {**BEST, **changed})
    return result.level, result.rows


# Each level


def test_a_short_bounce_with_nothing_else_is_self_care() -> None:
    result = decide(TABLE, BEST)

    assert (result.level, result.rows) == ("self-care", ("C1", "C12"))
    assert [reason.question for reason in result.reasons] == ["bounce-when"]
    assert result.steps == (
        "keep-plan", "recheck-if-change", "reach-a-human", "heel-down-and-wait", "check-triggers", "no-jumping",
    )  # fmt: skip
    assert [pattern.slug for pattern in result.patterns] == ["foot-bounce"]
    assert result.patterns[0].steps == ("heel-down-and-wait", "check-triggers")


def test_a_knee_that_locks_and_hurts_goes_to_the_therapist_soon() -> None:
    result = decide(TABLE, {**BEST, "knee": "locks-with-pain"})

    assert (result.level, result.rows) == ("soon", ("S8", "C1", "C12"))
    assert result.reasons == (Reason("knee", ("locks-with-pain",), ("Yes, and it hurts",)),)
    assert result.steps == (
        "safe-walking-now", "no-jumping", "diary", "reach-a-human", "recheck-if-change", "knee-care", "contact-pt",
        "afo-review", "heel-down-and-wait", "check-triggers",
    )  # fmt: skip
    assert result.call_if == (
        "Call the emergency number for face droop, a weak arm or leg, or mixed-up words.",
        "Call the emergency number for chest pain, or if it is hard to breathe.",
        "Call the emergency number if the shaking spreads, or the mind is not clear.",
        "Call a doctor today if a bounce lasts more than 10 minutes.",
        "Call a doctor today if it gets much worse within days.",
        "Call a doctor today if the knee swells, gets stuck or gives way.",
    )


def test_two_falls_in_a_month_are_for_today_and_hide_exercise() -> None:
    result = decide(TABLE, {**BEST, "falls": "more-month", "fall-harm": "unhurt", "backward": "often"})

    assert (result.level, result.rows) == ("urgent", ("U6", "S9", "S10", "C1", "C12"))
    assert "weight-forward-practice" not in result.steps
    assert "contact-pt" not in result.steps
    assert [reason.question for reason in result.reasons] == ["falls"]
    assert result.patterns == ()


def test_a_danger_sign_is_an_emergency_with_the_call_first() -> None:
    result = decide(TABLE, {**BEST, "red-flags": ["rf-baclofen-withdrawal", "rf-stroke"], "knee": "locks-swollen"})

    assert (result.level, result.rows) == ("emergency", ("E1", "E7", "U5", "S8", "C1", "C12"))
    assert result.steps == (
        "call-emergency-now", "phone-on-speaker", "emergency-advice-for-sign", "stay-with-person", "no-driving",
        "reach-a-human", "keep-medicines",
    )  # fmt: skip
    assert result.categories == ("new-stroke", "baclofen-withdrawal")
    assert result.call_if == ()


def test_a_child_is_sent_to_its_own_team_without_exercise_or_brace() -> None:
    result = decide(TABLE, {**BEST, "who": "child", "ankle-bend": "not-flat", "brace": "none"})

    assert result.level == "soon"
    assert result.steps == (
        "diary", "reach-a-human", "recheck-if-change", "contact-child-team", "child-hold-check", "child-no-drills",
        "check-triggers",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"change": "today", "diagnosis": "unknown"}, "E3"),
        ({"bounce_length": "not-stopping", "medicines": "missed"}, "E4"),
        ({"who": "baby", "bounce_stop": "does-not"}, "E5"),
        ({"bounce_length": "not-stopping", "bounce_stop": "not-sure"}, "E10"),
        ({"change": "days"}, "U3"),
        ({"skin": "open"}, "U8"),
        ({"falls": "one-month", "fall_harm": "not-sure"}, "U19"),
        ({"swing_out": "most-steps"}, "S12"),
        ({"ankle_bend": "less-than-ten", "brace": "none"}, "S14"),
        ({"brace": "poor-fit"}, "S16"),
        ({"who": "not-sure"}, "S21"),
        ({"heel_wedge": "own"}, "C6"),
    ],
)
def test_each_row_fires_for_its_own_answers(answers: dict[str, str], expected: str) -> None:
    level, rows = outcome(**answers)

    assert expected in rows
    assert level[0].upper() == expected[0] or (level, expected[0]) == ("self-care", "C")


@pytest.mark.parametrize("sign", [option.id for option in TABLE.by_id["same-day-signs"].options if option.rank >= 2])
def test_each_same_day_sign_and_each_doubt_about_one_is_for_today(sign: str) -> None:
    result = decide(TABLE, {**BEST, "same-day-signs": [sign]})

    assert (result.level, [reason.question for reason in result.reasons]) == ("urgent", ["same-day-signs"])


@pytest.mark.parametrize("medicine_sign", ["sd-pump", "sd-ran-out"])
@pytest.mark.parametrize("danger", [{"change": "today"}, {"bounce-length": "not-stopping"}])
def test_a_pump_or_missed_medicine_with_a_rush_of_bouncing_is_an_emergency(
    medicine_sign: str, danger: dict[str, str]
) -> None:
    result = decide(TABLE, {**BEST, "same-day-signs": [medicine_sign], **danger})

    assert (result.level, "keep-medicines" in result.steps) == ("emergency", True)


# Jumping


def test_jump_practice_is_a_step_only_when_every_gate_item_is_met() -> None:
    result = decide(TABLE, {**BEST, **CLEARED})

    assert (result.level, result.rows, result.gate_open) == ("self-care", ("C1", "C11"), True)
    assert "jumping-if-cleared" in result.steps
    assert "no-jumping" not in result.steps


@pytest.mark.parametrize(
    "risk",
    [
        {"falls": "one-year", "fall-harm": "unhurt"}, {"knee": "locks-no-pain"}, {"pain": "strong"}, {"pain": None},
        {"backward": "sometimes"}, {"who": "child"}, {"who": "not-sure"}, {"jump-clear": None}, {"jump-limits": None},
        {"jump-limits": "one-or-more"}, {"heel-wedge": "garbage"}, {"danger-taken-back": "sign-taken-back"},
    ],
)  # fmt: skip
def test_any_risk_or_silence_closes_the_gate(risk: dict[str, Any]) -> None:
    result = decide(TABLE, {**BEST, **CLEARED, **risk})

    assert not result.gate_open
    assert "jumping-if-cleared" not in result.steps


def test_clearance_said_at_the_start_opens_nothing_while_questions_are_still_to_come() -> None:
    result = decide(TABLE, {"red-flags": "none", "who": "me", **CLEARED}, running=True)

    assert (result.level, result.gate_open, result.rows) == ("self-care", False, ("C12",))


# Unknown, unreadable, unasked


def test_silence_to_everything_is_urgent() -> None:
    result = decide(TABLE, {})

    assert (result.level, result.gate_open) == ("urgent", False)
    assert [reason.question for reason in result.reasons] == ["red-flags", "diagnosis", "change"]


@pytest.mark.parametrize("garbage", [None, 7, True, "", "yes!", [], ["what"], [None], {"none": 1}, [["none"]], 1.5])
@pytest.mark.parametrize("question", list(TABLE.by_id))
def test_an_unreadable_answer_counts_as_no_answer(question: str, garbage: Any) -> None:
    told = {**BEST, **CLEARED, question: garbage}
    missing = {name: answer for name, answer in told.items() if name != question}

    assert decide(TABLE, told) == decide(TABLE, missing)


def test_a_readable_part_beside_an_unreadable_one_keeps_the_doubt() -> None:
    values = decide(TABLE, {**BEST, "red-flags": ["none", "??"], "knee": ["fine", 3], "skin": ["open", "??"]}).values

    assert (values["red-flags"], values["knee"], values["skin"]) == ({"unanswered"}, {"not-sure"}, {"open"})


def test_of_several_answers_to_one_question_the_worst_counts_and_a_tie_is_unknown() -> None:
    values = decide(TABLE, {**BEST, "falls": ["none-year", "one-month"], "brace": ["none", "sometimes"]}).values

    assert (values["falls"], values["brace"]) == ({"one-month"}, {"not-sure"})


def test_none_counts_only_when_it_stands_alone() -> None:
    assert decide(TABLE, {**BEST, "red-flags": ["none", "rf-stroke"]}).values["red-flags"] == {"rf-stroke"}
    assert decide(TABLE, {**BEST, "red-flags": ["none"]}).values["red-flags"] == {"none"}


def test_a_question_not_put_to_this_person_takes_no_part_but_an_unasked_answer_counts() -> None:
    baby = {**BEST, "who": "baby"}
    del baby["knee"]

    assert decide(TABLE, baby).lines["knee"] is Line.NOT_PUT
    assert decide(TABLE, baby).values["knee"] == {"fine"}
    assert decide(TABLE, {**baby, "knee": "locks-swollen"}).level == "urgent"


def test_an_answer_to_a_question_that_no_longer_applies_does_not_count() -> None:
    result = decide(TABLE, {**BEST, "bounce-when": "never", "bounce-length": "over-ten", "bounce-stop": "does-not"})

    assert (result.level, result.lines["bounce-length"]) == ("self-care", Line.DOES_NOT_APPLY)


def test_while_running_a_question_not_reached_waits_and_one_reached_counts() -> None:
    early = {"red-flags": ["none"]}

    assert decide(TABLE, early, running=True).level == "self-care"
    assert decide(TABLE, {**early, "who": None}, running=True).level == "soon"
    assert decide(TABLE, early, running=True, reached={"diagnosis"}).rows == ("S3", "C12", "C14")
    assert decide(TABLE, early, running=True, reached="diagnosis").rows == ("S3", "S21", "C12", "C14")
    assert decide(TABLE, {"red-flags": ["rf-leg-color"]}, running=True).level == "emergency"


def test_a_sign_taken_back_keeps_the_level_at_urgent() -> None:
    result = decide(TABLE, BEST, kept_facts={"danger-taken-back": "sign-taken-back"})

    assert (result.level, result.rows) == ("urgent", ("U22", "C1", "C12"))


def test_an_unreadable_kept_fact_counts_as_its_worst_state() -> None:
    assert decide(TABLE, BEST, kept_facts={"danger-taken-back": "?"}).level == "urgent"


# Who may be listening


def test_someone_in_danger_at_home_is_told_quiet_ways_only() -> None:
    steps = decide(TABLE, {**BEST, "red-flags": ["rf-danger-home", "rf-self-harm"]}).steps

    assert steps == (
        "call-emergency-now", "emergency-advice-for-sign", "no-driving", "reach-a-human", "call-crisis-line",
        "call-safely",
    )  # fmt: skip


# What would make it worse


@pytest.mark.parametrize("item", TABLE.call_if, ids=lambda item: item.id)
def test_each_call_if_says_a_level_that_its_answers_really_give(item: Any) -> None:
    start = {**BEST, "who": (item.for_ or ["me"])[0]}
    for name, options in item.means.items():
        opened = {"bounce-stop": "does-not"} if name == "bounce-spread" else {}
        opened |= {"falls": "one-year"} if name == "fall-harm" else {}
        for option in options:
            assert decide(TABLE, {**start, **opened, name: option}).level == item.level


# Over everything


def answers_for(table: TriageTable) -> st.SearchStrategy[dict[str, Any]]:
    """Any answers at all: given, skipped, missing, several at once, or garbage."""
    options = {question.id: [option.id for option in question.options] for question in table.questions}
    one = {name: st.sampled_from([*ids, None, "garbage"]) for name, ids in options.items()}
    many = {name: st.lists(st.sampled_from([*ids, "garbage"]), max_size=3) for name, ids in options.items()}
    return st.fixed_dictionaries({}, optional={name: one[name] | many[name] for name in options})


@settings(max_examples=150, deadline=None)
@given(answers_for(TABLE), st.booleans())
def test_every_set_of_answers_gives_one_level_a_step_and_a_human(answers: dict[str, Any], running: bool) -> None:
    result = decide(TABLE, answers, running=running)

    assert result.level in TABLE.levels
    assert "reach-a-human" in result.steps
    assert len(result.steps) == len(set(result.steps)) >= 2


@settings(max_examples=50, deadline=None)
@given(answers_for(TABLE), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_level(answers: dict[str, Any], random: Any) -> None:
    values = decide(TABLE, answers).values
    shuffled = {
        level: outcome.copy(update={"rows": tuple(random.sample(outcome.rows, len(outcome.rows)))})
        for level, outcome in TABLE.outcomes.items()
    }

    other = TriageTable(**{**TABLE.__dict__, "outcomes": shuffled})
    assert level_from_rows(other, values) == level_from_rows(TABLE, values)
