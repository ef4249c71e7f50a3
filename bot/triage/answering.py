"""What an answer changes, and what becomes of a reply that cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.triage.interview_state import (
    NO,
    NOT_SURE,
    START,
    UNANSWERED,
    YES,
    YES_UNNAMED,
    Entry,
    InterviewState,
    Known,
    fold,
)  # fmt: skip
from bot.triage.prompts import CHANGE_WHICH, CONFIRM_BACK, Prompt
from bot.triage.reading.reply import Reading
from bot.triage.stage import Stage
from bot.triage.take_back import TakeBack
from bot.triage.turns import EMERGENCY, FINISHED, Turn

PERSON_AFTER = 3
"""Replies in a row that cannot be read before the question is left open and a person is offered."""


class Answering:
    """Turns readings into entries."""

    def __init__(self, stage: Stage, take_back: TakeBack) -> None:
        self._stage, self._take_back = stage, take_back

    def entry(self, state: InterviewState, name: str, prompt: Prompt, reading: Reading) -> Entry | None:
        """What an answer changes; None when it says nothing new, so that it counts as not read."""
        kind, _, about = name.partition(":")
        known = fold(state.entries)
        if kind == "group" and reading.mark:
            return Entry(name, groups={about: reading.mark})
        if kind == "sign" and reading.mark:
            return Entry(name, signs={about.split("/")[1]: reading.mark})
        if kind == "which":
            if reading.signs:
                return Entry(name, signs=dict.fromkeys(reading.signs, YES))
            return Entry(name, groups={about: YES_UNNAMED if reading.mark == NOT_SURE else NO})
        if kind == CONFIRM_BACK and reading.mark:
            return Entry(name, groups={CONFIRM_BACK: reading.mark})
        if kind in ("question", "jump"):
            question = about or self._stage.wording.jump.covers[0]
            if reading.not_sure:
                return Entry(name, answers={question: (self._do_not_know(question),)})
            if reading.reopens:
                every = self._stage.agenda.all_options(question)
                return Entry(name, maybe={question: every}) if self._stage.agenda.is_narrowed(known, question) else None
            narrowed = self._narrow(known, reading.maybe)
            if reading.answers or narrowed:
                return Entry(name, answers=reading.answers, maybe=narrowed)
        if kind == "list":
            return self._list_entry(known, name, about, reading)
        return None

    def _list_entry(self, known: Known, name: str, about: str, reading: Reading) -> Entry | None:
        """Ticks, denials, and the rest only where it was said that nothing else is true."""
        answers: dict[str, tuple[str, ...]] = dict(reading.answers)
        maybe: dict[str, tuple[str, ...]] = {}
        for question, options in reading.maybe.items():
            left = tuple(option for option in options if option in known.maybe.get(question, options)) or options
            (answers if len(left) == 1 else maybe)[question] = left
        if reading.rest_absent:
            for question in self._stage.agenda.list_open(known, about):
                if question not in answers and question not in maybe:
                    answers[question] = (self._stage.agenda.absent(known, about, question),)
        entry = Entry(name, answers=answers, maybe=maybe, one_by_one=(about,) if reading.not_sure else ())
        return None if entry.empty else entry

    def _narrow(self, known: Known, maybe: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Options left open that are fewer than before."""
        found = {}
        for question, options in maybe.items():
            before = known.maybe.get(question)
            left = tuple(option for option in options if before is None or option in before)
            if left and left != before:
                found[question] = left
        return found

    def _do_not_know(self, question: str) -> str:
        """The option that says a person does not know."""
        return next(
            option.id for option in self._stage.table.by_id[question].options if option.unknown and option.offered
        )

    def beside(self, state: InterviewState, reading: Reading) -> Entry:
        """What a reply says on other questions. What contradicts an earlier answer opens that question again."""
        known = fold(state.entries)
        answers: dict[str, tuple[str, ...]] = {}
        maybe: dict[str, tuple[str, ...]] = {}
        for question, options in reading.beside.items():
            before = known.answers.get(question)
            if before == options or (before and question == "who"):
                continue
            if before:
                maybe[question] = tuple(dict.fromkeys((*before, *options)))
            else:
                answers[question] = options
        for question, options in self._narrow(known, reading.beside_maybe).items():
            if known.is_open(question):
                maybe[question] = options
        return Entry(START, answers=answers, maybe=maybe)

    def answered(self, state: InterviewState, name: str, entry: Entry, reading: Reading) -> Turn:
        """Go on after an answer."""
        prompts = self._stage.wording.prompts
        kind, _, about = name.partition(":")
        if kind == CONFIRM_BACK:
            return self._take_back.settle(state, entry.groups[CONFIRM_BACK])
        danger = about.split("/")[0] == self._stage.danger.id
        if kind == "which" and danger and not entry.signs:
            if entry.groups[about] == NO:
                return self._take_back.ask(state, (*state.entries, entry))
            return self._stage.emergency(replace(state, entries=(*state.entries, entry)))
        beside = self.beside(state, reading)
        before = fold(state.entries)
        whole = replace(entry, answers={**beside.answers, **entry.answers}, maybe={**beside.maybe, **entry.maybe})
        state = replace(state, entries=(*state.entries, whole), misses=0, asked_why=False)
        say = self._stage.told(beside.answers, before)
        if kind == "group" and entry.groups[about] == NOT_SURE:
            say = (*say, prompts.one_by_one)
        if kind == "group" and entry.groups[about] == YES and not danger:
            say = (*say, prompts.call_today)
        if kind == "list" and entry.one_by_one:
            say = (*say, prompts.one_by_one)
        if reading.reopens and not self._stage.agenda.is_emergency(fold(state.entries)):
            return self._stage.shown(state, name, "asked", (*say, prompts.opened_again))
        return self._stage.go_on(state, "asked", say)

    def unread(self, state: InterviewState, name: str, prompt: Prompt, *, contradicts: bool = False) -> Turn:
        """Once: simpler words with buttons. Twice: one number, please. Three times: left open, a person is offered.

        `contradicts`: the reply gave two answers; that is said instead of "I did not get that".
        """
        kind = name.partition(":")[0]
        if kind == CONFIRM_BACK:
            return self._stage.emergency(replace(state, pending=None), (self._stage.wording.prompts.confirm_back_kept,))
        if state.ended == EMERGENCY:
            return self._stage.again(state, "digression")
        times = state.misses + 1
        lines = self._stage.wording.prompts.not_read
        if kind == CHANGE_WHICH and times < PERSON_AFTER:
            return replace(self._stage.again(replace(state, misses=times), "not_read", (lines[0],)), times=times)
        if times < PERSON_AFTER:
            line = self._stage.wording.prompts.contradicted if contradicts else lines[times - 1]
            event = "contradicted" if contradicts else "not_read"
            turn = self._stage.again(replace(state, misses=times), event, (line,))
            shown = replace(turn.prompt, text=f"{prompt.simpler}\n{prompt.text}", buttons=True) if turn.prompt else None
            return replace(turn, prompt=shown, times=times)
        turn = self.left_open(state, name, lines[PERSON_AFTER - 1])
        return replace(
            turn,
            event=turn.event if turn.event in (EMERGENCY, FINISHED) else "not_read",
            times=times,
            offer_person=True,
        )

    def left_open(self, state: InterviewState, name: str, line: str) -> Turn:
        """Leave a question without an answer and go on. For signs that is "no clear answer", never "no"."""
        kind, _, about = name.partition(":")
        entry = Entry(name)
        if kind == "group":
            entry = Entry(name, groups={about: UNANSWERED})
        elif kind == "sign":
            entry = Entry(name, signs={about.split("/")[1]: UNANSWERED})
        elif kind == "which":
            entry = Entry(name, groups={about: YES_UNNAMED})
        elif kind == "list":
            entry = Entry(name, unknown=self._stage.agenda.list_open(fold(state.entries), about))
        elif kind in ("question", "jump"):
            entry = Entry(name, unknown=(about or self._stage.wording.jump.covers[0],))
        if kind != CHANGE_WHICH:
            state = replace(state, entries=(*state.entries, entry))
        return self._stage.go_on(replace(state, misses=0, asked_why=False), "asked", (line,))
