"""A result in words: reasons from the person's own answers, and the page for a clinician."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage.decide import decide
from bot.triage.explain import about_them, reason_sentences, said, visit_questions, why
from bot.triage.proof.content import diagnosis_pattern, result_texts
from bot.triage.summary import sensitive_options, summary
from bot.triage.table import load_table
from knowledge.reading import HIGHEST_GRADE, reading_grade

TABLE = load_table()

BEST: dict[str, Any] = {
    "red-flags": "none", "who": "me", "diagnosis": "known", "change": "same", "same-day-signs": "none",
    "bounce-when": "never", "medicines": "no-change", "knee": "fine", "backward": "not-felt", "falls": "none-year",
    "swing-out": "never", "step-to": "never", "ankle-bend": "ten-or-more", "brace": "fits", "heel-wedge": "none",
    "stretch": "planned", "skin": "clear", "pain": "none", "jump-clear": "not-cleared",
}  # fmt: skip


def reasons(**changed: Any) -> tuple[str, ...]:
    """The reasons for the best answers with some changed; `_` in a name stands for `-`."""
    answers = {**BEST, **{name.replace("_", "-"): answer for name, answer in changed.items()}}
    return why(TABLE, decide(TABLE, answers))


def test_a_reason_repeats_what_the_person_said() -> None:
    assert reasons(knee="locks-with-pain") == ("You said your knee snaps or locks back, and it hurts.",)


def test_a_helper_hears_it_about_the_person_helped() -> None:
    assert reasons(who="someone-i-help", knee="locks-with-pain", pain="strong") == (
        "You said their knee snaps or locks back, and it hurts.",
        "You said pain in their leg wakes them up or stops them from walking.",
    )


def test_what_is_not_known_is_said_last_and_as_not_known() -> None:
    assert reasons(skin=None, backward="often", knee="not-sure") == (
        "You said you often feel like falling backward.",
        "We do not know yet if your knee snaps or locks back.",
        "We do not know yet how the skin on your foot looks.",
    )


def test_every_danger_sign_chosen_is_named_and_lower_reasons_are_not() -> None:
    assert reasons(red_flags=["rf-leg-color", "rf-new-today"], knee="locks-with-pain") == (
        "You said the bounce is brand new, and no doctor has told you why.",
        "You said a leg or foot went cold, white or blue all of a sudden.",
    )


def test_danger_at_home_is_not_spelled_out_on_the_screen() -> None:
    assert reasons(red_flags="rf-danger-home") == ("You said you may not be safe right now.",)


def test_a_sign_taken_back_is_a_reason() -> None:
    result = decide(TABLE, BEST, kept_facts={"danger-taken-back": "sign-taken-back"})

    assert why(TABLE, result) == ("You said a danger sign was true, and later that it was not.",)


def test_every_result_above_self_care_has_a_reason() -> None:
    for _, row in TABLE.rows:
        answers: dict[str, Any] = {
            **BEST,
            "bounce-when": "toe-first",
            "bounce-length": "seconds",
            "bounce-stop": "stops",
        }
        answers.update({name: options[-1] for name, options in (*row.if_.items(), *list(row.if_any.items())[:1])})
        result = decide(TABLE, answers)
        assert result.level == "self-care" or why(TABLE, result)


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("you sometimes swing your leg out", "they sometimes swing their leg out"),
        ("you chose your heel wedge yourself", "they chose their heel wedge themselves"),
        ("You fell", "They fell"),
        ("How far does my foot bend up?", "How far does their foot bend up?"),
        ("Can we go over what I was not sure about?", "Can we go over what they were not sure about?"),
    ],
)
def test_you_and_i_become_they_for_a_helper(text: str, turned: str) -> None:
    assert about_them(text) == turned


def test_no_answer_about_a_helped_person_still_says_you() -> None:
    left = [
        said(option, helped=True)
        for question in TABLE.questions
        for option in question.options
        if {"you", "your", "yourself"} & set(said(option, helped=True).replace(",", " ").split())
    ]

    assert left == []


def test_every_reason_and_every_call_if_can_be_read_at_grade_six() -> None:
    texts = [*reason_sentences(TABLE), *(item.text for item in TABLE.call_if)]
    texts += [step.visit_question for step in TABLE.next_steps.values() if step.visit_question]

    assert [text for text in texts if reading_grade(text) > HIGHEST_GRADE] == []


# The page for a clinician


def test_the_summary_holds_problem_level_reasons_medicines_answers_and_questions() -> None:
    answers = {
        "red-flags": "none", "who": "me", "diagnosis": "known", "change": "same", "same-day-signs": "none",
        "bounce-when": "toe-first", "bounce-length": None, "bounce-stop": "stops", "medicines": "planned-change",
        "knee": "locks-with-pain", "backward": "not-felt", "falls": "none-year", "swing-out": "never",
        "step-to": "never", "ankle-bend": "not-tested", "brace": "none", "heel-wedge": "none", "stretch": "planned",
        "skin": "clear", "pain": "none",
    }  # fmt: skip

    page = summary(TABLE, decide(TABLE, answers))

    assert (
        page
        == """\
Clonus check-in: summary for a visit

Problem
- Foot bounces: Only when my toes touch the ground first
- Knee snaps or locks back: Yes, and it hurts

Level
Please contact your therapist or doctor in the next few days. Time frame: in the next few days.

Why
- You said your knee snaps or locks back, and it hurts.
- We do not know yet how long one bounce lasts.

Medicine change
Yes. My doctor is changing my spasm or seizure pills or pump, step by step

Answers
- Danger signs: None of these
- Warning signs this week: None of these
- Check-in for: Me, 18 or older
- Cause told by a doctor: Yes: stroke, injury, MS, other
- New or changed: Same for months
- Foot bounces: Only when my toes touch the ground first
- Longest bounce: not known
- Stops with heel down or leg held: Yes
- Medicine changed in the past 5 weeks: Yes. My doctor is changing my spasm or seizure pills or pump, step by step
- Knee snaps or locks back: Yes, and it hurts
- Feels like falling backward: No
- Falls: No falls in the past year
- Swings the leg out: No
- Steps up to the other foot, not past: No
- Foot bends up: not known
- Ankle brace (AFO): No
- Heel wedge: No
- Calf stretch: Yes, as my therapist showed me
- Skin of the foot: No marks
- Leg pain: No

Questions to ask
- How can I protect my knee?
- Would a brace help, or does mine need a change?
- What could be setting off the bounce?
- How far does my foot bend up?
- What should I watch for while the dose changes?
- Can we go over what I was not sure about?

Made from your own answers. It is not a diagnosis."""
    )


def test_what_someone_else_may_read_is_left_out_until_the_person_agrees() -> None:
    result = decide(TABLE, {**BEST, "same-day-signs": ["sd-afraid", "sd-leg-clot"]})

    assert sensitive_options(TABLE, result) == ("sd-afraid",)
    assert "may not be safe" not in summary(TABLE, result)
    assert "Afraid" not in summary(TABLE, result)
    assert "One leg is newly swollen" in summary(TABLE, result)
    assert "Afraid of someone at home" in summary(TABLE, result, agreed=["sd-afraid"])


def test_a_sign_taken_back_is_listed_as_first_yes_later_no() -> None:
    result = decide(TABLE, BEST, kept_facts={"danger-taken-back": "sign-taken-back"})

    assert "- Danger sign: first said yes, later no" in summary(TABLE, result).splitlines()


def test_the_questions_to_ask_are_about_the_person_helped() -> None:
    result = decide(TABLE, {**BEST, "who": "someone-i-help", "knee": "locks-no-pain"})

    assert visit_questions(TABLE, result) == (
        "How can they protect their knee?",
        "Would a brace help, or does theirs need a change?",
    )


def test_no_text_of_any_result_reads_like_a_diagnosis() -> None:
    pattern = diagnosis_pattern(TABLE)

    assert [text for text in result_texts(TABLE) if pattern.search(text)] == []


@settings(max_examples=100, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            question.id: st.sampled_from([*(option.id for option in question.options), None])
            for question in TABLE.questions
        },
    )
)
def test_every_summary_says_that_it_is_not_a_diagnosis_and_hides_what_is_sensitive(answers: dict[str, Any]) -> None:
    result = decide(TABLE, answers)

    page = summary(TABLE, result)

    assert page.endswith("It is not a diagnosis.")
    for option in sensitive_options(TABLE, result):
        texts = [question.by_id[option].text for question in TABLE.questions if option in question.by_id]
        assert not [text for text in texts if text in page]
