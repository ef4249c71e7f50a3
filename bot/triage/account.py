"""What can be asked of the state of an interview: its answers, its result, what it was about."""

from __future__ import annotations

from typing import Any

from bot.triage.decide import Result, decide
from bot.triage.interview_state import (
    YES,
    YES_UNNAMED,
    InterviewState,
    fold,
)  # fmt: skip
from bot.triage.prompts import said
from bot.triage.stage import Stage
from bot.triage.table_models import TriageTable
from bot.triage.take_back import TAKEN_BACK_FACT
from bot.triage.turns import EMERGENCY, Fact
from bot.triage.wording_models import Wording


class Account:
    """Gives account of interviews on one table in one wording."""

    def __init__(self, table: TriageTable, wording: Wording) -> None:
        self.table, self.wording = table, wording
        self._stage = Stage(table, wording)

    def answers(self, state: InterviewState) -> dict[str, Any]:
        """Answers as `decide` takes them, as plain lists; None for a question put without a usable answer."""
        known = fold(state.entries)
        found: dict[str, Any] = {
            question: None if options is None else list(options)
            for question, options in self._stage.agenda.answers(known).items()
        }
        if state.danger_taken_back:
            fact = self.table.fact_by_id[TAKEN_BACK_FACT]
            found[fact.id] = max(fact.options, key=lambda option: option.rank).id
        return found

    def result(self, state: InterviewState) -> Result:
        """What the table makes of the answers.

        All that was not asked counts as unknown, except in an emergency, which stops early.
        """
        return decide(self.table, self.answers(state), running=state.ended == EMERGENCY)

    def facts(self, state: InterviewState) -> tuple[Fact, ...]:
        """Every question with something said about it, for the summary, in the order of the table."""
        known = fold(state.entries)
        helper = self._stage.writer.helper(known)
        found = []
        for question, options in self._stage.agenda.answers(known).items():
            by_id = self.table.by_id[question].by_id
            if options is None or all(by_id[option].unknown for option in options):
                found.append(Fact(question, tuple(options or ()), self.wording.prompts.not_known, known=False))
            else:
                found.append(
                    Fact(question, options, "; ".join(said(by_id[option], helper) for option in options), known=True)
                )
        return tuple(found)

    def answers_for_category(self, slug: str, level: str = EMERGENCY) -> dict[str, tuple[str, ...]]:
        """The option that lists a warning category: a danger sign, or a same-day sign when `level` is lower and one
        lists it.

        Empty when no option lists it.
        """
        questions = [question for question in self.table.questions if question.choose_many]
        if level != EMERGENCY:
            questions.reverse()
        for question in questions:
            for option in question.signs:
                if slug in option.categories:
                    return {question.id: (option.id,)}
        return {}

    def speaks_to_helper(self, state: InterviewState) -> bool:
        """Whether somebody else answers for the person."""
        return self._stage.writer.helper(fold(state.entries))

    def was_telling(self, state: InterviewState) -> str:
        """ "You were telling me about …, go on?" after a pause."""
        return self._stage.writer.was_telling(fold(state.entries), state)

    def steps_to_omit(self, state: InterviewState) -> tuple[str, ...]:
        """Steps that a danger sign would forbid which may be meant: its group was answered yes, no sign named yet."""
        known = fold(state.entries)
        forbidden = self.table.outcomes[self.table.highest_level].omit_for
        return tuple(
            step
            for group in self._stage.danger.groups
            if known.groups.get(f"{self._stage.danger.id}/{group.id}") in (YES, YES_UNNAMED)
            and not any(known.signs.get(sign.id) == YES for sign in self._stage.danger.group_signs(group.id))
            for sign in self._stage.danger.group_signs(group.id)
            for step in forbidden.get(sign.id, ())
        )
