"""The interview: one question after the other, anything typed as an answer, nothing forgotten.

A pure state machine. It is handed a state and a reply and gives back the next state, what happened, and what to show.
It knows no
dialogue engine, keeps nothing itself, and decides nothing: levels come from the table. Text that may hold a danger sign
is screened
before it comes here; what the screen finds is put in with `record`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.triage.agenda import Agenda
from bot.triage.decide import Result, decide
from bot.triage.interview_state import (
    NO,
    NOT_SURE,
    START,
    UNANSWERED,
    YES,
    YES_UNNAMED,
    Chosen,
    Entry,
    InterviewState,
    Known,
    fold,
)
from bot.triage.opening import OpeningReader
from bot.triage.prompts import CHANGE_WHICH, CONFIRM_BACK, Prompt, PromptWriter, said
from bot.triage.reading import ANSWER, COMMAND, DIGRESSION, Reader, Reading
from bot.triage.table import NONE_OPTION, TriageTable, load_table
from bot.triage.wording import Wording, load_wording

FINISHED, STOPPED, EMERGENCY = "finished", "stopped", "emergency"
"""How an interview ends."""

TAKEN_BACK_FACT = "danger-taken-back"
"""The kept fact of the table that a danger sign was reported and taken back."""

PERSON_AFTER = 3
"""Replies in a row that cannot be read before the question is left open and a person is offered."""


@dataclass(frozen=True)
class Turn:
    """What follows from a reply.

    `event`: "asked", "explained", "not_read" (with `times`), "confirm_back", "went_back", "read_back", "stopped",
    "finished", "emergency",
    "digression" or "person_asked". `prompt`: the question to show next, None when there is none. `say`: lines to show
    before it.
    `offer_person`: a way to reach a person belongs beside it.
    """

    state: InterviewState
    event: str
    prompt: Prompt | None = None
    say: tuple[str, ...] = ()
    times: int = 0
    offer_person: bool = False


@dataclass(frozen=True)
class Fact:
    """One answer as it is said back. `known` is False for a question without a usable answer."""

    question: str
    options: tuple[str, ...]
    text: str
    known: bool


class Interview:
    """Runs interviews on one table in one wording."""

    def __init__(self, table: TriageTable | None = None, wording: Wording | None = None) -> None:
        self.table = table or load_table()
        self.wording = wording or load_wording(self.table)
        self._agenda = Agenda(self.table, self.wording)
        self._writer = PromptWriter(self._agenda)
        self._reader = Reader(self._agenda)
        self._opening = OpeningReader(self._agenda, self._reader)
        self._danger = self.table.danger_question

    # The way through

    def start(self, problem: str | None = None, opening_text: str = "") -> Turn:
        """Begin.

        `problem` is a slug of the walking patterns; what `opening_text` said is read back and not asked again.
        """
        opening = self._opening.read(opening_text)
        problem = problem if problem in self.wording.problems else opening.problem
        implied = self.wording.problems[problem].implies if problem else {}
        maybe = {question: options for question, options in implied.items() if question not in opening.answers}
        for question, options in opening.maybe.items():
            maybe[question] = tuple(option for option in options if option in maybe.get(question, options)) or options
        entry = Entry(START, answers=opening.answers, maybe=maybe)
        state = InterviewState(problem=problem, entries=() if entry.empty else (entry,))
        told = self._told(opening.answers, fold(state.entries))
        turn = self._go_on(state, "asked", told)
        return replace(turn, event="read_back") if told and turn.event == "asked" else turn

    def receive(self, state: InterviewState, text: str) -> Turn:
        """Take one reply. Never raises, whatever the text."""
        name = self._current(state)
        if name is None:
            return self._after_the_end(state, text)
        prompt = self._writer.write(name, state)
        reading = self._reader.read(text, prompt)
        if reading.kind == COMMAND:
            return self._command(state, name, prompt, reading)
        if reading.kind == DIGRESSION:
            return self._again(state, "digression")
        if reading.kind == ANSWER:
            entry = self._entry(state, name, prompt, reading)
            if entry is not None:
                return self._answered(state, name, entry, reading)
        beside = self._beside(state, reading)
        if not beside.empty:
            state = replace(state, entries=(*state.entries, replace(beside, at=name)), misses=0)
            told = self._told(beside.answers, fold(state.entries))
            return self._go_on(state, "asked", told)
        return self._unread(state, name, prompt)

    def prompt(self, state: InterviewState) -> Prompt | None:
        """The question on the screen once more, None when there is none."""
        name = self._current(state)
        return None if name is None else self._present(state, name)[1]

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
        same_day = any(name != self._danger.id and self.table.by_id[name].choose_many for name in update)
        return self._go_on(state, "asked", (self.wording.prompts.call_today,) if same_day else ())

    def go_on(self, state: InterviewState) -> Turn:
        """Take up an interview that was stopped or left."""
        if state.ended == STOPPED:
            return self._go_on(replace(state, ended=None, misses=0), "asked")
        return self._again(state, "asked")

    def steps_to_omit(self, state: InterviewState) -> tuple[str, ...]:
        """Steps that a danger sign would forbid which may be meant: its group was answered yes, no sign named yet."""
        known = fold(state.entries)
        forbidden = self.table.outcomes[self.table.highest_level].omit_for
        return tuple(
            step
            for group in self._danger.groups
            if known.groups.get(f"{self._danger.id}/{group.id}") in (YES, YES_UNNAMED)
            and not any(known.signs.get(sign.id) == YES for sign in self._danger.group_signs(group.id))
            for sign in self._danger.group_signs(group.id)
            for step in forbidden.get(sign.id, ())
        )

    def asks_to_go_on(self, text: str) -> bool:
        """Whether a message said outside the check-in wants it to go on."""
        reading = self._reader.read(text, Prompt("", None, "ended", "", None, (), ()))
        return reading.kind == COMMAND and reading.command == "go_on"

    def ask_to_take_back(self, state: InterviewState) -> Turn:
        """A new check-in wanted after a danger sign: first the one plain question whether the sign stands."""
        return self._change(state, self._danger.id)

    def remember_taken_back(self, turn: Turn, signs: tuple[str, ...]) -> Turn:
        """A new check-in in which signs taken back in the last one still count (the kept fact of the table)."""
        entries = (*turn.state.entries, self._taken_back_entry())
        return replace(turn, state=replace(turn.state, entries=entries, taken_back=signs))

    def _taken_back_entry(self) -> Entry:
        """The kept fact as an entry, so that what comes next is asked with it in mind. No step back takes it off."""
        fact = self.table.fact_by_id[TAKEN_BACK_FACT]
        return Entry(START, answers={fact.id: (max(fact.options, key=lambda option: option.rank).id,)})

    def forgotten(self, state: InterviewState) -> InterviewState:
        """What stays when the person starts over: a danger sign, and that one was taken back."""
        if state.ended == EMERGENCY:
            return state
        return InterviewState(taken_back=state.taken_back)

    # What can be asked of a state

    def answers(self, state: InterviewState) -> dict[str, Any]:
        """Answers as `decide` takes them, as plain lists; None for a question put without a usable answer."""
        known = fold(state.entries)
        found: dict[str, Any] = {
            question: None if options is None else list(options)
            for question, options in self._agenda.answers(known).items()
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
        helper = self._writer.helper(known)
        found = []
        for question, options in self._agenda.answers(known).items():
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
        return self._writer.helper(fold(state.entries))

    def was_telling(self, state: InterviewState) -> str:
        """ "You were telling me about …, go on?" after a pause."""
        helper = self.speaks_to_helper(state)
        subject = self._writer.subject(self._current(state) or "", helper, state.problem)
        return self.wording.prompts.was_telling.format(subject=subject)

    # Answers

    def _entry(self, state: InterviewState, name: str, prompt: Prompt, reading: Reading) -> Entry | None:
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
            question = about or self.wording.jump.covers[0]
            if reading.not_sure:
                return Entry(name, answers={question: (self._do_not_know(question),)})
            if reading.reopens:
                every = self._agenda.all_options(question)
                return Entry(name, maybe={question: every}) if self._agenda.is_narrowed(known, question) else None
            narrowed = self._narrow(known, reading.maybe)
            if reading.answers or narrowed:
                return Entry(name, answers=reading.answers, maybe=narrowed)
        if kind == "list":
            return self._list_entry(known, name, about, reading)
        return None

    def _list_entry(self, known: Known, name: str, about: str, reading: Reading) -> Entry | None:
        """Ticks, denials, and the rest only where it was said that nothing else is true."""
        answers: dict[str, tuple[str, ...]] = dict(reading.answers)
        maybe = {
            question: tuple(option for option in options if option in known.maybe.get(question, options)) or options
            for question, options in reading.maybe.items()
        }
        if reading.rest_absent:
            for question in self._agenda.list_open(known, about):
                if question not in answers and question not in maybe:
                    answers[question] = (self._agenda.absent(known, about, question),)
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
        return next(option.id for option in self.table.by_id[question].options if option.unknown and option.offered)

    def _beside(self, state: InterviewState, reading: Reading) -> Entry:
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

    def _answered(self, state: InterviewState, name: str, entry: Entry, reading: Reading) -> Turn:
        """Go on after an answer."""
        prompts = self.wording.prompts
        kind, _, about = name.partition(":")
        if kind == CONFIRM_BACK:
            return self._confirmed(state, entry.groups[CONFIRM_BACK])
        danger = about.split("/")[0] == self._danger.id
        if kind == "which" and danger and not entry.signs:
            if entry.groups[about] == NO:
                return self._confirm(state, (*state.entries, entry))
            return self._emergency(replace(state, entries=(*state.entries, entry)))
        beside = self._beside(state, reading)
        before = fold(state.entries)
        whole = replace(entry, answers={**beside.answers, **entry.answers}, maybe={**beside.maybe, **entry.maybe})
        state = replace(state, entries=(*state.entries, whole), misses=0, asked_why=False)
        say = self._told(beside.answers, before)
        if kind == "group" and entry.groups[about] == NOT_SURE:
            say = (*say, prompts.one_by_one)
        if kind == "group" and entry.groups[about] == YES and not danger:
            say = (*say, prompts.call_today)
        if kind == "list" and entry.one_by_one:
            say = (*say, prompts.one_by_one)
        if reading.reopens and not self._agenda.is_emergency(fold(state.entries)):
            return self._shown(state, name, "asked", (*say, prompts.opened_again))
        return self._go_on(state, "asked", say)

    def _unread(self, state: InterviewState, name: str, prompt: Prompt) -> Turn:
        """Once: simpler words with buttons. Twice: one number, please. Three times: left open, a person is offered."""
        kind = name.partition(":")[0]
        if kind == CONFIRM_BACK:
            return self._emergency(replace(state, pending=None), (self.wording.prompts.confirm_back_kept,))
        if state.ended == EMERGENCY:
            return self._again(state, "digression")
        times = state.misses + 1
        lines = self.wording.prompts.not_read
        if kind == CHANGE_WHICH and times < PERSON_AFTER:
            return replace(self._again(replace(state, misses=times), "not_read", (lines[0],)), times=times)
        if times < PERSON_AFTER:
            turn = self._again(replace(state, misses=times), "not_read", (lines[times - 1],))
            shown = replace(turn.prompt, text=f"{prompt.simpler}\n{prompt.text}", buttons=True) if turn.prompt else None
            return replace(turn, prompt=shown, times=times)
        turn = self._left_open(state, name, lines[PERSON_AFTER - 1])
        event = turn.event if turn.event in (EMERGENCY, FINISHED) else "not_read"
        return replace(turn, event=event, times=times, offer_person=True)

    def _left_open(self, state: InterviewState, name: str, line: str) -> Turn:
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
            entry = Entry(name, unknown=self._agenda.list_open(fold(state.entries), about))
        elif kind in ("question", "jump"):
            entry = Entry(name, unknown=(about or self.wording.jump.covers[0],))
        if kind != CHANGE_WHICH:
            state = replace(state, entries=(*state.entries, entry))
        return self._go_on(replace(state, misses=0, asked_why=False), "asked", (line,))

    # Commands

    def _command(self, state: InterviewState, name: str, prompt: Prompt, reading: Reading) -> Turn:
        """Do what is asked; the question stays."""
        prompts = self.wording.prompts
        kind, _, about = name.partition(":")
        if reading.command == "explain":
            line = prompts.explained_example.format(simpler=prompt.simpler, example=prompt.example)
            return self._again(state, "explained", (line,) if prompt.example else ())
        if reading.command == "person":
            return replace(self._again(state, "person_asked"), offer_person=True)
        if reading.command == "go_on":
            return self._again(state, "asked")
        if reading.command in ("back", "other_one"):
            return self._back(state)
        if reading.command == "change":
            return self._change(state, reading.about)
        if reading.command == "stop":
            if state.ended == EMERGENCY:
                return self._emergency(replace(state, pending=None), name_sign=False)
            return Turn(replace(state, ended=STOPPED, misses=0), "stopped", None, (prompts.stopped,))
        if kind == CONFIRM_BACK:
            return self._emergency(replace(state, pending=None), (prompts.confirm_back_kept,))
        if state.ended == EMERGENCY:
            return self._emergency(state, name_sign=False)
        if kind in ("group", "sign") and about.split("/")[0] == self._danger.id and not state.asked_why:
            return self._again(replace(state, asked_why=True), "asked", (prompts.why_danger,))
        return self._left_open(state, name, prompts.skipped)

    def _back(self, state: InterviewState) -> Turn:
        """Take the last reply off and ask again."""
        places = [place for place, entry in enumerate(state.entries) if entry.at != START]
        prompts = self.wording.prompts
        if not places:
            return self._again(state, "went_back", (prompts.nothing_before,))
        entries = state.entries[: places[-1]]
        if self._takes_back(state.entries, entries):
            return self._confirm(state, entries)
        state = replace(state, entries=entries, ended=None, pending=None, misses=0, asked_why=False)
        return self._go_on(state, "went_back", (prompts.went_back,))

    def _change(self, state: InterviewState, about: str | None) -> Turn:
        """Ask one question again, or first which one."""
        prompts = self.wording.prompts
        if about is None:
            state = replace(
                state, current=CHANGE_WHICH, ended=None if state.ended != EMERGENCY else state.ended, misses=0
            )
            return self._shown(state, CHANGE_WHICH, "asked")
        question = self.table.by_id[about]
        own_signs = tuple(sign.id for sign in question.signs)
        left = (entry.without(about, own_signs) for entry in state.entries)
        entries = tuple(entry for entry in left if not entry.empty)
        if self._takes_back(state.entries, entries):
            return self._confirm(state, entries)
        known = fold(entries)
        if self._agenda.is_emergency(known):
            return self._emergency(replace(state, pending=None))
        state = replace(state, entries=entries, ended=None, pending=None, misses=0, asked_why=False)
        if self._agenda.danger_is_open(known) and question is not self._danger:
            return self._go_on(state, "went_back", (prompts.changed_later,))
        if question.choose_many or not self._agenda.can_ask(known, about):
            return self._go_on(state, "went_back", (prompts.changed,))
        return self._shown(state, f"question:{about}", "went_back", (prompts.changed,))

    def _takes_back(self, before: Iterable[Entry], after: Iterable[Entry]) -> bool:
        """Whether a change would undo an emergency."""
        return self._agenda.is_emergency(fold(before)) and not self._agenda.is_emergency(fold(after))

    def _confirm(self, state: InterviewState, entries: tuple[Entry, ...]) -> Turn:
        """Ask the one plain question before a danger sign is taken back (how_it_works.take_back)."""
        state = replace(state, pending=entries, current=CONFIRM_BACK, misses=0)
        return self._shown(state, CONFIRM_BACK, "confirm_back")

    def _confirmed(self, state: InterviewState, mark: str) -> Turn:
        """A clear no takes the sign back and the interview goes on; anything else leaves it as it was."""
        if mark != NO or state.pending is None:
            return self._emergency(replace(state, pending=None), (self.wording.prompts.confirm_back_kept,))
        signs = [
            option
            for option in self._agenda.answers(fold(state.entries)).get(self._danger.id) or ()
            if option != NONE_OPTION
        ]
        taken_back = tuple(dict.fromkeys((*state.taken_back, *(signs or (TAKEN_BACK_FACT,)))))
        state = replace(
            state,
            entries=(*state.pending, self._taken_back_entry()),
            pending=None,
            taken_back=taken_back,
            ended=None,
            current=None,
        )
        return self._go_on(state, "asked")

    def _after_the_end(self, state: InterviewState, text: str) -> Turn:
        """A reply when nothing is being asked: go back, change, go on; the rest is for the caller."""
        nothing = Prompt("", None, "ended", "", None, (), ())
        reading = self._reader.read(text, nothing)
        if reading.kind == COMMAND:
            if reading.command in ("back", "other_one"):
                return self._back(state)
            if reading.command == "change":
                return self._change(state, reading.about)
            if reading.command == "go_on" and state.ended == STOPPED:
                return self.go_on(state)
            if reading.command == "person":
                return Turn(state, "person_asked", offer_person=True)
        return Turn(state, "digression")

    # Showing

    def _current(self, state: InterviewState) -> str | None:
        """The prompt on the screen. A state that names none, or one that cannot be shown, gets the one that is due."""
        if state.ended in (FINISHED, STOPPED):
            return CHANGE_WHICH if state.current == CHANGE_WHICH else None
        if state.current and self._is_prompt(state, state.current):
            return state.current
        return None if state.ended else self._agenda.next(fold(state.entries), state.problem)

    def _is_prompt(self, state: InterviewState, name: str) -> bool:
        """Whether a remembered name is one of a prompt that can be written."""
        if name == CONFIRM_BACK:
            return state.pending is not None
        return name == CHANGE_WHICH or self._agenda.is_name(fold(state.entries), name)

    def _go_on(self, state: InterviewState, event: str, say: tuple[str, ...] = ()) -> Turn:
        """The emergency if there is one, else the next prompt, else the end."""
        known = fold(state.entries)
        if self._agenda.is_emergency(known):
            return self._emergency(state, say)
        name = self._agenda.next(known, state.problem)
        if name is None:
            return Turn(replace(state, current=None, ended=FINISHED, misses=0), FINISHED, None, say)
        return self._shown(replace(state, ended=None), name, event, say)

    def _emergency(self, state: InterviewState, say: tuple[str, ...] = (), *, name_sign: bool = True) -> Turn:
        """Stop at once. A danger sign not named yet may be named afterwards."""
        known = fold(state.entries)
        unnamed = [
            group.id
            for group in self._danger.groups
            if known.groups.get(f"{self._danger.id}/{group.id}") == YES
            and not any(known.signs.get(sign.id) for sign in self._danger.group_signs(group.id))
        ]
        state = replace(state, ended=EMERGENCY, current=None, misses=0, asked_why=False)
        if not unnamed or not name_sign:
            return Turn(state, EMERGENCY, None, say)
        return self._shown(state, f"which:{self._danger.id}/{unnamed[0]}", EMERGENCY, say)

    def _again(self, state: InterviewState, event: str, say: tuple[str, ...] = ()) -> Turn:
        """The same prompt once more."""
        name = self._current(state)
        if name is None:
            return Turn(state, event, None, say)
        return self._shown(state, name, event, say)

    def _shown(self, state: InterviewState, name: str, event: str, say: tuple[str, ...] = ()) -> Turn:
        state, prompt = self._present(replace(state, current=name), name)
        return Turn(state, event, prompt, say)

    def _present(self, state: InterviewState, name: str) -> tuple[InterviewState, Prompt]:
        """Write a prompt and count it. The number never falls, nor does the share of the whole that is done."""
        prompt = self._writer.write(name, state)
        if prompt.kind in (CONFIRM_BACK, CHANGE_WHICH) or state.ended:
            return state, prompt
        known = fold(state.entries)
        put = f"{name}#{sum(entry.at == name for entry in state.entries)}" if prompt.kind == "list" else name
        if prompt.kind == "question" and prompt.question in known.maybe:
            put = f"{name}?"
        if put not in state.put:
            state = replace(state, put=(*state.put, put))
        number = len(state.put)
        total = number - 1 + self._agenda.still_to_come(state.entries, state.problem)
        before_number, before_total = state.shown
        if before_number and number * before_total < before_number * total:
            total = number * before_total // before_number
        total = max(total, number)
        if number == before_number:
            total = before_total
        state = replace(state, shown=(number, total))
        progress = self.wording.prompts.progress.format(number=number, total=total)
        return state, replace(prompt, number=number, total=total, progress=progress)

    def _told(self, answers: Chosen, known: Known) -> tuple[str, ...]:
        """ "You told me …" for answers that were not asked for."""
        if not answers:
            return ()
        helper = self._writer.helper(known)
        texts = [
            said(self.table.by_id[question].by_id[option], helper)
            for question, options in answers.items()
            for option in options
        ]
        prompts = self.wording.prompts
        return (prompts.told_me.format(facts=prompts.told_me_join.join(texts)), prompts.told_me_fix)
