"""Invariants about the table itself: its words, its names, and that every row counts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

import z3

from bot.triage.explain import reason_sentences
from bot.triage.proof.space import Finding, Space
from bot.triage.proof.symbolic import Case, Formula, any_of
from bot.triage.question_checks import LARGEST_GROUP_WORDS, MOST_GROUPS
from bot.triage.question_models import Question
from bot.triage.table_models import TriageTable


def result_texts(table: TriageTable) -> Iterator[str]:
    """Every sentence that any result can show, apart from what other files add."""
    for outcome in table.outcomes.values():
        yield from (outcome.headline, outcome.time_frame, outcome.reach_human, *outcome.say)
    for step in table.next_steps.values():
        yield step.text
        yield from filter(None, [step.text_helper, step.visit_question])
    for pattern in table.patterns:
        yield from (pattern.title, pattern.plain, *pattern.from_the_article.values())
    yield from (item.text for item in table.call_if)
    yield table.jumping_gate.limits_note
    yield table.summary_for_visit.closing_line
    yield from reason_sentences(table)


def diagnosis_pattern(table: TriageTable) -> re.Pattern[str]:
    """What a diagnosis would look like: an opener, at most three small words, and a condition."""
    openers = "|".join(re.escape(text) for text in table.diagnosis_words.openers)
    conditions = "|".join(re.escape(text) for text in table.diagnosis_words.conditions)
    between = r"(?:(?:a|an|the|had|another|new|mild|severe|some|signs of|any|kind of|type of)\s+){0,3}"
    return re.compile(rf"\b(?:{openers})\s+{between}(?:{conditions})\b", re.IGNORECASE)


def no_diagnosis_words(space: Space) -> Iterator[Finding]:
    pattern = diagnosis_pattern(space.table)
    for text in result_texts(space.table):
        if pattern.search(text):
            yield Finding(f"this reads like a diagnosis: {text}")


def known_slugs(space: Space) -> Iterator[Finding]:
    table = space.table
    steps = set(table.next_steps)
    named = {step for outcome in table.outcomes.values() for step in outcome.always_steps}
    named |= {step for _, row in table.rows for step in row.steps}
    for lost in sorted(named - steps):
        yield Finding(f"the step '{lost}' does not exist")
    for idle in sorted(steps - named):
        yield Finding(f"the step '{idle}' is never used")
    for question in table.questions:
        yield from _signs_in_order(question)
    conditions = [condition for _, row in table.rows for condition in (row.if_, row.if_any)]
    conditions += [condition for step in table.next_steps.values() for condition in (step.only_if, step.not_if)]
    conditions += [table.jumping_gate.all_of, *(pattern.shown_by for pattern in table.patterns)]
    for condition in conditions:
        for name, options in condition.items():
            known: Collection[str] = table.levels if name == "level" else ()
            known = table.by_id[name].by_id if name in table.by_id else known
            known = table.fact_by_id[name].by_id if name in table.fact_by_id else known
            for lost in sorted(set(options) - set(known)):
                yield Finding(f"'{name}' has no option '{lost}'")
    used = {name for question in table.questions for option in question.options for name in option.categories}
    used |= {name for _, row in table.rows for name in row.categories}
    for lost in sorted(used - set(space.categories) if space.categories is not None else ()):
        yield Finding(f"there is no warning-sign category '{lost}'")


def _signs_in_order(question: Question) -> Iterator[Finding]:
    groups = {group.id for group in question.groups}
    for option in question.signs if question.choose_many else ():
        if option.offered and (option.group not in groups or not option.ask):
            yield Finding(f"the sign '{option.id}' has no group or no question of its own")


def groups_fit_small_screens(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        if len(question.groups) > MOST_GROUPS:
            yield Finding(f"'{question.label}' has {len(question.groups)} groups")
        for group in question.groups:
            words = len(group.text.split())
            if words > LARGEST_GROUP_WORDS:
                yield Finding(f"the group '{group.id}' has {words} words")
        for option in question.signs if question.choose_many else ():
            homes = [group.id for group in question.groups if option in question.group_signs(group.id)]
            if option.offered and len(homes) != 1:
                yield Finding(f"the sign '{option.id}' is in {len(homes)} groups")


def every_row_matters(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    for level, row in table.rows:
        here = case.matches[row.id]
        yield from space.possible(here, f"row {row.id} can never match")
        if level == table.lowest_level:
            yield from space.possible(z3.And(here, case.level[level]), f"row {row.id} never matches at {level}")
        elif row.steps_only:
            beside = z3.Implies(here, any_of(case.matches[name] for name in row.with_))
            yield from space.always(beside, f"row {row.id} can match without {' or '.join(row.with_)}")
            yield from space.possible(_adds_a_step(case, level, row.id), f"row {row.id} never adds a step of its own")
        else:
            rivals = [
                case.matches[other.id]
                for of, other in table.rows
                if other.id != row.id and not other.steps_only and table.levels[of].rank >= table.levels[level].rank
            ]
            alone = z3.And(here, z3.Not(any_of(rivals)))
            yield from space.possible(alone, f"row {row.id} never decides the level alone")


def _adds_a_step(case: Case, level: str, row_id: str) -> Formula:
    """Whether a row brings a step to the result that nothing else brings."""
    table = case.table
    row = next(row for _, row in table.rows if row.id == row_id)
    own: list[Formula] = []
    for step in row.steps:
        if step not in table.outcomes[level].always_steps:
            others = [case.matches[other.id] for _, other in table.rows if other.id != row_id and step in other.steps]
            own.append(z3.And(case.shows[step], z3.Not(any_of(others))))
    return z3.And(case.matches[row_id], case.level[level], any_of(own))
