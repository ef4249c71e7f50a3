"""The check-in as logic: every possible set of answers at once, in the terms of an SMT solver.

A `Case` stands for any check-in whatever: each question answered in any way (also unasked), skipped, or not reached
yet, and each kept fact in any state. Its formulas are built from the same loaded table as the evaluator uses, by the
same account of values, rows, gate and steps. `tests/triage` holds the two against each other.

An unreadable answer needs no case of its own: it counts as unknown or, beside readable ones, as the unknown option.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from bot.triage.question_models import LEVEL_ITEM, NONE_OPTION, Condition, Question
from bot.triage.table_models import Row, TriageTable

Formula = Any
"""A Boolean formula of the solver, which comes without types of its own."""

Choices = Mapping[str, Formula]
"""Option id -> formula that is true when the option is chosen."""


@dataclass(frozen=True)
class CheckIn:
    """One concrete check-in, as the evaluator takes it."""

    answers: Mapping[str, Any]
    running: bool
    reached: frozenset[str]
    kept_facts: Mapping[str, str]


def any_of(formulas: Iterable[Formula]) -> Formula:
    """True when at least one formula is; false for none."""
    return z3.Or(*formulas)


def all_of(formulas: Iterable[Formula]) -> Formula:
    """True when every formula is; true for none."""
    return z3.And(*formulas)


class Case:
    """Any check-in, with what follows from it.

    `told`, `reached` and `facts` are free; everything else is defined by them. With `like` and `but`, the case shares
    all that is free with another one except for a single question or kept fact.
    """

    def __init__(self, table: TriageTable, name: str, like: Case | None = None, but: str | None = None) -> None:
        self.table = table
        self.told: dict[str, Choices] = {}
        self.reached: dict[str, Formula] = {}
        self.facts: dict[str, Choices] = {}
        self.bounds: list[Formula] = []
        for question in table.questions:
            if like is not None and question.id != but:
                self.told[question.id] = like.told[question.id]
                self.reached[question.id] = like.reached[question.id]
                continue
            choices = {option.id: z3.Bool(f"{name}:{question.id}={option.id}") for option in question.options}
            self.told[question.id] = choices
            self.reached[question.id] = z3.Bool(f"{name}:{question.id} reached")
            if not question.choose_many:
                self.bounds.append(z3.AtMost(*choices.values(), 1))
        for fact in table.kept_facts:
            if like is not None and fact.id != but:
                self.facts[fact.id] = like.facts[fact.id]
                continue
            states = {option.id: z3.Bool(f"{name}:{fact.id}={option.id}") for option in fact.options}
            self.facts[fact.id] = states
            self.bounds += [z3.AtMost(*states.values(), 1), z3.Or(*states.values())]
        if like is not None:
            self.bounds += like.bounds
        self._work_out()

    # What is free

    def answered(self, question: str) -> Formula:
        """Whether there is a usable answer, asked for or not."""
        return any_of(self.told[question].values())

    def says(self, question: str, option: str) -> Formula:
        """Whether the answer is this option; for choose-many, whether it is among the options chosen."""
        return self.told[question][option]

    # What follows

    def has(self, name: str, options: Iterable[str]) -> Formula:
        """Whether the value of a question or kept fact, or the level, is in a list."""
        known = self.level if name == LEVEL_ITEM else self.value[name]
        return any_of(known[option] for option in options)

    def meets(self, condition: Condition) -> Formula:
        """Whether every question named has a value in its list."""
        return all_of(self.has(name, options) for name, options in condition.items())

    def meets_any(self, condition: Condition) -> Formula:
        """Whether at least one question named has a value in its list."""
        return any_of(self.has(name, options) for name, options in condition.items())

    def at_least(self, level: str) -> Formula:
        """Whether the level is this one or a higher one."""
        lowest = self.table.levels[level].rank
        return any_of(self.level[name] for name in self.table.levels if self.table.levels[name].rank >= lowest)

    def unknown(self, question: str) -> Formula:
        """Whether a question was put, or would have been put, without a usable answer."""
        return self._unknown[question]

    def does_not_know(self, question: str) -> Formula:
        """Whether the value of a question is an unknown one, by silence or because the person said so."""
        options = [option.id for option in self.table.by_id[question].options if option.unknown]
        return z3.Or(self.unknown(question), self.has(question, options))

    def _work_out(self) -> None:
        table = self.table
        self.value: dict[str, Choices] = dict(self.facts)
        self._not_put: dict[str, Formula] = {}
        self._unknown: dict[str, Formula] = {}
        self._not_reached: dict[str, Formula] = {}
        for question in table.questions:
            if question.ask_when_gate is None:
                self._settle(question, z3.BoolVal(True))
        self.matches: dict[str, Formula] = {
            row.id: self._row(row) for _, row in table.rows if row.gate is None and row.gate_not is None
        }
        self._work_out_level()
        for question in table.questions:
            if question.ask_when_gate is not None:
                self._settle(question, self._gate(before=question.id))
        self.gate = self._gate()
        for _, row in table.rows:
            if row.gate is not None:
                self.matches[row.id] = self.gate
            elif row.gate_not is not None:
                self.matches[row.id] = z3.Not(self.gate)
        self._work_out_steps()

    def _settle(self, question: Question, gate_met: Formula) -> None:
        """The five lines of `how_it_works.values`, the first that fits."""
        applies = all_of(
            z3.Or(self._not_put[name], self.has(name, options)) for name, options in question.ask_when.items()
        )
        if question.ask_when_any:
            applies = z3.And(applies, self.meets_any(question.ask_when_any))
        put = z3.And(gate_met, *(z3.Not(self._not_put[name]) for name in question.ask_when))
        if question.ask_who is not None:
            put = z3.And(put, self.has("who", question.ask_who))
        answered = self.answered(question.id)
        reached = self.reached[question.id]
        by_answer = z3.And(applies, answered)
        silent = z3.And(applies, z3.Not(answered))
        self._not_put[question.id] = z3.And(silent, z3.Not(put))
        self._not_reached[question.id] = z3.And(silent, put, z3.Not(reached))
        self._unknown[question.id] = z3.And(silent, put, reached)
        held = z3.And(z3.Not(by_answer), z3.Not(self._unknown[question.id]))
        told = self.told[question.id]
        value: dict[str, Formula] = {}
        for option in question.options:
            counts = told[option.id]
            if question.choose_many and option.id == NONE_OPTION:
                counts = z3.And(counts, *(z3.Not(other) for name, other in told.items() if name != NONE_OPTION))
            ways = [z3.And(by_answer, counts)]
            if option.id == question.unknown_counts_as:
                ways.append(self._unknown[question.id])
            if option.id == question.not_asked_as:
                ways.append(held)
            value[option.id] = any_of(ways)
        self.value[question.id] = value

    def _row(self, row: Row) -> Formula:
        matched = self.meets(row.if_)
        return z3.And(matched, self.meets_any(row.if_any)) if row.if_any else matched

    def _work_out_level(self) -> None:
        self.level: dict[str, Formula] = {}
        higher: list[Formula] = []
        for level in self.table.levels_down:
            rows = [self.matches[row.id] for of, row in self.table.rows if of == level and row.id in self.matches]
            matched = z3.BoolVal(True) if level == self.table.lowest_level else any_of(rows)
            self.level[level] = z3.And(matched, *(z3.Not(formula) for formula in higher))
            higher.append(matched)

    def _gate(self, before: str | None = None) -> Formula:
        items: list[Formula] = []
        for name, options in self.table.jumping_gate.all_of.items():
            if name == before:
                break
            if name == LEVEL_ITEM:
                items.append(self.has(name, options))
                continue
            items += [z3.Not(formula) for option, formula in self.value[name].items() if option not in options]
            if name in self._not_reached:
                items.append(z3.Not(self._not_reached[name]))
        return all_of(items)

    def _work_out_steps(self) -> None:
        table = self.table
        danger = table.danger_question.id
        left: dict[str, Formula] = {}
        for slug, step in table.next_steps.items():
            listed: list[Formula] = []
            hidden: list[Formula] = []
            for level, outcome in table.outcomes.items():
                here = self.level[level]
                if slug in outcome.always_steps:
                    listed.append(here)
                else:
                    adding = [
                        self.matches[row.id]
                        for of, row in table.rows
                        if slug in row.steps and (of == level or level != table.highest_level)
                    ]
                    listed.append(z3.And(here, any_of(adding)))
                if step.kind in outcome.hide_kinds:
                    hidden.append(here)
                signs = [sign for sign, steps in outcome.omit_for.items() if slug in steps]
                hidden.append(z3.And(here, self.has(danger, signs)))
            hidden += [
                self.has("who", [who])
                for who, audience in table.audience.items()
                if step.kind in audience.hide_kinds or slug in audience.omit
            ]
            hidden += [z3.Not(self.has(name, options)) for name, options in step.only_if.items()]
            hidden += [self.has(name, options) for name, options in step.not_if.items()]
            left[slug] = z3.And(any_of(listed), z3.Not(any_of(hidden)))
        self.shows: dict[str, Formula] = {
            slug: z3.And(
                formula,
                *(z3.Not(left[other]) for other, step in table.next_steps.items() if slug in step.excludes),
            )
            for slug, formula in left.items()
        }

    # Back to something concrete

    def read(self, model: z3.ModelRef) -> CheckIn:
        """The check-in that a model of the solver describes."""

        def true(formula: Formula) -> bool:
            return z3.is_true(model.eval(formula, model_completion=True))

        answers: dict[str, Any] = {}
        reached: set[str] = set()
        for question in self.table.questions:
            chosen = [option for option, formula in self.told[question.id].items() if true(formula)]
            if chosen:
                answers[question.id] = chosen if question.choose_many else chosen[0]
            if chosen or true(self.reached[question.id]):
                reached.add(question.id)
        facts = {
            fact: next(option for option, formula in states.items() if true(formula))
            for fact, states in self.facts.items()
        }
        return CheckIn(answers, len(reached) < len(self.table.questions), frozenset(reached), facts)

    def pins(self, check_in: CheckIn) -> list[Formula]:
        """The formulas that make this case exactly one concrete check-in."""
        pins: list[Formula] = []
        for question in self.table.questions:
            given = check_in.answers.get(question.id, ())
            chosen = {given} if isinstance(given, str) else set(given or ())
            pins += [formula == (option in chosen) for option, formula in self.told[question.id].items()]
            pins.append(self.reached[question.id] == (not check_in.running or question.id in check_in.reached))
        for fact in self.table.kept_facts:
            state = check_in.kept_facts.get(fact.id, fact.start)
            pins += [formula == (option == state) for option, formula in self.facts[fact.id].items()]
        return pins
