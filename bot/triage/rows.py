"""Which rows of the table match a set of values, and the level that follows.

Values are sets of options by question or kept fact, as `bot.triage.values` finds them. The level is the highest level
of all matching rows; the two rows that follow the jumping gate never change it.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.triage.question_models import Condition
from bot.triage.table_models import Row, TriageTable

Values = Mapping[str, frozenset[str]]
"""Question or kept fact -> its value: one option for choose-one, one or more for choose-many."""


def has_value_in(values: Values, name: str, options: tuple[str, ...]) -> bool:
    """Whether at least one option of the value of `name` is in the list."""
    return not values[name].isdisjoint(options)


def all_met(values: Values, condition: Condition) -> bool:
    """Whether every question named has a value in its list."""
    return all(has_value_in(values, name, options) for name, options in condition.items())


def any_met(values: Values, condition: Condition) -> bool:
    """Whether at least one question named has a value in its list."""
    return any(has_value_in(values, name, options) for name, options in condition.items())


def matches(row: Row, values: Values, *, gate_open: bool) -> bool:
    """Whether a row matches: its `if`, its `if_any` where it has one, and the state of the gate where it names it."""
    if row.gate is not None:
        return gate_open
    if row.gate_not is not None:
        return not gate_open
    return all_met(values, row.if_) and (not row.if_any or any_met(values, row.if_any))


def level_from_rows(table: TriageTable, values: Values) -> str:
    """The level from all rows other than those that follow the gate."""
    for level, row in table.rows:
        if row.gate is None and row.gate_not is None and matches(row, values, gate_open=False):
            return level
    return table.lowest_level
