"""Every possible check-in of one table, and how a claim about them is settled by the solver."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import z3

from bot.triage.proof.symbolic import Case, CheckIn, Formula
from bot.triage.table_models import TriageTable

EMERGENCY, URGENT, SOON, SELF_CARE = "emergency", "urgent", "soon", "self-care"
CHILDREN = ("child", "baby")
ADULTS = ("me", "someone-i-help")


@dataclass(frozen=True)
class Finding:
    """One way in which an invariant fails: what went wrong, and the check-ins that show it (none about wording)."""

    what: str
    check_ins: tuple[CheckIn, ...] = ()


class Space:
    """Every possible check-in of one table, and pairs of them that differ in one answer."""

    def __init__(self, table: TriageTable, categories: Collection[str] | None = None) -> None:
        self.table = table
        self.categories = categories
        self.queries = 0
        self.case = Case(table, "a")
        self._solvers: dict[tuple[Case, ...], z3.Solver] = {}
        self._pairs: dict[str, Case] = {}

    def pair(self, question: str) -> tuple[Case, Case]:
        """Two check-ins alike in everything but one question or kept fact."""
        if question not in self._pairs:
            self._pairs[question] = Case(self.table, f"b[{question}]", like=self.case, but=question)
        return self.case, self._pairs[question]

    def always(self, claim: Formula, what: str, *cases: Case) -> Iterator[Finding]:
        """Yield a finding unless the claim holds in every case."""
        model = self._model(z3.Not(claim), cases or (self.case,))
        if model is not None:
            yield Finding(what, tuple(case.read(model) for case in cases or (self.case,)))

    def possible(self, claim: Formula, what: str) -> Iterator[Finding]:
        """Yield a finding unless the claim holds in some case."""
        if self.witness(claim) is None:
            yield Finding(what)

    def witness(self, claim: Formula) -> CheckIn | None:
        """A check-in in which the claim holds, if there is one."""
        model = self._model(claim, (self.case,))
        return None if model is None else self.case.read(model)

    def _model(self, wanted: Formula, cases: tuple[Case, ...]) -> z3.ModelRef | None:
        # Finite choices only: the finite-domain solver decides every query, so "unknown" would be a fault of ours.
        if cases not in self._solvers:
            self._solvers[cases] = z3.SolverFor("QF_FD")
            for case in cases:
                self._solvers[cases].add(*case.bounds)
        solver = self._solvers[cases]
        self.queries += 1
        solver.push()
        solver.add(wanted)
        verdict = solver.check()
        model = solver.model() if verdict == z3.sat else None
        solver.pop()
        if verdict == z3.unknown:
            raise RuntimeError(f"the solver gave no answer: {solver.reason_unknown()}")
        return model


def of_kind(table: TriageTable, *kinds: str) -> list[str]:
    """The steps of these kinds."""
    return [slug for slug, step in table.next_steps.items() if step.kind in kinds]
