"""A simulated person: reads the question on the screen from the reply's metadata, and answers it from a fact sheet.

The speaker knows what the person knows: what is true of them, and the words on the screen. It never looks into the
interview.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.channels.running_turn import Message
from bot.triage.question_models import Question
from bot.triage.table import load_table
from bot.triage.table_models import TriageTable
from bot.triage.wording import load_wording
from bot.triage.wording_models import Wording

FOLDER = Path(__file__).parent
SKIP = "skip"
"""The fact of a question that a person will not answer."""

YES, NO, NOT_SURE, NONE = "yes", "no", "not-sure", "none"
YES_NO_NOT_SURE = {YES, NO, NOT_SURE}

Facts = Mapping[str, Any]
"""Question -> option, a list of signs, or `SKIP`."""


@lru_cache(maxsize=1)
def table() -> TriageTable:
    """The questions and what their options mean."""
    return load_table()


@lru_cache(maxsize=1)
def wording() -> Wording:
    """The lists: which of their lines is true of whom."""
    return load_wording(table())


@lru_cache(maxsize=1)
def phrases() -> dict[str, dict[str, Any]]:
    """Style -> what people of that style say."""
    return yaml.safe_load((FOLDER / "phrases.yml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Screen:
    """A question as it stands on the screen.

    `kind`: "group", "sign", "which", "list", "jump", "question", "confirm-back" or "change-which". `question`: the
    question of the table; `options`: the ids of the answers in order; `labels`: their words; `covers`: the
    "question/option" ids it asks about.
    """

    kind: str
    question: str
    options: tuple[str, ...]
    labels: tuple[str, ...]
    covers: tuple[str, ...]
    text: str
    progress: str

    @property
    def same_as(self) -> tuple[object, ...]:
        """What stays the same when the same question is put once more."""
        return self.kind, self.question, self.options, self.covers

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions of the table it asks about, each once."""
        return tuple(dict.fromkeys(cover.split("/")[0] for cover in self.covers))

    def number_of(self, option: str) -> str:
        """The number in front of an answer."""
        return str(self.options.index(option) + 1)


def read_screen(message: Message) -> Screen:
    """The question of a message of the kind "question"."""
    metadata = message["metadata"]
    options = tuple(metadata.get("options", ()))
    covers = tuple(metadata.get("covers", ()))
    return Screen(
        kind=_kind(str(metadata["question"]), options, covers),
        question=str(metadata["question"]),
        options=options,
        labels=tuple(button["title"] for button in message.get("buttons", ())),
        covers=covers,
        text=message["text"],
        progress=metadata.get("progress", ""),
    )


def _kind(name: str, options: Sequence[str], covers: Sequence[str]) -> str:
    question = table().by_id.get(name)
    if question is None or not options:
        return "change-which"
    if set(options) == YES_NO_NOT_SURE:
        return "confirm-back" if not covers else "sign" if len(covers) == 1 else "group"
    if question.choose_many:
        return "which"
    if set(options) <= set(question.by_id):
        return "question"
    return "jump" if "cleared-no-limit" in options else "list"


def full_sheet(facts: Facts) -> dict[str, Any]:
    """Every question's answer: what the sheet says, else the best one; jumps are cleared only where it says so."""
    best = {question.id: min(question.options, key=lambda option: option.rank).id for question in table().questions}
    return {**best, "jump-clear": "not-cleared", **facts}


def as_answers(facts: Facts) -> dict[str, Any]:
    """A fact sheet as `decide` takes it: a question that is skipped has no usable answer."""
    return {name: None if value == SKIP else value for name, value in full_sheet(facts).items()}


@dataclass(frozen=True)
class Speaker:
    """Answers from a fact sheet in a style. `hesitates`: not sure about a group of signs that holds a true one."""

    facts: Facts
    style: str = "numbers"
    hesitates: bool = False

    def answer(self, screen: Screen, *, clearly: bool = False) -> str:
        """What the person says to a question. `clearly`: with the numbers on the screen, after a misunderstanding."""
        chosen = self.chosen(screen)
        if chosen == (SKIP,):
            return SKIP
        if not clearly:
            said = self._in_words(screen, chosen)
            if said is not None:
                return said
        missing = [option for option in chosen if option not in screen.options]
        if missing:
            return table().by_id[screen.question].by_id[missing[0]].text
        numbers = " ".join(screen.number_of(option) for option in chosen)
        everything = screen.kind == "list" and not {NONE, NOT_SURE} & set(chosen)
        return f"{numbers} only" if everything else numbers

    def chosen(self, screen: Screen) -> tuple[str, ...]:
        """The answers that are true, by their ids; `SKIP` alone when the person will not answer."""
        sheet = full_sheet(self.facts)
        if screen.kind == "confirm-back":
            return (NO,)
        if screen.questions and all(sheet[question] == SKIP for question in screen.questions):
            return (SKIP,)
        if screen.kind in ("group", "sign"):
            return (self._yes_or_no(screen, sheet),)
        if screen.kind == "which":
            true = set(sheet[screen.question])
            return tuple(option for option in screen.options if option in true) or (NONE,)
        if screen.kind == "list":
            return self._ticked(screen, sheet)
        if screen.kind == "jump":
            if sheet["jump-clear"] != "cleared":
                return (sheet["jump-clear"],)
            return ("cleared-no-limit" if sheet["jump-limits"] == "none" else "cleared-limit",)
        return (sheet[screen.question],)

    def _yes_or_no(self, screen: Screen, sheet: Facts) -> str:
        asked = {cover.split("/")[1] for cover in screen.covers}
        true = sheet[screen.question]
        signs = {true} if isinstance(true, str) else set(true)
        if asked & signs:
            return NOT_SURE if self.hesitates and screen.kind == "group" else YES
        return NOT_SURE if NOT_SURE in signs else NO

    def _ticked(self, screen: Screen, sheet: Facts) -> tuple[str, ...]:
        ticks = {item.id: item for checklist in wording().lists.values() for item in checklist.items}
        offered = [ticks[option] for option in screen.options if option not in (NONE, NOT_SURE)]
        true = [item.id for item in offered if sheet[item.question] in item.ticks[item.question]]
        said = {item.question for item in offered if item.id in true}
        unsure = any(
            sheet[item.question] == SKIP or self._unknown(table().by_id[item.question], sheet[item.question])
            for item in offered
            if item.question not in said
        )
        return (*true, NOT_SURE) if unsure else tuple(true) or (NONE,)

    @staticmethod
    def _unknown(question: Question, value: str) -> bool:
        return question.by_id[value].unknown

    def _in_words(self, screen: Screen, chosen: tuple[str, ...]) -> str | None:
        """The answer in the person's own words; None when the style has none for it."""
        if self.style == "numbers":
            return None
        if self.style == "plain":
            alone = len(chosen) == 1 and chosen[0] in screen.options and not self._open(screen, chosen)
            return screen.labels[screen.options.index(chosen[0])] if alone else None
        book = phrases()[self.style]
        if screen.kind in ("group", "sign"):
            said = book[{YES: "yes", NO: "no", NOT_SURE: "unsure"}[chosen[0]]]
        elif screen.kind == "list":
            said = (
                book["none"]
                if chosen == (NONE,)
                else book.get("items", {}).get(chosen[0])
                if len(chosen) == 1
                else None
            )
        elif screen.kind == "question":
            said = book.get(f"{screen.question}/{chosen[0]}")
        else:
            said = None
        return said

    @staticmethod
    def _open(screen: Screen, chosen: tuple[str, ...]) -> bool:
        """Whether a line ticked on a list leaves the others open: then "only" has to be said too."""
        return screen.kind == "list" and chosen[0] not in (NONE, NOT_SURE)
