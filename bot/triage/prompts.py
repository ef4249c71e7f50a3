"""The questions as the person sees them: words, numbered options, what each is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.triage.agenda import Agenda
from bot.triage.interview_state import InterviewState, Known, fold
from bot.triage.question_models import NONE_OPTION, Group, Option, Question
from bot.triage.ticks import noted
from bot.triage.wording_models import Detail

HELPER_WHO = ("someone-i-help", "child", "baby")
"""Values of `who` that mean somebody else is asking for the person."""

YES_ID, NO_ID, NOT_SURE_ID, NONE_ID = "yes", "no", "not-sure", "none"
"""Ids of the options that are not options of the table."""

CONFIRM_BACK, CHANGE_WHICH, SHALL_WE_GO_ON = "confirm-back", "change-which", "shall-we-go-on"
"""Names of the prompts that are not questions of the table."""

_TO_HELPER = {"you": "they", "your": "their", "yours": "theirs", "yourself": "themselves"}


@dataclass(frozen=True)
class PromptOption:
    """One answer that can be tapped, or sent as its number."""

    id: str
    label: str


@dataclass(frozen=True)
class Prompt:
    """One question on the screen.

    `id`: its name, with the kind before the colon. `question`: the question of the table it belongs to. `kind`:
    "group", "sign", "which",
    "question", "list", "jump", "confirm-back" or "change-which". `several`: more than one option may be chosen.
    `covers`: the
    "question/option" ids it asks about. `number` and `total` count the questions; `progress` says them in words, empty
    where a prompt is
    not counted. `say`: lines that come before the question. `buttons`: the options should be shown as large buttons.
    `again`: a list of which something has been picked already.
    """

    id: str
    question: str | None
    kind: str
    text: str
    help: str | None
    options: tuple[PromptOption, ...]
    covers: tuple[str, ...]
    several: bool = False
    number: int = 0
    total: int = 0
    progress: str = ""
    say: tuple[str, ...] = ()
    simpler: str = ""
    example: str = ""
    buttons: bool = False
    again: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, for the metadata of a message."""
        return {
            "id": self.id,
            "question": self.question,
            "kind": self.kind,
            "text": self.text,
            "help": self.help,
            "options": [{"id": option.id, "label": option.label} for option in self.options],
            "covers": list(self.covers),
            "several": self.several,
            "progress": self.progress,
            "buttons": self.buttons,
        }


def for_helper(text: str) -> str:
    """ "you" and "your" said about another person: the table's rule for `said`."""
    return re.sub(r"\b(you|your|yours|yourself)\b", lambda found: _TO_HELPER[found.group(0)], text)


def said(option: Option, helper: bool) -> str:
    """A chosen option in the words in which it is said back."""
    if not helper:
        return option.said
    return option.said_helper or for_helper(option.said)


class PromptWriter:
    """Words every prompt for the person who is asked."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._table = agenda.table
        self._wording = agenda.wording

    def helper(self, known: Known) -> bool:
        """Whether somebody else answers for the person; also while it is only open which of them it is."""
        options = known.answers.get("who") or known.maybe.get("who") or ()
        return bool(options) and set(options) <= set(HELPER_WHO)

    def write(self, name: str, state: InterviewState) -> Prompt:
        """The prompt of this name as it stands now, without a counter."""
        known = fold(state.entries)
        kind, _, about = name.partition(":")
        if kind == "group":
            return self._group(name, about, known)
        if kind == "sign":
            return self._sign(name, about, known)
        if kind == "which":
            return self._which(name, about, known)
        if kind == "list":
            return self._list(name, about, known, state)
        if kind == "jump":
            return self._jump(known)
        if kind == CONFIRM_BACK:
            return self._confirm_back(state)
        if kind == CHANGE_WHICH:
            return Prompt(CHANGE_WHICH, None, CHANGE_WHICH, self._wording.prompts.change_which, None, (), ())
        if kind == SHALL_WE_GO_ON:
            return self._shall_we_go_on(known, state)
        return self._question(name, about, known)

    def _shall_we_go_on(self, known: Known, state: InterviewState) -> Prompt:
        prompts = self._wording.prompts
        return Prompt(
            id=SHALL_WE_GO_ON,
            question=None,
            kind=SHALL_WE_GO_ON,
            text=self.was_telling(known, state),
            help=None,
            options=(PromptOption(YES_ID, prompts.yes), PromptOption(NO_ID, prompts.was_telling_no)),
            covers=(),
            simpler=prompts.was_telling_simpler,
        )

    def was_telling(self, known: Known, state: InterviewState) -> str:
        """ "You were telling me about …, go on?" after a pause."""
        name = state.before_pause if state.current == SHALL_WE_GO_ON else state.current
        subject = self.subject(name or "", self.helper(known), state.problem)
        return self._wording.prompts.was_telling.format(subject=subject)

    def subject(self, name: str, helper: bool, problem: str | None) -> str:
        """What a prompt is about, in a few words: "the knee"."""
        kind, _, about = name.partition(":")
        walking = self._wording.problems.get(problem or "")
        if kind in ("group", "which"):
            return self._wording.groups[about].subject
        if kind == "sign":
            question, sign = about.split("/")
            return self._wording.groups[f"{question}/{self._table.by_id[question].by_id[sign].group}"].subject
        if kind == "question":
            subject = self._wording.questions[about].subject
            return for_helper(subject) if helper else subject
        walking = walking or next(iter(self._wording.problems.values()))
        return walking.subject_helper if helper else walking.subject

    def _yes_no(self) -> tuple[PromptOption, ...]:
        prompts = self._wording.prompts
        return (
            PromptOption(YES_ID, prompts.yes),
            PromptOption(NO_ID, prompts.no),
            PromptOption(NOT_SURE_ID, prompts.not_sure),
        )

    def _group(self, name: str, about: str, known: Known) -> Prompt:
        question_id, group_id = about.split("/")
        question = self._table.by_id[question_id]
        group = next(group for group in question.groups if group.id == group_id)
        signs = self._agenda.signs_left(known, question, group_id)
        first = question.text if group is question.groups[0] and question is self._table.danger_question else None
        return Prompt(
            id=name,
            question=question_id,
            kind="group",
            text=self._group_text(known, question, group),
            help=None,
            options=self._yes_no(),
            covers=tuple(f"{question_id}/{sign.id}" for sign in signs),
            say=tuple(filter(None, (first, self._wording.groups[about].kindly))),
            simpler=self._wording.group_simpler[question_id],
            example=self._wording.group_example[question_id],
        )

    def _group_text(self, known: Known, question: Question, group: Group) -> str:
        """The signs of a group, without those that cannot apply to this person."""
        wording = self._wording.groups[f"{question.id}/{group.id}"]
        text = (self.helper(known) and wording.text_helper) or group.text
        asked = {sign.id for sign in self._agenda.read_out(known, question, group.id)}
        for sign, words in wording.left_out.items():
            if sign not in asked:
                text = text.replace(f" {words}", "")
        return text

    def _sign(self, name: str, about: str, known: Known) -> Prompt:
        question_id, sign_id = about.split("/")
        sign = self._table.by_id[question_id].by_id[sign_id]
        wording = self._wording.signs.get(sign_id)
        helper_ask = wording.ask_helper if wording and self.helper(known) else None
        return Prompt(
            id=name,
            question=question_id,
            kind="sign",
            text=helper_ask or sign.ask or sign.text,
            help=None,
            options=self._yes_no(),
            covers=(f"{question_id}/{sign_id}",),
            simpler=self._wording.sign_simpler,
            example=self._wording.sign_example,
        )

    def _which(self, name: str, about: str, known: Known) -> Prompt:
        question_id, group_id = about.split("/")
        question = self._table.by_id[question_id]
        helper = self.helper(known)
        signs = self._agenda.read_out(known, question, group_id)
        prompts = self._wording.prompts
        danger = question is self._table.danger_question

        def label(sign: Option) -> str:
            wording = self._wording.signs.get(sign.id)
            return (helper and wording and wording.text_helper) or sign.text

        return Prompt(
            id=name,
            question=question_id,
            kind="which",
            text=prompts.which_danger if danger else prompts.which_same_day,
            help=None,
            options=(
                *(PromptOption(sign.id, label(sign)) for sign in signs),
                PromptOption(NONE_ID, prompts.none_of_these),
                PromptOption(NOT_SURE_ID, prompts.not_sure),
            ),
            covers=tuple(f"{question_id}/{sign.id}" for sign in signs),
            several=True,
            simpler=self._wording.group_simpler[question_id],
            example=self._wording.group_example[question_id],
        )

    def _question(self, name: str, about: str, known: Known) -> Prompt:
        question, wording = self._table.by_id[about], self._wording.questions[about]
        helper = self.helper(known)
        options = self._agenda.options_left(known, about)
        if self._agenda.is_narrowed(known, about):
            return self._detail(name, about, options, helper)
        return Prompt(
            id=name,
            question=about,
            kind="question",
            text=(helper and wording.text_helper) or question.text,
            help=question.help,
            options=tuple(
                PromptOption(option.id, (helper and wording.options_helper.get(option.id)) or option.text)
                for option in options
            ),
            covers=tuple(f"{about}/{option.id}" for option in options),
            simpler=(helper and wording.simpler_helper) or wording.simpler,
            example=wording.example,
        )

    def _detail(self, name: str, about: str, options: tuple[Option, ...], helper: bool) -> Prompt:
        """A question of which only some options are open, with labels that answer what is asked now."""
        question, wording = self._table.by_id[about], self._wording.questions[about]
        detail = wording.detail or Detail(text=question.text, text_helper=wording.text_helper)
        labels = dict(detail.options)
        if helper:
            labels = {**wording.options_helper, **detail.options, **detail.options_helper}
        simple = detail if detail.simpler else wording
        return Prompt(
            id=name,
            question=about,
            kind="question",
            text=(helper and detail.text_helper) or detail.text,
            help=detail.help,
            options=tuple(PromptOption(option.id, labels.get(option.id, option.text)) for option in options),
            covers=tuple(f"{about}/{option.id}" for option in options),
            simpler=(helper and simple.simpler_helper) or simple.simpler or wording.simpler,
            example=detail.example or wording.example,
        )

    def _list(self, name: str, about: str, known: Known, state: InterviewState) -> Prompt:
        checklist, prompts = self._wording.lists[about], self._wording.prompts
        helper = self.helper(known)
        problem = self._wording.problems.get(state.problem or "")
        items = sorted(
            self._agenda.list_items(known, about),
            key=lambda item: problem is not None and item.question != problem.first,
        )
        again = any(entry.at == name for entry in state.entries)
        text = checklist.text_helper if helper else checklist.text
        if again:
            labels = ", ".join(noted(checklist, [entry for entry in state.entries if entry.at == name]))
            text = f"{prompts.noted.format(labels=labels)} {prompts.rest}" if labels else prompts.rest
        options = [PromptOption(item.id, item.label) for item in items]
        options += [PromptOption(NONE_ID, prompts.none_of_these), PromptOption(NOT_SURE_ID, prompts.not_sure)]
        left = self._agenda.list_open(known, about)
        # How a list is answered is said with the first one, and again where a reply could not be read.
        explained = any(put.startswith("list:") and put != name for put in state.put) and not state.misses
        return Prompt(
            id=name,
            question=items[0].question if items else None,
            kind="list",
            text=text,
            help=None if again or explained else prompts.several,
            options=tuple(options),
            covers=tuple(
                f"{question}/{option.id}"
                for question in left
                for option in self._agenda.options_left(known, question)
                if not option.unknown
            ),
            several=True,
            simpler=checklist.simpler_helper if helper else checklist.simpler,
            example=checklist.example,
            again=again,
        )

    def _jump(self, known: Known) -> Prompt:
        jump, helper = self._wording.jump, self.helper(known)
        return Prompt(
            id="jump",
            question=jump.covers[0],
            kind="jump",
            text=jump.text_helper if helper else jump.text,
            help=None,
            options=tuple(PromptOption(option.id, option.label) for option in jump.options),
            covers=tuple(
                f"{question}/{option.id}"
                for question in jump.covers
                for option in self._table.by_id[question].options
                if not option.unknown
            ),
            simpler=jump.simpler_helper if helper else jump.simpler,
            example=jump.example,
        )

    def _confirm_back(self, state: InterviewState) -> Prompt:
        prompts = self._wording.prompts
        known = fold(state.entries)
        helper = self.helper(known)
        danger = self._table.danger_question
        names = [
            prompts.unnamed_danger if option == "rf-unnamed" else said(danger.by_id[option], helper)
            for option in self._agenda.answers(known).get(danger.id) or ()
            if option != NONE_OPTION
        ] or [
            said(self._table.by_id[question].by_id[option], helper)
            for question, options in self._emergency_reasons(known).items()
            for option in options
        ]
        return Prompt(
            id=CONFIRM_BACK,
            question=danger.id,
            kind=CONFIRM_BACK,
            text=prompts.confirm_back.format(signs="; ".join(names)),
            help=None,
            options=(
                PromptOption(YES_ID, prompts.confirm_back_yes),
                PromptOption(NO_ID, prompts.confirm_back_no),
                PromptOption(NOT_SURE_ID, prompts.not_sure),
            ),
            covers=(),
            simpler=self._wording.sign_simpler,
            example=self._wording.sign_example,
        )

    def _emergency_reasons(self, known: Known) -> Mapping[str, tuple[str, ...]]:
        """The answers that made an emergency row match."""
        values = self._agenda.readings(known).values
        answers = self._agenda.answers(known)
        found: dict[str, tuple[str, ...]] = {}
        for level, row in self._table.rows:
            if level == self._table.highest_level and all(
                values[name] & set(options) for name, options in row.if_.items()
            ):
                for name, options in row.if_.items():
                    if name in answers:
                        found[name] = tuple(option for option in options if option in values[name])
        return found
