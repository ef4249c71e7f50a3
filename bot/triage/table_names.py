"""Names in the decision table: each must be that of something that exists. Base of the table's checks."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.triage.question_models import LEVEL_ITEM, Condition, Slugs
from bot.triage.table_models import TriageTable
from knowledge.files import Document, Problem

Where = tuple[str | int, ...]
"""The way to a place in the file: names and positions."""


class NameChecks:
    """What every check needs: problems placed on their lines, and names held against the table."""

    def __init__(self, document: Document, table: TriageTable) -> None:
        self._document = document
        self._table = table

    def _at(self, where: Where, *more: str | int, message: str) -> Problem:
        return self._document.problem(message, *where, *more)

    def _condition(self, condition: Condition, where: Where, *, with_level: bool = False) -> Iterator[Problem]:
        for name, options in condition.items():
            known: Collection[str]
            if with_level and name == LEVEL_ITEM:
                known = self._table.levels
            elif name in self._table.by_id:
                known = self._table.by_id[name].by_id
            elif name in self._table.fact_by_id:
                known = self._table.fact_by_id[name].by_id
            else:
                yield self._at(where, name, message=f"there is no question '{name}'")
                continue
            for option in options:
                if option not in known:
                    yield self._at(where, name, message=f"'{name}' has no option '{option}'")

    def _who(self, names: Slugs | None, where: Where) -> Iterator[Problem]:
        for name in names or ():
            if name not in self._table.audience:
                yield self._at(where, message=f"'who' has no option '{name}'")

    def _step_names(self, names: Slugs, where: Where) -> Iterator[Problem]:
        for name in names:
            if name not in self._table.next_steps:
                yield self._at(where, message=f"there is no step '{name}'")

    def _kinds(self, names: Slugs, where: Where) -> Iterator[Problem]:
        kinds = {step.kind for step in self._table.next_steps.values()}
        for name in names:
            if name not in kinds:
                yield self._at(where, message=f"there is no step of kind '{name}'")
