"""Invariants about the level: danger is an emergency, worse answers and silence never lower it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import z3

from bot.triage.proof.space import CHILDREN, EMERGENCY, SELF_CARE, SOON, URGENT, Finding, Space
from bot.triage.proof.symbolic import Case, Formula, all_of, any_of
from bot.triage.question_models import NONE_OPTION


def _outranked(before: Case, after: Case, question: str) -> Formula:
    """Whether both say something and the answer after is a worse one."""
    options = before.table.by_id[question].options
    return any_of(
        z3.And(before.says(question, low.id), after.says(question, high.id))
        for low in options
        for high in options
        if high.rank > low.rank
    )


def _no_lower(before: Case, after: Case) -> Formula:
    """Whether the level after is that before or higher."""
    return all_of(z3.Implies(before.at_least(level), after.at_least(level)) for level in before.table.levels)


def red_flag_always_emergency(space: Space) -> Iterator[Finding]:
    case, danger = space.case, space.table.danger_question
    for option in (*danger.signs, danger.by_id["not-sure"]):
        claim = z3.Implies(case.says(danger.id, option.id), case.level[EMERGENCY])
        yield from space.always(claim, f"'{option.text}' does not lead to an emergency")


def worse_never_lower(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        if not question.choose_many:
            before, after = space.pair(question.id)
            claim = z3.Implies(_outranked(before, after, question.id), _no_lower(before, after))
            yield from space.always(claim, f"a worse answer to '{question.label}' lowers the level", before, after)
    for fact in space.table.kept_facts:
        before, after = space.pair(fact.id)
        worse = any_of(
            z3.And(before.facts[fact.id][low.id], after.facts[fact.id][high.id])
            for low in fact.options
            for high in fact.options
            if high.rank > low.rank
        )
        yield from space.always(
            z3.Implies(worse, _no_lower(before, after)), f"a worse state of '{fact.id}' lowers the level", before, after
        )


def adding_never_lower(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        if not question.choose_many:
            continue
        before, after = space.pair(question.id)
        kept = all_of(
            z3.Implies(before.says(question.id, option.id), after.says(question.id, option.id))
            for option in question.options
        )
        claim = z3.Implies(z3.And(before.answered(question.id), kept), _no_lower(before, after))
        yield from space.always(claim, f"one more tick at '{question.label}' lowers the level", before, after)
        case = space.case
        others = [case.value[question.id][option.id] for option in question.options if option.id != NONE_OPTION]
        alone = z3.Implies(case.value[question.id][NONE_OPTION], z3.Not(any_of(others)))
        yield from space.always(alone, f"'none' counts beside another tick at '{question.label}'")


def max_rule(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    decisive = [(level, row.id) for level, row in table.rows if row.gate is None and row.gate_not is None]
    for rows in (decisive, decisive[::-1]):
        # Bit vectors, not integers: the finite-domain solver knows no unbounded numbers.
        rank: Formula = z3.BitVecVal(table.levels[table.lowest_level].rank, 4)
        for level, row in rows:
            of = z3.BitVecVal(table.levels[level].rank, 4)
            rank = z3.If(z3.And(case.matches[row], z3.UGT(of, rank)), of, rank)
        for level in table.levels:
            claim = case.level[level] == (rank == z3.BitVecVal(table.levels[level].rank, 4))
            yield from space.always(claim, f"the level {level} is not the highest of the matching rows")


def unknown_never_better_than_mild(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        unsure, sure = space.pair(question.id)
        compared = [option.id for option in question.options if option.rank == 0 or option.id == question.mild]
        silent = unsure.unknown(question.id)
        said = any_of(unsure.says(question.id, option.id) for option in question.options if option.unknown)
        for option in compared:
            told = [sure.says(question.id, other.id) == (other.id == option) for other in question.options]
            claim = z3.Implies(z3.And(z3.Or(silent, said), *told), _no_lower(sure, unsure))
            what = f"not knowing '{question.label}' gives a lower level than '{question.by_id[option].text}'"
            yield from space.always(claim, what, unsure, sure)


def unknown_level_holds(space: Space) -> Iterator[Finding]:
    case = space.case
    for question in space.table.questions:
        unknown, level = case.does_not_know(question.id), question.unknown_level
        below = z3.Implies(unknown, case.at_least(level))
        yield from space.always(below, f"not knowing '{question.label}' can give a level below {level}")
        reached = z3.And(case.unknown(question.id), case.level[level])
        yield from space.possible(reached, f"not knowing '{question.label}' never gives {level}")


def skip_not_safer_than_best(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        case = space.case
        unknown = case.does_not_know(question.id)
        claim = z3.Implies(unknown, z3.Not(z3.Or(case.gate, case.shows["jumping-if-cleared"])))
        yield from space.always(claim, f"jumping is open though '{question.label}' is not known")
        if question.unknown_level != SELF_CARE:
            calm = z3.Implies(unknown, z3.Not(case.level[SELF_CARE]))
            yield from space.always(calm, f"not knowing '{question.label}' can end in self-care")
        skipped, best = space.pair(question.id)
        for option in question.options:
            if option.rank == 0:
                told = [best.says(question.id, other.id) == (other.id == option.id) for other in question.options]
                claim = z3.Implies(z3.And(skipped.unknown(question.id), *told), _no_lower(best, skipped))
                what = f"skipping '{question.label}' gives a lower level than its best answer"
                yield from space.always(claim, what, skipped, best)


def silence_is_not_good_news(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    silent = all_of(
        z3.And(z3.Not(case.answered(question.id)), case.reached[question.id]) for question in table.questions
    )
    claim = z3.Implies(silent, z3.And(case.at_least(URGENT), z3.Not(case.gate)))
    yield from space.always(claim, "with every question skipped the level is below urgent, or jumping is open")
    matters = any_of(
        case.does_not_know(question.id) for question in table.questions if question.unknown_level != SELF_CARE
    )
    yield from space.always(
        z3.Implies(matters, case.at_least(SOON)), "an unknown answer that matters ends in self-care"
    )


def first_question_fixed(space: Space) -> Iterator[Finding]:
    table, case = space.table, space.case
    danger = table.danger_question
    if danger.id != "red-flags" or danger.skip_allowed:
        yield Finding("the danger question is not first, or can be skipped")
    if danger.ask_who or danger.ask_when or danger.ask_when_any or danger.ask_when_gate:
        yield Finding("the danger question is not asked of everybody")
    alone = all_of(
        z3.And(z3.Not(case.answered(question.id)), z3.Not(case.reached[question.id]))
        for question in table.questions
        if question is not danger
    )
    for option in danger.signs:
        claim = z3.Implies(z3.And(alone, case.says(danger.id, option.id)), case.level[EMERGENCY])
        yield from space.always(claim, f"'{option.text}' alone does not end the check-in")


def stop_early_is_final(space: Space) -> Iterator[Finding]:
    table, now = space.table, space.case
    later = Case(table, "later")
    same: list[Formula] = []
    for question in table.questions:
        known = z3.Or(now.answered(question.id), now.reached[question.id])
        alike = [now.told[question.id][option.id] == later.told[question.id][option.id] for option in question.options]
        same.append(z3.Implies(known, z3.And(later.reached[question.id], *alike)))
    for fact in table.kept_facts:
        same += [now.facts[fact.id][option.id] == later.facts[fact.id][option.id] for option in fact.options]
    claim = z3.Implies(z3.And(now.level[EMERGENCY], *same), later.level[EMERGENCY])
    yield from space.always(claim, "an emergency is undone by a question answered later", now, later)


def take_back_floor(space: Space) -> Iterator[Finding]:
    case = space.case
    taken_back = case.has("danger-taken-back", ["sign-taken-back"])
    safe = z3.And(case.at_least(URGENT), z3.Not(case.gate), z3.Not(case.shows["jumping-if-cleared"]))
    yield from space.always(
        z3.Implies(taken_back, safe), "after a take-back the level is below urgent, or jumping is open"
    )


def held_and_lasting(space: Space) -> Iterator[Finding]:
    case = space.case
    held = case.has("bounce-stop", ["does-not"])
    lasting = case.has("bounce-length", ["minutes", "not-sure", "over-ten", "not-stopping"])
    going_on = case.has("bounce-length", ["not-stopping"])
    doubt = z3.And(going_on, case.has("bounce-spread", ["not-sure"]))
    yield from space.always(
        z3.Implies(z3.And(held, lasting), case.at_least(URGENT)), "not stopping when held for a minute is below urgent"
    )
    yield from space.always(
        z3.Implies(z3.And(held, z3.Or(case.has("bounce-spread", ["spreads"]), doubt)), case.level[EMERGENCY]),
        "not stopping when held, with spread or doubt about a seizure, is no emergency",
    )
    yield from space.always(
        z3.Implies(case.has("bounce-spread", ["spreads"]), case.level[EMERGENCY]),
        "shaking that spreads is no emergency",
    )
    yield from space.always(
        z3.Implies(z3.And(held, case.has("who", ["baby"])), case.level[EMERGENCY]),
        "a baby whose jerks do not stop when held is no emergency",
    )


def children_never_self_care(space: Space) -> Iterator[Finding]:
    case = space.case
    claim = z3.Implies(case.has("who", CHILDREN), case.at_least(SOON))
    yield from space.always(claim, "a child or a baby ends in self-care")


def always_an_outcome(space: Space) -> Iterator[Finding]:
    case = space.case
    yield from space.always(_exactly_one(case.level.values()), "there is not exactly one level")
    for question in space.table.questions:
        value = case.value[question.id].values()
        total = any_of(value) if question.choose_many else _exactly_one(value)
        yield from space.always(total, f"'{question.label}' has no value, or several")


def _exactly_one(formulas: Iterable[Formula]) -> Formula:
    every = list(formulas)
    return z3.And(z3.Or(*every), z3.AtMost(*every, 1))
