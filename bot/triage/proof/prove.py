"""Prove the invariants of the decision table, and say so in plain words.

The proof reads the very table the evaluator reads. Each counterexample is also run through the evaluator, so that a
reader sees what a person would have seen.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.triage.decide import Result, decide
from bot.triage.proof.invariants import CHECKS
from bot.triage.proof.space import Finding, Space
from bot.triage.proof.symbolic import CheckIn
from bot.triage.table_models import TriageTable
from bot.triage.values import Line


@dataclass(frozen=True)
class Verdict:
    """What became of one invariant: no `findings` when it is proved, no `queries` when it was settled by counting."""

    invariant: str
    statement: str
    findings: tuple[str, ...]
    queries: int
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether the invariant holds over the whole space."""
        return not self.findings

    @property
    def how(self) -> str:
        """How it was settled, for the report."""
        if not self.queries:
            return "checked by counting"
        return f"solver, {self.queries} {'query' if self.queries == 1 else 'queries'}"


def prove(
    table: TriageTable, *, categories: Collection[str] | None = None, only: Collection[str] | None = None
) -> Iterator[Verdict]:
    """Settle every invariant that the table states, in its order; then any check whose statement the table has lost.

    `categories` are the known warning-sign categories, checked when given. `only` names the invariants to settle.
    """
    space = Space(table, categories)
    stated = {invariant.id: invariant.statement for invariant in table.invariants}
    for name in (*stated, *(name for name in CHECKS if name not in stated)):
        if only is not None and name not in only:
            continue
        start, queries = time.perf_counter(), space.queries
        findings: list[str] = []
        if name not in CHECKS:
            findings.append("nothing checks this invariant")
        elif name not in stated:
            findings.append("the table no longer states this invariant")
        else:
            try:
                findings += [in_words(table, finding) for finding in CHECKS[name](space)]
            except KeyError as missing:
                findings.append(f"the table no longer has {missing}, which this invariant is about")
        yield Verdict(name, stated.get(name, ""), tuple(findings), space.queries - queries, time.perf_counter() - start)


def in_words(table: TriageTable, finding: Finding) -> str:
    """A finding as a reader without logic can follow it: what is wrong, and the check-ins that show it."""
    parts = [finding.what]
    for number, check_in in enumerate(finding.check_ins, start=1):
        result = decide(
            table,
            check_in.answers,
            running=check_in.running,
            reached=check_in.reached,
            kept_facts=check_in.kept_facts,
        )
        title = "Check-in" if len(finding.check_ins) == 1 else f"Check-in {number}"
        parts.append(f"{title}: {_told(table, check_in, result)}")
        parts.append(f"  gives {result.level} by {', '.join(result.rows)}; steps: {', '.join(result.steps)}")
    return "\n".join(parts)


def _told(table: TriageTable, check_in: CheckIn, result: Result) -> str:
    """The answers that are not simply the best ones."""
    told: list[str] = []
    for question in table.questions:
        line = result.lines[question.id]
        value = [option for option in question.options if option.id in result.values[question.id]]
        if line is Line.UNKNOWN:
            told.append(f"{question.label}: not answered")
        elif line is Line.NOT_REACHED:
            told.append(f"{question.label}: not reached")
        elif line is Line.ANSWERED and any(option.rank for option in value):
            told.append(f"{question.label}: {' + '.join(option.text.rstrip('.') for option in value)}")
    for fact in table.kept_facts:
        if check_in.kept_facts.get(fact.id, fact.start) != fact.start:
            told.append(f"{fact.id}: {check_in.kept_facts[fact.id]}")
    return "; ".join(told) or "every answer is the best one"
