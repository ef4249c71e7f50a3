"""What stands on the screen: the next prompt, its counter, the lines before it, or the end."""

from __future__ import annotations

from dataclasses import replace

from bot.triage.agenda import Agenda
from bot.triage.interview_state import (
    YES,
    Chosen,
    InterviewState,
    Known,
    fold,
)  # fmt: skip
from bot.triage.prompts import CHANGE_WHICH, CONFIRM_BACK, SHALL_WE_GO_ON, Prompt, PromptWriter, said
from bot.triage.table_models import TriageTable
from bot.triage.turns import EMERGENCY, FINISHED, STOPPED, Turn
from bot.triage.wording_models import Wording


class Stage:
    """Shows prompts of one table in one wording."""

    def __init__(self, table: TriageTable, wording: Wording) -> None:
        self.table, self.wording = table, wording
        self.agenda = Agenda(table, wording)
        self.writer = PromptWriter(self.agenda)
        self.danger = table.danger_question

    def current(self, state: InterviewState) -> str | None:
        """The prompt on the screen. A state that names none, or one that cannot be shown, gets the one that is due."""
        if state.ended in (FINISHED, STOPPED):
            return CHANGE_WHICH if state.current == CHANGE_WHICH else None
        if state.current and self._is_prompt(state, state.current):
            return state.current
        return None if state.ended else self.agenda.next(fold(state.entries), state.problem, state.put)

    def _is_prompt(self, state: InterviewState, name: str) -> bool:
        """Whether a remembered name is one of a prompt that can be written."""
        if name == CONFIRM_BACK:
            return state.pending is not None
        if name == SHALL_WE_GO_ON:
            return state.before_pause is not None and self._is_prompt(state, state.before_pause)
        return name == CHANGE_WHICH or self.agenda.is_name(fold(state.entries), name)

    def go_on(self, state: InterviewState, event: str, say: tuple[str, ...] = ()) -> Turn:
        """The emergency if there is one, else the next prompt, else the end."""
        known = fold(state.entries)
        if self.agenda.is_emergency(known):
            return self.emergency(state, say)
        name = self.agenda.next(known, state.problem, state.put)
        if name is None:
            return Turn(replace(state, current=None, ended=FINISHED, misses=0), FINISHED, None, say)
        return self.shown(replace(state, ended=None), name, event, say)

    def emergency(self, state: InterviewState, say: tuple[str, ...] = (), *, name_sign: bool = True) -> Turn:
        """Stop at once. A danger sign not named yet may be named afterwards."""
        state = replace(state, before_pause=None)
        known = fold(state.entries)
        unnamed = [
            group.id
            for group in self.danger.groups
            if known.groups.get(f"{self.danger.id}/{group.id}") == YES
            and not any(known.signs.get(sign.id) for sign in self.danger.group_signs(group.id))
        ]
        state = replace(state, ended=EMERGENCY, current=None, misses=0, asked_why=False)
        if not unnamed or not name_sign:
            return Turn(state, EMERGENCY, None, say)
        return self.shown(state, f"which:{self.danger.id}/{unnamed[0]}", EMERGENCY, say)

    def again(self, state: InterviewState, event: str, say: tuple[str, ...] = ()) -> Turn:
        """The same prompt once more."""
        name = self.current(state)
        if name is None:
            return Turn(state, event, None, say)
        return self.shown(state, name, event, say)

    def shown(self, state: InterviewState, name: str, event: str, say: tuple[str, ...] = ()) -> Turn:
        state, prompt = self.present(replace(state, current=name), name)
        return Turn(state, event, prompt, say)

    def present(self, state: InterviewState, name: str) -> tuple[InterviewState, Prompt]:
        """Write a prompt and count it. The number never falls, nor does the share of the whole that is done."""
        prompt = self.writer.write(name, state)
        if prompt.kind in (CONFIRM_BACK, CHANGE_WHICH, SHALL_WE_GO_ON) or state.ended:
            return state, prompt
        known = fold(state.entries)
        put = name
        if prompt.kind == "question" and prompt.question in known.maybe:
            put = f"{name}?"
        if put not in state.put:
            state = replace(state, put=(*state.put, put))
        number = len(state.put)
        before = tuple(other for other in state.put if other != put)
        total = number - 1 + self.agenda.still_to_come(state.entries, state.problem, before)
        before_number, before_total = state.shown
        if before_number and number * before_total < before_number * total:
            total = number * before_total // before_number
        total = max(total, number)
        if number == before_number:
            total = before_total
        state = replace(state, shown=(number, total))
        progress = self.wording.prompts.progress.format(number=number, total=total)
        return state, replace(prompt, number=number, total=total, progress=progress)

    def told(self, answers: Chosen, known: Known) -> tuple[str, ...]:
        """ "You told me …" for answers that were not asked for."""
        if not answers:
            return ()
        helper = self.writer.helper(known)
        texts = [
            said(self.table.by_id[question].by_id[option], helper)
            for question, options in answers.items()
            for option in options
        ]
        prompts = self.wording.prompts
        return (prompts.told_me.format(facts=prompts.told_me_join.join(texts)), prompts.told_me_fix)
