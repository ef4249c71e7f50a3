"""From what a person said to the value that the rows see for every question.

The five lines of `how_it_works.values` in the table are followed to the letter. Nothing that cannot be read is ever
taken for a "no": it counts as unknown, and unknown is never the best answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.triage.question_models import LEVEL_ITEM, NONE_OPTION, KeptFact, Question
from bot.triage.rows import Values, all_met, any_met, has_value_in, level_from_rows
from bot.triage.table_models import TriageTable


class Line(Enum):
    """Which line of the table's account of values gave a question its value."""

    DOES_NOT_APPLY = 1
    ANSWERED = 2
    NOT_PUT = 3
    NOT_REACHED = 4
    UNKNOWN = 5


@dataclass(frozen=True)
class Readings:
    """The value of every question and kept fact, the line each question's value came from, and the jumping gate."""

    values: Values
    lines: Mapping[str, Line]
    level: str
    gate_open: bool


def read_answer(question: Question, raw: object) -> frozenset[str] | None:
    """What a person chose, or None when there is no usable answer.

    `raw` is an option id or a collection of them; anything else, and any id the question does not have, is
    unreadable. An unreadable part beside readable ones counts as the unknown option. Of several options of a
    choose-one question the one with the highest rank is the answer; two with the same rank contradict each other.
    "none" counts only when it stands alone.
    """
    items: Collection[object]
    if isinstance(raw, str):
        items = (raw,)
    elif isinstance(raw, list | tuple | set | frozenset):
        items = raw
    else:
        return None
    chosen = {item for item in items if isinstance(item, str) and item in question.by_id}
    if not chosen:
        return None
    if any(not isinstance(item, str) or item not in question.by_id for item in items):
        chosen.add(question.unknown_counts_as)
    if question.choose_many:
        return frozenset(chosen - {NONE_OPTION}) or frozenset({NONE_OPTION})
    top = max(question.by_id[option].rank for option in chosen)
    worst = [option for option in chosen if question.by_id[option].rank == top]
    return frozenset(worst) if len(worst) == 1 else None


def read_fact(fact: KeptFact, *told: object) -> frozenset[str]:
    """The state of a kept fact: the worst of all that is told, else its start; an unreadable state is the worst one."""
    worst = max(fact.options, key=lambda option: option.rank)
    states = [fact.by_id.get(state, worst) if isinstance(state, str) else worst for state in told if state is not None]
    return frozenset({max(states, key=lambda option: option.rank).id if states else fact.start})


def read_values(
    table: TriageTable,
    answers: Mapping[str, Any],
    *,
    running: bool = False,
    reached: Collection[str] | None = None,
    kept_facts: Mapping[str, Any] | None = None,
) -> Readings:
    """Find the value of every question.

    `answers` holds question id -> option id, several option ids, or None for a question that was put and brought no
    usable answer. While the check-in is `running`, a question counts as reached when it is a key of `answers` or is
    in `reached` (a single id: that question and all before it). Otherwise every question counts as reached. Kept
    facts may stand in either mapping.
    """
    seen = _reached(table, answers, reached) if running else table.by_id.keys()
    values: dict[str, frozenset[str]] = {
        fact.id: read_fact(fact, (kept_facts or {}).get(fact.id), answers.get(fact.id)) for fact in table.kept_facts
    }
    lines: dict[str, Line] = {}

    def settle(question: Question, *, gate_met: bool) -> None:
        told = read_answer(question, answers.get(question.id))
        line = _line(question, told is not None, question.id in seen, gate_met, values, lines)
        lines[question.id] = line
        if line is Line.ANSWERED and told is not None:
            values[question.id] = told
        elif line is Line.UNKNOWN:
            values[question.id] = frozenset({question.unknown_counts_as})
        else:
            values[question.id] = frozenset({question.not_asked_as})

    for question in table.questions:
        if question.ask_when_gate is None:
            settle(question, gate_met=True)
    level = level_from_rows(table, values)
    for question in table.questions:
        if question.ask_when_gate is not None:
            settle(question, gate_met=_gate_met(table, values, lines, level, before=question.id))
    ordered = {name: values[name] for name in (*table.by_id, *table.fact_by_id)}
    return Readings(ordered, lines, level, _gate_met(table, values, lines, level))


def _line(
    question: Question, answered: bool, is_reached: bool, gate_met: bool, values: Values, lines: Mapping[str, Line]
) -> Line:
    """The first of the five lines that fits."""
    applies = all(
        lines[name] is Line.NOT_PUT or has_value_in(values, name, options)
        for name, options in question.ask_when.items()
    ) and (not question.ask_when_any or any_met(values, question.ask_when_any))
    if not applies:
        return Line.DOES_NOT_APPLY
    if answered:
        return Line.ANSWERED
    is_for_them = question.ask_who is None or has_value_in(values, "who", question.ask_who)
    if not is_for_them or not gate_met or any(lines[name] is Line.NOT_PUT for name in question.ask_when):
        return Line.NOT_PUT
    return Line.UNKNOWN if is_reached else Line.NOT_REACHED


def _gate_met(
    table: TriageTable, values: Values, lines: Mapping[str, Line], level: str, before: str | None = None
) -> bool:
    """Whether the level and every other item of the gate fit; with `before`, only the items listed before that one.

    A value that a question holds only because it has not been reached meets no item: jumping is opened by answers
    alone.
    """
    for name, options in table.jumping_gate.all_of.items():
        if name == before:
            break
        if name == LEVEL_ITEM:
            if level not in options:
                return False
        elif not values[name] <= set(options) or lines.get(name) is Line.NOT_REACHED:
            return False
    return True


def _reached(table: TriageTable, answers: Mapping[str, Any], reached: Collection[str] | None) -> set[str]:
    """The questions that have come up so far."""
    seen = set(answers)
    if isinstance(reached, str):
        order = list(table.by_id)
        return seen | set(order[: order.index(reached) + 1] if reached in order else ())
    return seen | set(reached or ())


def reads_out(values: Values, question: Question, option_id: str) -> bool:
    """Whether one sign of a choose-many question is read out to this person.

    Its own `ask_who`, `ask_when` and `not_when` decide; they never remove an answer that the person gives unasked.
    """
    option = question.by_id[option_id]
    if option.ask_who is not None and not has_value_in(values, "who", option.ask_who):
        return False
    return all_met(values, option.ask_when) and not (option.not_when and all_met(values, option.not_when))
