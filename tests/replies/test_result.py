"""The result of a check-in as it is said: what to do and how soon, why, the steps, the safety net, a person."""

from __future__ import annotations

import pytest

from bot.replies.check_in import interview, result_reply
from bot.replies.content import Content
from bot.triage.decide import Result, decide
from knowledge.reading import HIGHEST_GRADE, reading_grade
from tests.patients.speaker import Facts, as_answers
from tests.patients.test_patients import EVERYBODY, Patient

BELOW_EMERGENCY = [patient for patient in EVERYBODY if patient.level != "emergency"]

A_KNEE_THAT_HURTS = """\
Please contact your therapist or doctor in the next few days

Nothing you told me sounds like an emergency. But it should not be left. Here is why, who to call, and what to do
  until then.

Why:
- You said your knee snaps or locks back, and it hurts.

When the toes land first, the calf pulls the shin back. The knee is pushed straight and may lock. Over time this can
  strain the back of the knee.

What to do:
- Use your cane, walker or rail. Slow down. Ask for help on slopes and stairs.
- Do not jump. First a physical therapist must test you and say it is safe.
- Write down when it bounces, how long, and what set it off. A short video helps.
- Keep the knee a little bent when you stand. Do not push it back. Rest if it hurts.
- Call your physical therapist in the next few days.
- Ask your therapist or brace clinic if a brace would help, or if yours needs a change. A brace that fits can keep
  the toes from landing first. If the foot cannot bend up at least 10 degrees, ask about a brace.
- When it bounces, stop. Hold on to something. Put your heel down slowly and lean your weight on it, or sit. Wait
  until it stops.
- Look for a trigger: full bladder, hard stool, sore skin, tight strap, cold, stress, poor sleep, or feeling sick.

Call the emergency number for:
- face droop, a weak arm or leg, or mixed-up words
- chest pain, or hard breathing
- shaking that spreads, or a mind that is not clear

Call a doctor today for:
- a bounce of more than 10 minutes
- a bounce that gets much worse within days
- a knee that swells, gets stuck or gives way

Come back if things change. If a new sign comes on fast, call the emergency number.

You can talk to a person at any time. Use the call list: emergency, nurse line, your care team, crisis line.

In an emergency, call 911. This is not a diagnosis. I cannot examine you.
"""
"""The whole result. A line that is too long for this file goes on in the next one, two spaces in."""


def result_of(facts: Facts) -> Result:
    """The result for these answers; all others are the best ones."""
    return decide(interview().table, as_answers(facts))


def test_a_result_says_what_to_do_and_why_then_the_steps_the_safety_net_and_how_to_reach_a_person(
    content: Content,
) -> None:
    facts = {"bounce-when": "toe-first", "knee": "locks-with-pain", "brace": "fits", "ankle-bend": "ten-or-more"}
    said = result_reply(content, result_of(facts), "US").text
    assert said == A_KNEE_THAT_HURTS.replace("\n  ", " ").strip()


@pytest.mark.parametrize("patient", BELOW_EMERGENCY, ids=str)
def test_every_step_and_every_sign_that_asks_for_a_call_is_said_once(content: Content, patient: Patient) -> None:
    result = result_of(patient.facts_at_the_end)
    text = result_reply(content, result, "US").text
    signs = [item.short for item in interview().table.call_if if item.text in result.call_if]
    listed = [line.removeprefix("- ") for line in text.splitlines()]
    assert {sign: listed.count(sign) for sign in signs} == dict.fromkeys(signs, 1)
    steps = [step.text for step in result.shown_steps]
    assert {step: text.count(step) for step in steps} == dict.fromkeys(steps, 1)


@pytest.mark.parametrize("patient", BELOW_EMERGENCY, ids=str)
def test_a_result_is_in_plain_words(content: Content, patient: Patient) -> None:
    text = result_reply(content, result_of(patient.facts_at_the_end), "US").text
    assert reading_grade(text.replace("\n", "\n\n")) <= HIGHEST_GRADE
