"""The interview: one question after the other, anything typed as an answer, nothing forgotten.

A pure state machine. It is handed a state and a reply and gives back the next state, what happened, and what to show.
It knows no
dialogue engine, keeps nothing itself, and decides nothing: levels come from the table. Text that may hold a danger sign
is screened
before it comes here; what the screen finds is put in with `record`.
"""

from __future__ import annotations

from dataclasses import replace

from bot.triage.account import Account
from bot.triage.answering import Answering
from bot.triage.commands import Commands
from bot.triage.interview_state import (
    START,
    Chosen,
    Entry,
    InterviewState,
    fold,
)  # fmt: skip
from bot.triage.pausing import Pausing
from bot.triage.prompts import SHALL_WE_GO_ON, Prompt
from bot.triage.reading.opening import OpeningReader
from bot.triage.reading.reader import Reader
from bot.triage.reading.reply import ANSWER, COMMAND, DIGRESSION
from bot.triage.table import load_table
from bot.triage.table_models import TriageTable
from bot.triage.take_back import TakeBack
from bot.triage.turns import EMERGENCY, STOPPED, Turn
from bot.triage.wording import load_wording
from bot.triage.wording_models import Wording


class Interview(Account):
    """Runs interviews on one table in one wording."""

    def __init__(self, table: TriageTable | None = None, wording: Wording | None = None) -> None:
        table = table or load_table()
        super().__init__(table, wording or load_wording(table))
        self._reader = Reader(self._stage.agenda)
        self._opening = OpeningReader(self._stage.agenda, self._reader)
        self._take_back = TakeBack(self._stage)
        self._answering = Answering(self._stage, self._take_back)
        self._pausing = Pausing(self._stage, self._reader)
        self._commands = Commands(self._stage, self._take_back, self._answering, self._reader)

    def start(self, problem: str | None = None, opening_text: str = "", told_before: tuple[Entry, ...] = ()) -> Turn:
        """Begin.

        `problem` is a slug of the walking patterns; what `opening_text` said is read back and not asked again;
        `told_before` are signs noted before the check-in.
        """
        opening = self._opening.read(opening_text)
        problem = problem if problem in self.wording.problems else opening.problem
        implied = self.wording.problems[problem].implies if problem else {}
        maybe = {question: options for question, options in implied.items() if question not in opening.answers}
        for question, options in opening.maybe.items():
            maybe[question] = tuple(option for option in options if option in maybe.get(question, options)) or options
        entry = Entry(START, answers=opening.answers, maybe=maybe)
        state = InterviewState(problem=problem, entries=told_before if entry.empty else (*told_before, entry))
        told = self._stage.told(opening.answers, fold(state.entries))
        turn = self._stage.go_on(state, "asked", told)
        return replace(turn, event="read_back") if told and turn.event == "asked" else turn

    def receive(self, state: InterviewState, text: str) -> Turn:
        """Take one reply. Never raises, whatever the text."""
        name = self._stage.current(state)
        if name is None:
            return self._commands.after_the_end(state, text)
        if name == SHALL_WE_GO_ON:
            state, turn = self._pausing.hear(state, text)
            return turn or self.receive(state, text)
        prompt = self._stage.writer.write(name, state)
        reading = self._reader.read(text, prompt)
        if reading.kind == COMMAND:
            return self._commands.do(state, name, prompt, reading)
        if reading.kind == DIGRESSION:
            return self._stage.again(state, "digression")
        if reading.kind == ANSWER:
            entry = self._answering.entry(state, name, prompt, reading)
            if entry is not None:
                return self._answering.answered(state, name, entry, reading)
        beside = self._answering.beside(state, reading)
        if not beside.empty:
            state = replace(state, entries=(*state.entries, replace(beside, at=name)), misses=0)
            told = self._stage.told(beside.answers, fold(state.entries))
            return self._stage.go_on(state, "asked", told)
        return self._answering.unread(state, name, prompt, contradicts=reading.contradicts)

    def receive_after_pause(self, state: InterviewState, text: str) -> Turn:
        """Take a reply that comes hours after the question; the person is reminded what it was about."""
        return self._pausing.ask(state, text) or self.receive(state, text)

    def prompt(self, state: InterviewState) -> Prompt | None:
        """The question on the screen once more, None when there is none."""
        name = self._stage.current(state)
        return None if name is None else self._stage.present(state, name)[1]

    def record(self, state: InterviewState, update: Chosen) -> Turn:
        """Add options to the answers, such as the sign of a warning category found in a message
        (`answers_for_category`).
        """
        known = fold(state.entries)
        added = {
            question: tuple(dict.fromkeys((*known.answers.get(question, ()), *options)))
            if self.table.by_id[question].choose_many
            else tuple(options)
            for question, options in update.items()
        }
        state = replace(state, entries=(*state.entries, Entry(state.current or START, answers=added)))
        same_day = any(name != self._stage.danger.id and self.table.by_id[name].choose_many for name in update)
        return self._stage.go_on(state, "asked", (self.wording.prompts.call_today,) if same_day else ())

    def go_on(self, state: InterviewState) -> Turn:
        """Take up an interview that was stopped or left."""
        if state.ended == STOPPED:
            return self._stage.go_on(replace(state, ended=None, misses=0), "asked")
        return self._stage.again(state, "asked")

    def asks_to_go_on(self, text: str) -> bool:
        """Whether a message said outside the check-in wants it to go on."""
        reading = self._reader.read(text, Prompt("", None, "ended", "", None, (), ()))
        return reading.kind == COMMAND and reading.command == "go_on"

    def ask_to_take_back(self, state: InterviewState) -> Turn:
        """A new check-in wanted after a danger sign: first the one plain question whether the sign stands."""
        return self._commands.change(state, self._stage.danger.id)

    def remember_taken_back(self, turn: Turn, signs: tuple[str, ...]) -> Turn:
        """A new check-in in which signs taken back in the last one still count (the kept fact of the table)."""
        entries = (*turn.state.entries, self._take_back.entry())
        return replace(turn, state=replace(turn.state, entries=entries, taken_back=signs))

    def forgotten(self, state: InterviewState) -> InterviewState:
        """What stays when the person starts over: a danger sign, and that one was taken back."""
        if state.ended == EMERGENCY:
            return state
        return InterviewState(taken_back=state.taken_back)
