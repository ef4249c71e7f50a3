"""Invariants about the steps: what may be shown to whom, and what always is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import z3

from bot.triage.proof.space import ADULTS, CHILDREN, EMERGENCY, SELF_CARE, SOON, URGENT, Finding, Space, of_kind
from bot.triage.proof.symbolic import Formula, any_of


def no_exercise_when_unwell(space: Space) -> Iterator[Finding]:
    case = space.case
    for slug in of_kind(space.table, "exercise"):
        claim = z3.Implies(case.at_least(URGENT), z3.Not(case.shows[slug]))
        yield from space.always(claim, f"the exercise step '{slug}' is shown at emergency or urgent level")


def no_exercise_or_brace_for_children(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    for slug in of_kind(table, "exercise", "brace"):
        claim = z3.Implies(case.has("who", [*CHILDREN, "not-sure"]), z3.Not(case.shows[slug]))
        yield from space.always(claim, f"'{slug}' is shown to a child, a baby or someone not named")
    for who in CHILDREN:
        for slug in table.audience[who].omit:
            claim = z3.Implies(case.has("who", [who]), z3.Not(case.shows[slug]))
            yield from space.always(claim, f"'{slug}' is shown for a {who}")
    claim = z3.Implies(
        z3.And(case.has("who", CHILDREN), z3.Not(case.level[EMERGENCY])), case.shows["contact-child-team"]
    )
    yield from space.always(claim, "a child or baby is not sent to its own team")


def jumping_gate_closed_by_risk(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    jumping = case.shows["jumping-if-cleared"]
    for name, options in table.jumping_gate.all_of.items():
        known = case.level if name == "level" else case.value[name]
        outside = any_of(formula for option, formula in known.items() if option not in options)
        yield from space.always(
            z3.Implies(jumping, z3.Not(outside)), f"jumping is shown though '{name}' closes the gate"
        )
    danger, today = table.danger_question, table.by_id["same-day-signs"]
    risks: list[tuple[str, Formula]] = [
        ("a fall in the past year", case.has("falls", ["one-year", "more-year", "one-month", "more-month"])),
        ("knee locking or knee pain", case.has("knee", ["locks-no-pain", "locks-with-pain", "locks-swollen"])),
        ("a feeling of falling backward", case.has("backward", ["sometimes", "often"])),
        ("a danger sign", case.has(danger.id, [option.id for option in danger.signs])),
        ("a same-day sign", case.has(today.id, [option.id for option in today.signs])),
        ("an unknown answer", any_of(case.does_not_know(question.id) for question in table.questions)),
        ("a limit", case.has("jump-limits", ["one-or-more", "not-sure"])),
        ("no clearance said in so many words", z3.Not(case.says("jump-clear", "cleared"))),
        ("a child, a baby or someone not named", case.has("who", [*CHILDREN, "not-sure"])),
    ]
    for risk, formula in risks:
        yield from space.always(z3.Implies(jumping, z3.Not(formula)), f"jumping is shown with {risk}")


def jumping_and_no_jumping_exclusive(space: Space) -> Iterator[Finding]:
    case = space.case
    jump, stay = case.shows["jumping-if-cleared"], case.shows["no-jumping"]
    yield from space.always(z3.Not(z3.And(jump, stay)), "both 'jumping-if-cleared' and 'no-jumping' are shown")
    yield from space.always(
        z3.Implies(case.level[SELF_CARE], z3.Or(jump, stay)), "self-care says nothing about jumping"
    )


def always_a_step(space: Space) -> Iterator[Finding]:
    steps = any_of(formula for slug, formula in space.case.shows.items() if slug != "reach-a-human")
    yield from space.always(steps, "no step is shown besides reaching a human")


def always_a_human(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    yield from space.always(case.shows["reach-a-human"], "no way to reach a human is shown")
    net = {
        EMERGENCY: "call-emergency-now",
        URGENT: "emergency-if-no-answer",
        SOON: "recheck-if-change",
        SELF_CARE: "recheck-if-change",
    }
    for level, slug in net.items():
        yield from space.always(z3.Implies(case.level[level], case.shows[slug]), f"{level} does not show '{slug}'")
        if "emergency number" not in table.next_steps[slug].text:
            yield Finding(f"the step '{slug}' does not name the emergency number")


def someone_to_call_by_level(space: Space) -> Iterator[Finding]:
    case = space.case
    within_days = (
        "contact-pt", "contact-doctor", "contact-brace-clinic", "contact-child-team", "ask-pharmacist", "afo-review",
    )  # fmt: skip
    someone = any_of(case.shows[slug] for slug in within_days)
    yield from space.always(z3.Implies(case.level[SOON], someone), "soon says nobody to contact")
    today = z3.Implies(case.level[URGENT], case.shows["same-day-advice"])
    yield from space.always(today, "urgent does not say to call today")


def emergency_first_line(space: Space) -> Iterator[Finding]:
    case, outcome = space.case, space.table.outcomes[EMERGENCY]
    first = outcome.always_steps[0]
    if first != "call-emergency-now":
        yield Finding(f"the first step of an emergency is '{first}'")
    yield from space.always(
        z3.Implies(case.level[EMERGENCY], case.shows[first]), "the first step of an emergency is hidden"
    )
    for text in (outcome.headline, space.table.next_steps[first].text):
        if not re.match(r"call your emergency number", text, re.IGNORECASE):
            yield Finding(f"'{text}' does not say to call the emergency number")


def quiet_at_home(space: Space) -> Iterator[Finding]:
    case = space.case
    unsafe = case.has("red-flags", ["rf-danger-home"])
    for slug in ("phone-on-speaker", "stay-with-person"):
        yield from space.always(z3.Implies(unsafe, z3.Not(case.shows[slug])), f"'{slug}' is shown to someone in danger")
    yield from space.always(z3.Implies(unsafe, case.shows["call-safely"]), "no quiet way to call is shown")
    loud = z3.Implies(case.shows["phone-on-speaker"], case.level[EMERGENCY])
    yield from space.always(loud, "the speaker is named below emergency")


def no_contradicting_steps(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    excluded = {name for step in table.next_steps.values() for name in step.excludes}
    for slug, step in table.next_steps.items():
        if step.excludes and slug in excluded:
            yield Finding(f"the step '{slug}' both excludes and is excluded")
        for other in step.excludes:
            claim = z3.Not(z3.And(case.shows[slug], case.shows[other]))
            yield from space.always(claim, f"'{slug}' and '{other}' are shown together")
        if "in the next few days" in step.text:
            claim = z3.Not(z3.And(case.shows["same-day-advice"], case.shows[slug]))
            yield from space.always(claim, f"'{slug}' says days where today is meant")
    plan = z3.Implies(case.shows["keep-plan"], case.level[SELF_CARE])
    yield from space.always(plan, "'keep-plan' is shown above self-care")
    stretch = z3.Implies(case.has("stretch", ["hurts"]), z3.Not(case.shows["calf-stretch-plan"]))
    yield from space.always(stretch, "a calf stretch is shown though stretching hurts")


def brace_steps_need_a_brace(space: Space) -> Iterator[Finding]:
    case = space.case
    for slug in ("brace-off-until-checked", "contact-brace-clinic"):
        claim = z3.Implies(case.has("brace", ["none"]), z3.Not(case.shows[slug]))
        yield from space.always(claim, f"'{slug}' is shown though no brace is worn")


def brace_rule(space: Space) -> Iterator[Finding]:
    case = space.case
    short = case.has("ankle-bend", ["less-than-ten", "not-flat"])
    unbraced = case.has("brace", ["sometimes", "none", "not-sure", "poor-fit"])
    claim = z3.Implies(z3.And(short, unbraced), case.at_least(SOON))
    yield from space.always(claim, "less than 10 degrees without a well-fitting brace is self-care")
    calm = z3.Or(case.level[SOON], case.level[URGENT])
    shown = z3.Implies(z3.And(short, unbraced, calm, case.has("who", ADULTS)), case.shows["afo-review"])
    yield from space.always(shown, "an adult with less than 10 degrees is not told to ask about a brace")
    for slug in of_kind(space.table, "brace"):
        hidden = z3.Or(case.level[EMERGENCY], case.has("who", [*CHILDREN, "not-sure"]))
        yield from space.always(z3.Implies(hidden, z3.Not(case.shows[slug])), f"the brace step '{slug}' is shown")


_MEDICINE = re.compile(r"\b(baclofen|tizanidine|medicines?|pills?|dose)\b", re.IGNORECASE)
_STOPPING = re.compile(r"\b(stop|quit|skip|halve|come off|cut|leave out|no more)\b", re.IGNORECASE)


def keep_baclofen(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    for slug, step in table.next_steps.items():
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(filter(None, [step.text, step.text_helper]))):
            stops = _STOPPING.search(sentence) and _MEDICINE.search(sentence)
            told_not_to = re.search(r"\bdo not stop\b", sentence, re.IGNORECASE)
            until_told = "until the emergency team says so" in sentence
            if stops and not told_not_to and not until_told:
                yield Finding(f"the step '{slug}' may be read as stopping a medicine: {sentence}")
    if not re.search(r"\bdo not stop baclofen\b", table.next_steps["keep-medicines"].text, re.IGNORECASE):
        yield Finding("the step 'keep-medicines' does not say to keep baclofen")
    keep, no_more = case.shows["keep-medicines"], case.shows["no-more-baclofen-now"]
    yield from space.always(z3.Implies(case.level[URGENT], keep), "urgent does not say to keep the medicines")
    too_much = case.has("red-flags", ["rf-baclofen-too-much"])
    spared = z3.Or(too_much, case.has("red-flags", ["rf-self-harm"]))
    for row in ("E7", "E4", "E6", "E9", "E10", "E12", "E13"):
        claim = z3.Implies(z3.And(case.matches[row], z3.Not(spared)), keep)
        yield from space.always(claim, f"row {row} does not say to keep the medicines")
    yield from space.always(
        z3.Implies(too_much, z3.And(z3.Not(keep), no_more)), "too much baclofen, and it still says to keep taking it"
    )
    if "until the emergency team says so" not in table.next_steps["no-more-baclofen-now"].text:
        yield Finding("the step 'no-more-baclofen-now' does not say who decides")
