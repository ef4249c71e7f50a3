"""Taking a danger sign back: only after one plain question and a clear no (how_it_works.take_back)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.triage.interview_state import (
    NO,
    START,
    Entry,
    InterviewState,
    fold,
)  # fmt: skip
from bot.triage.prompts import CONFIRM_BACK
from bot.triage.question_models import NONE_OPTION
from bot.triage.stage import Stage
from bot.triage.turns import Turn

TAKEN_BACK_FACT = "danger-taken-back"
"""The kept fact of the table that a danger sign was reported and taken back."""


class TakeBack:
    """Guards every change of answers that would undo an emergency."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def would_undo(self, before: Iterable[Entry], after: Iterable[Entry]) -> bool:
        """Whether a change would undo an emergency."""
        return self._stage.agenda.is_emergency(fold(before)) and not self._stage.agenda.is_emergency(fold(after))

    def ask(self, state: InterviewState, entries: tuple[Entry, ...]) -> Turn:
        """Ask the one plain question before a danger sign is taken back (how_it_works.take_back)."""
        state = replace(state, pending=entries, current=CONFIRM_BACK, misses=0)
        return self._stage.shown(state, CONFIRM_BACK, "confirm_back")

    def settle(self, state: InterviewState, mark: str) -> Turn:
        """A clear no takes the sign back and the interview goes on; anything else leaves it as it was."""
        if mark != NO or state.pending is None:
            return self._stage.emergency(replace(state, pending=None), (self._stage.wording.prompts.confirm_back_kept,))
        signs = [
            option
            for option in self._stage.agenda.answers(fold(state.entries)).get(self._stage.danger.id) or ()
            if option != NONE_OPTION
        ]
        taken_back = tuple(dict.fromkeys((*state.taken_back, *(signs or (TAKEN_BACK_FACT,)))))
        state = replace(
            state,
            entries=(*state.pending, self.entry()),
            pending=None,
            taken_back=taken_back,
            ended=None,
            current=None,
        )
        return self._stage.go_on(state, "asked")

    def entry(self) -> Entry:
        """The kept fact as an entry, so that what comes next is asked with it in mind. No step back takes it off."""
        fact = self._stage.table.fact_by_id[TAKEN_BACK_FACT]
        return Entry(START, answers={fact.id: (max(fact.options, key=lambda option: option.rank).id,)})
