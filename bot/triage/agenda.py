"""What to ask next: only what the table says applies to this person, like things together, danger first.

A prompt has a name, and the names say what kind it is: `group:<question>/<group>`, `sign:<question>/<sign>`,
`which:<question>/<group>`,
`question:<question>`, `list:<list>`, `jump`. Nothing here is worded.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from bot.triage.interview_state import NO, NOT_SURE, UNANSWERED, YES, YES_UNNAMED, Entry, Known, fold
from bot.triage.question_models import NONE_OPTION, Option, Question
from bot.triage.table_models import TriageTable
from bot.triage.values import Line, Readings, read_values, reads_out
from bot.triage.wording_models import Item, Wording

UNNAMED = {"red-flags": "rf-unnamed", "same-day-signs": "sd-unnamed"}
"""The option that stands for a sign a person has said yes to but not named (how_it_works.groups)."""

Told = tuple[tuple[str, tuple[str, ...] | None], ...]
"""Answers as they can be remembered: question and options, None without a usable answer."""

MOST_PROMPTS = 200
"""More prompts than any interview can have; a guard against going around in a circle."""


class Agenda:
    """Works out, from what is known, what holds and what comes next."""

    def __init__(self, table: TriageTable, wording: Wording) -> None:
        self.table = table
        self.wording = wording
        self.sign_questions = tuple(question for question in table.questions if question.choose_many)
        in_lists = {question for checklist in wording.lists.values() for question in checklist.absent}
        self._hanging = tuple(
            question
            for question in table.questions
            if (question.ask_when or question.ask_when_any) and not question.choose_many and question.id not in in_lists
        )
        # Every turn looks ahead to the end, and most looks ask the same of the table again.
        self._read = lru_cache(maxsize=512)(self._read_values)
        self._read_out = lru_cache(maxsize=2048)(self._signs_read_out)

    def _read_values(self, answers: Told, kept: tuple[tuple[str, str], ...]) -> Readings:
        return read_values(self.table, dict(answers), running=True, kept_facts=dict(kept))

    # What is known, in the terms of the table

    def signs_answer(self, known: Known, question: Question) -> tuple[str, ...] | None:
        """The answer to a question about signs so far; None while it is still all "no" but not complete."""
        chosen = list(known.answers.get(question.id, ()))
        chosen += [sign.id for sign in question.signs if known.signs.get(sign.id) == YES]
        if any(known.signs.get(sign.id) == NOT_SURE for sign in question.signs):
            chosen.append("not-sure")
        complete = True
        for group in question.groups:
            mark = known.groups.get(f"{question.id}/{group.id}")
            marks = [known.signs.get(sign.id) for sign in question.group_signs(group.id)]
            if mark in (YES, YES_UNNAMED) and YES not in marks:
                chosen.append(UNNAMED[question.id])
            if mark == UNANSWERED or UNANSWERED in marks:
                chosen.append("unanswered")
            if mark in (None, NOT_SURE) and self.signs_left(known, question, group.id):
                complete = False
        chosen = [option for option in dict.fromkeys(chosen) if option != NONE_OPTION]
        if chosen:
            return tuple(chosen)
        return (NONE_OPTION,) if complete else None

    def answers(self, known: Known) -> dict[str, tuple[str, ...] | None]:
        """Answers as `decide` takes them.

        A question still narrowed to several options has no usable answer yet and is left out.
        """
        found: dict[str, tuple[str, ...] | None] = {}
        for question in self.table.questions:
            if question.choose_many:
                if question.id in known.unknown:
                    found[question.id] = None
                elif (signs := self.signs_answer(known, question)) is not None:
                    found[question.id] = signs
            elif question.id in known.answers:
                found[question.id] = known.answers[question.id]
            elif question.id in known.unknown:
                found[question.id] = None
        return found

    def readings(self, known: Known, *, narrowed: bool = False) -> Readings:
        """Values and level while the interview runs.

        `narrowed`: a question with options left open counts as its worst one.
        """
        answers = self.answers(known)
        if narrowed:
            for question, options in known.maybe.items():
                answers.setdefault(question, options)
        kept = tuple((fact.id, known.answers[fact.id][0]) for fact in self.table.kept_facts if fact.id in known.answers)
        return self._read(tuple(answers.items()), kept)

    def is_emergency(self, known: Known) -> bool:
        """Whether an emergency row matches what was really answered."""
        return self.readings(known).level == self.table.highest_level

    # What comes next

    def danger_is_open(self, known: Known) -> bool:
        """Whether the danger question, which comes before all others, is not done yet."""
        return next(self._signs(known, self.table.danger_question), None) is not None

    def next(self, known: Known, problem: str | None, put: tuple[str, ...] = ()) -> str | None:
        """The name of the next prompt, or None when nothing is left to ask. `put`: the prompts put so far."""
        return next(self._left(known, problem, put), None)

    def still_to_come(self, entries: tuple[Entry, ...], problem: str | None, put: tuple[str, ...] = ()) -> int:
        """How many prompts are left if every answer from here on is the plain one: no sign, none of the list."""
        ahead = entries
        for count in range(MOST_PROMPTS):
            known = fold(ahead)
            name = self.next(known, problem, put)
            if name is None:
                return count
            ahead = (*ahead, self.plain_reply(known, name))
            put = put if name in put else (*put, name)
        return MOST_PROMPTS

    def plain_reply(self, known: Known, name: str) -> Entry:
        """The most ordinary reply to a prompt."""
        kind, _, about = name.partition(":")
        if kind == "group":
            return Entry(name, groups={about: NO})
        if kind == "sign":
            return Entry(name, signs={about.split("/")[1]: NO})
        if kind == "which":
            question, group = about.split("/")
            return Entry(name, signs={self.table.by_id[question].group_signs(group)[0].id: YES})
        if kind == "list":
            return Entry(
                name,
                answers={question: (self.absent(known, about, question),) for question in self.list_open(known, about)},
            )
        if kind == "jump":
            return Entry(
                name,
                answers={self.wording.jump.covers[0]: (self.table.by_id[self.wording.jump.covers[0]].not_asked_as,)},
            )
        return Entry(name, answers={about: (self.options_left(known, about)[0].id,)})

    def _left(self, known: Known, problem: str | None, put: tuple[str, ...]) -> Iterator[str]:
        """Prompts still to come, in order, as far as they are known now."""
        first, *others = self.table.questions
        yield from self._signs(known, first)
        readings = self.readings(known, narrowed=True)
        for question in others:
            if question.choose_many:
                yield from self._signs(known, question, readings)
                break
            if self._to_ask(known, readings, question.id):
                yield f"question:{question.id}"
        plan = self.wording.plans.get(problem or "", self.wording.plans["default"])
        for place, name in enumerate(plan):
            if name in self.wording.lists:
                yield from self._list(known, readings, name, plan[place + 1 :], put)
            elif self._to_ask(known, readings, name):
                yield f"question:{name}"
            yield from self._hanging_on(known, name)
        for question in others:
            if not question.choose_many and self._to_ask(known, readings, question.id):
                together = question.id == self.wording.jump.covers[0]
                yield "jump" if together else f"question:{question.id}"

    def _signs(self, known: Known, question: Question, readings: Readings | None = None) -> Iterator[str]:
        """The groups of signs, then the single signs of a group the person is not sure of."""
        if question.id in known.unknown or (
            readings and readings.lines[question.id] in (Line.NOT_PUT, Line.DOES_NOT_APPLY)
        ):
            return
        for group in question.groups:
            name = f"{question.id}/{group.id}"
            mark = known.groups.get(name)
            left = self.signs_left(known, question, group.id)
            if mark is None and len(left) == 1 and len(self.read_out(known, question, group.id)) == 1:
                yield f"sign:{question.id}/{left[0].id}"
            elif mark is None and left:
                yield f"group:{name}"
            elif mark == NOT_SURE and left:
                yield f"sign:{question.id}/{left[0].id}"
            elif mark == YES and not any(known.signs.get(sign.id) for sign in question.group_signs(group.id)):
                yield f"which:{name}"

    def _list(
        self, known: Known, readings: Readings, name: str, later: tuple[str, ...], put: tuple[str, ...]
    ) -> Iterator[str]:
        """A list while two or more of its questions are open, the last one on its own.

        A list of details asks them one by one while there is room for that, as a list when there is not, and leaves
        them to a later list that covers them when there is no room at all.
        """
        checklist = self.wording.lists[name]
        for question, without in checklist.needs.items():
            value = readings.values[question]
            if readings.lines[question] not in (Line.ANSWERED, Line.UNKNOWN) or without in value:
                return
        left = self.list_open(known, name, readings)
        loose = [question for question in checklist.absent if self._is_loose(known, readings, question, left)]
        room = 0
        if checklist.details:
            # What has been put and is open still, after a stop or a step back, needs no room of its own.
            own = {f"list:{name}", *(f"question:{question}{mark}" for question in left for mark in ("", "?"))}
            room = self._room(known, readings, later, tuple(other for other in put if other not in own))
            if not checklist.last and room < 1:
                return
        for question in loose:
            yield f"question:{question}"
        single = len(left) == 1 or (checklist.details and len(left) <= room)
        if name in known.one_by_one or single:
            for question in left:
                yield f"question:{question}"
        elif left:
            yield f"list:{name}"

    def _room(self, known: Known, readings: Readings, later: tuple[str, ...], put: tuple[str, ...]) -> int:
        """How many more prompts may come here, so that with all that must still come the promise is kept."""
        to_come = 1 if self._may_jump(known) else 0
        for name in later:
            checklist = self.wording.lists.get(name)
            if checklist is None:
                to_come += self._to_ask(known, readings, name)
            elif self.list_open(known, name, readings) or (checklist.last and any(
                other in self.wording.lists and self.list_open(known, other, readings) for other in later
            )):  # fmt: skip
                to_come += 1
        return self.wording.most_questions - len(put) - to_come

    def _may_jump(self, known: Known) -> bool:
        """Whether nothing said so far closes the jumping gate, so that its question may still come."""
        gate = self.table.jumping_gate.all_of
        if any(fact.id in known.answers for fact in self.table.kept_facts):
            return False
        answers = self.answers(known)
        for question in self.table.questions:
            if question.ask_when_gate:
                return answers.get(question.id, ()) == ()
            options = known.maybe.get(question.id) or answers.get(question.id, gate[question.id])
            if options is None or not set(options) & set(gate[question.id]):
                return False
        return False

    def _is_loose(self, known: Known, readings: Readings, question: str, left: tuple[str, ...]) -> bool:
        """Whether several options of a question are open and no list, this one or a later one, can settle them."""
        if question not in known.maybe or question in left or not self._to_ask(known, readings, question):
            return False
        return not any(
            question in checklist.absent and name not in known.one_by_one and self._can_settle(known, name, question)
            for name, checklist in self.wording.lists.items()
        )

    def _hanging_on(self, known: Known, name: str) -> Iterator[str]:
        """Questions that hang on those just asked and that no list asks about."""
        asked = self.wording.lists[name].absent if name in self.wording.lists else (name,)
        for child in self._hanging:
            hangs_on = {*child.ask_when, *child.ask_when_any}
            if hangs_on & set(asked) and self._to_ask(known, self.readings(known), child.id):
                yield f"question:{child.id}"

    def _to_ask(self, known: Known, readings: Readings, question: str) -> bool:
        """Whether the table puts the question to this person and it has no answer yet."""
        if not known.is_open(question):
            return False
        return question in known.maybe or readings.lines[question] in (Line.NOT_REACHED, Line.UNKNOWN)

    def can_ask(self, known: Known, question: str) -> bool:
        """Whether the table puts a question to this person and it is open."""
        return self._to_ask(known, self.readings(known, narrowed=True), question)

    def is_name(self, known: Known, name: str) -> bool:
        """Whether a name is that of a prompt that can be put, so that a spoiled memory cannot stop an interview."""
        kind, _, about = name.partition(":")
        question_id, _, part = about.partition("/")
        question = self.table.by_id.get(question_id)
        if kind in ("group", "which"):
            return about in self.wording.groups and (
                kind == "which" or bool(self.signs_left(known, self.table.by_id[question_id], part))
            )
        if kind == "sign":
            return question is not None and question.choose_many and part in question.by_id
        if kind == "question":
            return question is not None and not question.choose_many
        if kind == "list":
            return about in self.wording.lists and bool(self.list_open(known, about))
        return name == "jump"

    # What a prompt is about

    def read_out(self, known: Known, question: Question, group: str) -> tuple[Option, ...]:
        """The signs of a group that are read out to this person."""
        choices = {
            name: options
            for name, options in known.answers.items()
            if name in self.table.by_id and not self.table.by_id[name].choose_many
        }
        told = {**choices, **dict.fromkeys(sorted(known.unknown))}
        return self._read_out(tuple(told.items()), question.id, group)

    def _signs_read_out(self, told: Told, question_id: str, group: str) -> tuple[Option, ...]:
        values, question = self._read(told, ()).values, self.table.by_id[question_id]
        return tuple(sign for sign in question.group_signs(group) if reads_out(values, question, sign.id))

    def signs_left(self, known: Known, question: Question, group: str) -> tuple[Option, ...]:
        """The signs of a group that are read out and have no mark yet."""
        return tuple(sign for sign in self.read_out(known, question, group) if sign.id not in known.signs)

    def list_open(self, known: Known, name: str, readings: Readings | None = None) -> tuple[str, ...]:
        """The questions of a list that can be asked and that it can settle, in its order."""
        readings = readings or self.readings(known, narrowed=True)
        return tuple(
            question
            for question in self.wording.lists[name].absent
            if known.is_open(question)
            and (question not in known.maybe or self._can_settle(known, name, question))
            and (self._to_ask(known, readings, question) or question in known.maybe)
        )

    def _can_settle(self, known: Known, name: str, question: str) -> bool:
        """Whether what the list makes of silence is one of the options left open, so that it has something to add."""
        left = set(known.maybe.get(question, self.all_options(question)))
        return len(left & set(self.wording.lists[name].absent[question])) == 1

    def list_items(self, known: Known, name: str) -> tuple[Item, ...]:
        """The items of a list that are still open, with at least one option that has not been ruled out."""
        left = self.list_open(known, name)
        return tuple(
            item
            for item in self.wording.lists[name].items
            if item.question in left
            and set(item.ticks[item.question]) & set(known.maybe.get(item.question, item.ticks[item.question]))
        )

    def absent(self, known: Known, name: str, question: str) -> str:
        """What a question's answer is when none of the list's items is true."""
        options = self.wording.lists[name].absent[question]
        return next((option for option in options if option in known.maybe.get(question, options)), options[0])

    def is_narrowed(self, known: Known, question: str) -> bool:
        """Whether some options of a question, but not all, are still open."""
        return question in known.maybe and not set(self.all_options(question)) <= set(known.maybe[question])

    def all_options(self, question: str) -> tuple[str, ...]:
        """The options that can be chosen, other than that a person does not know."""
        return tuple(
            option.id for option in self.table.by_id[question].options if option.offered and not option.unknown
        )

    def options_left(self, known: Known, question: str) -> tuple[Option, ...]:
        """The options a person may choose: those still open, and that they do not know."""
        offered = [option for option in self.table.by_id[question].options if option.offered]
        if question in known.maybe:
            offered = [option for option in offered if option.unknown or option.id in known.maybe[question]]
        return tuple(offered)
