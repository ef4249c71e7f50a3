"""What can be wrong with a decision table whose fields all have the right types."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bot.triage.question_checks import QuestionChecks
from bot.triage.question_models import LEVEL_ITEM
from bot.triage.table_models import TriageTable
from bot.triage.table_names import NameChecks, Where
from knowledge.files import Document, Problem


def mistakes(
    document: Document,
    table: TriageTable,
    categories: Collection[str] | None,
    topics: Collection[str] | None,
    sources: Collection[str] | None,
) -> Iterator[Problem]:
    """Everything wrong with a table whose fields all have the right types."""
    if set(table.outcomes) != set(table.levels):
        yield document.problem("outcomes: there must be exactly one outcome for each level", "outcomes")
        return
    if len({level.rank for level in table.levels.values()}) != len(table.levels):
        yield document.problem("levels: two levels have the same rank", "levels")
    questions, check = QuestionChecks(document, table), OutcomeChecks(document, table)
    yield from check.unique()
    for index, question in enumerate(table.questions):
        yield from questions.question(index, question)
    yield from questions.audience()
    yield from check.steps()
    yield from check.rows()
    yield from check.gate()
    yield from check.explanations()
    yield from check.outside("category", categories, check.category_uses())
    yield from check.outside("topic", topics, check.topic_uses())
    yield from check.outside("source", sources, check.source_uses())


class OutcomeChecks(NameChecks):
    """The checks of all but the questions, each a generator of problems placed on their lines."""

    def unique(self) -> Iterator[Problem]:
        """No id stands twice where ids must be unique."""
        table = self._table
        rows = [
            (row.id, ("outcomes", level, "rows", index))
            for level, outcome in table.outcomes.items()
            for index, row in enumerate(outcome.rows)
        ]
        named: list[tuple[str, list[tuple[str, Where]]]] = [
            ("question", [*((question.id, ("questions", index)) for index, question in enumerate(table.questions)),
              *((fact.id, ("kept_facts", index)) for index, fact in enumerate(table.kept_facts))]),
            ("row", [(name, tuple(where)) for name, where in rows]),
            ("invariant", [(item.id, ("invariants", index)) for index, item in enumerate(table.invariants)]),
            ("pattern", [(item.slug, ("patterns", index)) for index, item in enumerate(table.patterns)]),
            ("call_if", [(item.id, ("call_if", index)) for index, item in enumerate(table.call_if)]),
        ]  # fmt: skip
        for index, question in enumerate(table.questions):
            named.append((
                f"option of '{question.id}'",
                [(option.id, ("questions", index, "options", place)) for place, option in enumerate(question.options)],
            ))  # fmt: skip
        for kind, entries in named:
            seen: set[str] = set()
            for name, where in entries:
                if name in seen:
                    yield self._document.problem(f"{kind} '{name}' stands here twice", *where, "id")
                seen.add(name)

    def steps(self) -> Iterator[Problem]:
        """Steps: conditions and exclusions name what exists, and every step is used."""
        table = self._table
        used = {step for outcome in table.outcomes.values() for step in outcome.always_steps}
        used |= {step for _, row in table.rows for step in row.steps}
        excluded = {name for step in table.next_steps.values() for name in step.excludes}
        for name, step in table.next_steps.items():
            where: Where = ("next_steps", name)
            yield from self._condition(step.only_if, (*where, "only_if"), with_level=True)
            yield from self._condition(step.not_if, (*where, "not_if"))
            yield from self._step_names(step.excludes, (*where, "excludes"))
            if step.excludes and name in excluded:
                yield self._at(
                    where, message=f"the step '{name}' both excludes and is excluded, so the order would matter"
                )
            if name not in used:
                yield self._at(where, message=f"no row and no outcome uses the step '{name}'")

    def rows(self) -> Iterator[Problem]:
        """Outcomes and rows name only what exists."""
        table = self._table
        row_ids = {row.id for _, row in table.rows}
        gated = {question.id for question in table.questions if question.ask_when_gate}
        for level, outcome in table.outcomes.items():
            at: Where = ("outcomes", level)
            yield from self._step_names(outcome.always_steps, (*at, "always_steps"))
            yield from self._kinds(outcome.hide_kinds, (*at, "hide_kinds"))
            for sign, steps in outcome.omit_for.items():
                if sign not in table.danger_question.by_id:
                    yield self._at(at, "omit_for", sign, message=f"there is no danger sign '{sign}'")
                yield from self._step_names(steps, (*at, "omit_for", sign))
            for index, row in enumerate(outcome.rows):
                where: Where = (*at, "rows", index)
                yield from self._condition(row.if_, (*where, "if"))
                yield from self._condition(row.if_any, (*where, "if_any"))
                for field, condition in (("if", row.if_), ("if_any", row.if_any)):
                    for name in sorted(gated & condition.keys()):
                        message = f"row {row.id} names '{name}', which is asked only after the level is known"
                        yield self._at(where, field, name, message=message)
                yield from self._step_names(row.steps, (*where, "steps"))
                for name in row.with_:
                    if name not in row_ids:
                        yield self._at(where, "with", message=f"there is no row '{name}'")
                if row.steps_only and not row.with_:
                    yield self._at(
                        where, message=f"row {row.id} only adds steps, so it must name the row it goes 'with'"
                    )
                if row.gate and row.gate_not:
                    yield self._at(where, message=f"row {row.id} cannot need the gate both open and closed")
                for field, gate in (("gate", row.gate), ("gate_not", row.gate_not)):
                    if gate not in (None, table.jumping_gate.id):
                        yield self._at(where, field, message=f"there is no gate '{gate}'")
                if not (row.if_ or row.if_any or row.gate or row.gate_not):
                    yield self._at(where, message=f"row {row.id} has no condition")
                if (row.gate or row.gate_not) and level != table.lowest_level:
                    yield self._at(
                        where, message=f"row {row.id} follows the gate, so it must stand under '{table.lowest_level}'"
                    )

    def gate(self) -> Iterator[Problem]:
        """Every question is an item of the gate, and no unknown answer opens it."""
        gate = self._table.jumping_gate
        where: Where = ("jumping_gate", "all_of")
        yield from self._condition(gate.all_of, where, with_level=True)
        for name in (LEVEL_ITEM, *self._table.fact_by_id, *self._table.by_id):
            if name not in gate.all_of:
                yield self._at(where, message=f"'{name}' is missing: every question is an item of the gate")
        for name, options in gate.all_of.items():
            question = self._table.by_id.get(name)
            for option in options:
                if question and option in question.by_id and question.by_id[option].unknown:
                    yield self._at(where, name, message=f"the unknown answer '{option}' must not open the gate")

    def explanations(self) -> Iterator[Problem]:
        """Patterns, safety net and summary name only what exists."""
        table = self._table
        for index, pattern in enumerate(table.patterns):
            yield from self._condition(pattern.shown_by, ("patterns", index, "shown_by"))
            yield from self._step_names(pattern.related_steps, ("patterns", index, "related_steps"))
        for index, item in enumerate(table.call_if):
            where: Where = ("call_if", index)
            if item.level not in table.levels:
                yield self._at(where, "level", message=f"there is no level '{item.level}'")
            yield from self._who(item.for_, (*where, "for"))
            yield from self._condition(item.shown_when, (*where, "shown_when"))
            yield from self._condition(item.means, (*where, "means"))
        summary = table.summary_for_visit
        for name in summary.include:
            if name not in table.by_id and name not in table.fact_by_id:
                yield self._document.problem(f"there is no question '{name}'", "summary_for_visit", "include")
        options = {option.id for question in table.questions for option in question.options}
        for name in summary.ask_first.options:
            if name not in options:
                yield self._document.problem(
                    f"there is no option '{name}'", "summary_for_visit", "ask_first", "options"
                )

    def category_uses(self) -> Iterator[tuple[str, Where]]:
        """Every warning-sign category named in the table."""
        for index, question in enumerate(self._table.questions):
            for place, option in enumerate(question.options):
                for name in option.categories:
                    yield name, ("questions", index, "options", place, "categories")
        for level, outcome in self._table.outcomes.items():
            for index, row in enumerate(outcome.rows):
                for name in row.categories:
                    yield name, ("outcomes", level, "rows", index, "categories")

    def topic_uses(self) -> Iterator[tuple[str, Where]]:
        """Every topic a step leads to."""
        for name, step in self._table.next_steps.items():
            if step.topic is not None:
                yield step.topic, ("next_steps", name, "topic")

    def source_uses(self) -> Iterator[tuple[str, Where]]:
        """Every source named in the table."""
        for index, pattern in enumerate(self._table.patterns):
            for name in pattern.sources:
                yield name, ("patterns", index, "sources")
        for name in self._table.jumping_gate.sources:
            yield name, ("jumping_gate", "sources")

    def outside(self, kind: str, known: Collection[str] | None, uses: Iterator[tuple[str, Where]]) -> Iterator[Problem]:
        """Names that belong to other content files."""
        for name, where in uses:
            if known is not None and name not in known:
                yield self._document.problem(f"there is no {kind} '{name}'", *where)
