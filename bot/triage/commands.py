"""Commands at any question: explain, how long, why, skip, go back, change an answer, stop, go on, a person."""

from __future__ import annotations

from dataclasses import replace

from bot.triage.answering import Answering
from bot.triage.interview_state import (
    START,
    InterviewState,
    fold,
)  # fmt: skip
from bot.triage.prompts import CHANGE_WHICH, CONFIRM_BACK, Prompt
from bot.triage.reading.reader import Reader
from bot.triage.reading.reply import COMMAND, Reading
from bot.triage.stage import Stage
from bot.triage.take_back import TakeBack
from bot.triage.turns import EMERGENCY, STOPPED, Turn


class Commands:
    """Does what is asked; the question stays."""

    def __init__(self, stage: Stage, take_back: TakeBack, answering: Answering, reader: Reader) -> None:
        self._stage, self._take_back, self._answering, self._reader = stage, take_back, answering, reader

    def do(self, state: InterviewState, name: str, prompt: Prompt, reading: Reading) -> Turn:
        """Do what is asked; the question stays."""
        prompts = self._stage.wording.prompts
        kind, _, about = name.partition(":")
        if reading.command == "explain":
            line = prompts.explained_example.format(simpler=prompt.simpler, example=prompt.example)
            return self._stage.again(state, "explained", (line,) if prompt.example else ())
        if reading.command == "how_long":
            number, total = state.shown
            line = prompts.how_long.format(left=max(total - number + 1, 1))
            return self._stage.again(state, "explained", (line,))
        if reading.command == "why":
            of_danger = kind in ("group", "sign") and about.split("/")[0] == self._stage.danger.id
            return self._stage.again(state, "explained", (prompts.why_danger if of_danger else prompts.why_asked,))
        if reading.command == "person":
            return replace(self._stage.again(state, "person_asked"), offer_person=True)
        if reading.command == "go_on":
            return self._stage.again(state, "asked")
        if reading.command in ("back", "other_one"):
            return self.back(state)
        if reading.command == "change":
            return self.change(state, reading.about)
        if reading.command == "stop":
            if state.ended == EMERGENCY:
                return self._stage.emergency(replace(state, pending=None), name_sign=False)
            return Turn(replace(state, ended=STOPPED, misses=0), "stopped", None, (prompts.stopped,))
        if kind == CONFIRM_BACK:
            return self._stage.emergency(replace(state, pending=None), (prompts.confirm_back_kept,))
        if state.ended == EMERGENCY:
            return self._stage.emergency(state, name_sign=False)
        if kind in ("group", "sign") and about.split("/")[0] == self._stage.danger.id and not state.asked_why:
            return self._stage.again(replace(state, asked_why=True), "asked", (prompts.why_danger,))
        return self._answering.left_open(state, name, prompts.skipped)

    def back(self, state: InterviewState) -> Turn:
        """Take the last reply off and ask the question again that it answered, also where it was asked out of turn."""
        places = [place for place, entry in enumerate(state.entries) if entry.at != START]
        prompts = self._stage.wording.prompts
        if not places:
            return self._stage.again(state, "went_back", (prompts.nothing_before,))
        entries = state.entries[: places[-1]]
        if self._take_back.would_undo(state.entries, entries):
            return self._take_back.ask(state, entries)
        answered, known = state.entries[places[-1]].at, fold(entries)
        state = replace(state, entries=entries, ended=None, pending=None, misses=0, asked_why=False)
        kind, _, about = answered.partition(":")
        open_still = kind == "question" and not self._stage.agenda.danger_is_open(known)
        if open_still and not self._stage.agenda.is_emergency(known) and self._stage.agenda.can_ask(known, about):
            return self._stage.shown(state, answered, "went_back", (prompts.went_back,))
        return self._stage.go_on(state, "went_back", (prompts.went_back,))

    def change(self, state: InterviewState, about: str | None) -> Turn:
        """Ask one question again, or first which one."""
        prompts = self._stage.wording.prompts
        if about is None:
            state = replace(
                state, current=CHANGE_WHICH, ended=None if state.ended != EMERGENCY else state.ended, misses=0
            )
            return self._stage.shown(state, CHANGE_WHICH, "asked")
        question = self._stage.table.by_id[about]
        own_signs = tuple(sign.id for sign in question.signs)
        left = (entry.without(about, own_signs) for entry in state.entries)
        entries = tuple(entry for entry in left if not entry.empty)
        if self._take_back.would_undo(state.entries, entries):
            return self._take_back.ask(state, entries)
        known = fold(entries)
        if self._stage.agenda.is_emergency(known):
            return self._stage.emergency(replace(state, pending=None))
        state = replace(state, entries=entries, ended=None, pending=None, misses=0, asked_why=False)
        if self._stage.agenda.danger_is_open(known) and question is not self._stage.danger:
            return self._stage.go_on(state, "went_back", (prompts.changed_later,))
        if question.choose_many or not self._stage.agenda.can_ask(known, about):
            return self._stage.go_on(state, "went_back", (prompts.changed,))
        return self._stage.shown(state, f"question:{about}", "went_back", (prompts.changed,))

    def after_the_end(self, state: InterviewState, text: str) -> Turn:
        """A reply when nothing is being asked: go back, change, go on; the rest is for the caller."""
        nothing = Prompt("", None, "ended", "", None, (), ())
        reading = self._reader.read(text, nothing)
        if reading.kind == COMMAND:
            if reading.command in ("back", "other_one"):
                return self.back(state)
            if reading.command == "change":
                return self.change(state, reading.about)
            if reading.command == "go_on" and state.ended == STOPPED:
                return self._stage.go_on(replace(state, ended=None, misses=0), "asked")
            if reading.command == "person":
                return Turn(state, "person_asked", offer_person=True)
        return Turn(state, "digression")
