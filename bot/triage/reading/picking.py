"""Answers picked outright: a button, its number, its letter."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.triage.agenda import Agenda
from bot.triage.interview_state import NO, NOT_SURE, YES
from bot.triage.prompts import CONFIRM_BACK, NO_ID, NONE_ID, NOT_SURE_ID, SHALL_WE_GO_ON, YES_ID, Prompt
from bot.triage.reading.phrases import Words, split
from bot.triage.reading.reply import ANSWER, UNREAD, Reading
from bot.triage.reading.word_lists import WordLists

_LETTERS = "abcdefgh"
_NUMBER_WORDS_ALLOWED = {
    "and",
    "number",
    "numbers",
    "option",
    "options",
    "answer",
    "the",
    "please",
    "also",
    "both",
    "no",
    "nr",
}
_ORDINALS = {
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
}


class Picker:
    """Turns picked options into readings."""

    def __init__(self, agenda: Agenda, lists: WordLists) -> None:
        self._table, self._wording, self._lists = agenda.table, agenda.wording, lists

    def exact(self, text: str, words: Words, prompt: Prompt) -> Reading | None:
        """A button: the whole reply is an option's label or id."""
        raw = text.strip()
        if "?" in raw:
            return None
        for option in prompt.options:
            if raw == option.id or (len(option.label) > 1 and split(option.label).words == words.words):
                return self._chosen(prompt, (option.id,), only=False)
        return None

    def picked_numbers(self, words: Words, prompt: Prompt) -> Reading | None:
        """Option numbers: "2", "2.", "the second one", "1 and 3", "1 3 only", a single letter.

        None when other words are there. Below a group of signs "the second one" may be a sign as well as an answer.
        """
        if not prompt.options or words.words == ("no", "one"):
            return None
        if prompt.kind == "group" and not _ORDINALS.isdisjoint(words.words):
            return Reading(UNREAD) if _ORDINALS.union(_NUMBER_WORDS_ALLOWED, {"one"}).issuperset(words.words) else None
        if len(words) == 1 and words.words[0] in _LETTERS[: len(prompt.options)]:
            return self._chosen(prompt, (prompt.options[_LETTERS.index(words.words[0])].id,), only=False)
        only_places = {
            place for match in self._lists.verdicts.find(words) if match.payload == "only" for place in match.at
        }
        picked: list[int] = []
        for place, word in enumerate(words.words):
            if place in only_places:
                continue
            if (
                word in ("one", "ones")
                and place > 0
                and (words.words[place - 1] in _ORDINALS or words.words[place - 1].isdigit())
            ):
                continue
            if word in ("st", "nd", "rd", "th") and place > 0 and words.words[place - 1].isdigit():
                continue
            if word in self._lists.numbers:
                if (
                    not word.isdigit()
                    and prompt.question == self._lists.words.falls_read.question
                    and word not in _ORDINALS
                ):
                    return None
                if word in ("won", "too", "for"):
                    return None
                picked.append(self._lists.numbers[word])
            elif word.isdigit():
                picked.append(int(word))
            elif word not in _NUMBER_WORDS_ALLOWED:
                return None
        if not picked:
            return None
        if any(not 1 <= number <= len(prompt.options) for number in picked):
            return Reading(UNREAD)
        chosen = tuple(dict.fromkeys(prompt.options[number - 1].id for number in picked))
        return self._chosen(prompt, chosen, only=bool(only_places))

    def _chosen(self, prompt: Prompt, chosen: tuple[str, ...], *, only: bool) -> Reading:
        """Options chosen outright, as a reading of this kind of prompt."""
        if prompt.kind in ("group", "sign", CONFIRM_BACK, SHALL_WE_GO_ON):
            marks = {YES_ID: YES, NO_ID: NO, NOT_SURE_ID: NOT_SURE}
            return Reading(ANSWER, mark=marks[chosen[0]]) if len(chosen) == 1 else Reading(UNREAD)
        if prompt.kind == "which":
            return self._chosen_signs(chosen)
        if prompt.kind == "list":
            return self._chosen_items(prompt, chosen, only)
        if prompt.kind == "jump":
            if len(chosen) != 1:
                return Reading(UNREAD)
            option = next(option for option in self._wording.jump.options if option.id == chosen[0])
            return Reading(ANSWER, answers={name: (value,) for name, value in option.sets.items()})
        if prompt.kind == "question" and prompt.question:
            settled = self._settle(prompt.question, set(chosen))
            return Reading(ANSWER, answers={prompt.question: settled}) if len(settled) == 1 else Reading(UNREAD)
        return Reading(UNREAD)

    def _chosen_signs(self, chosen: tuple[str, ...]) -> Reading:
        signs = tuple(option for option in chosen if option not in (NONE_ID, NOT_SURE_ID))
        if signs:
            return Reading(ANSWER, signs=signs)
        if len(chosen) > 1:
            return Reading(UNREAD)
        return Reading(ANSWER, mark=NO if NONE_ID in chosen else NOT_SURE)

    def _chosen_items(self, prompt: Prompt, chosen: tuple[str, ...], only: bool) -> Reading:
        items = [option for option in chosen if option not in (NONE_ID, NOT_SURE_ID)]
        if NONE_ID in chosen:
            return Reading(UNREAD) if len(chosen) > 1 else Reading(ANSWER, rest_absent=True)
        answers, maybe = self.tick(prompt, items)
        return Reading(ANSWER, answers=answers, maybe=maybe, rest_absent=only, not_sure=NOT_SURE_ID in chosen)

    def tick(
        self, prompt: Prompt, items: Iterable[str], *, unclear: Collection[str] = ()
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """What ticked items settle and leave open.

        Two items of one question: the worse counts. In `unclear`: items of which it is not known which is meant; all
        their options stay open.
        """
        checklist = self._wording.lists[prompt.id.partition(":")[2]]
        left: dict[str, tuple[str, ...]] = {}
        for item in checklist.items:
            if item.id in items:
                left[item.question] = (*left.get(item.question, ()), *item.ticks[item.question])
        answers: dict[str, tuple[str, ...]] = {}
        maybe: dict[str, tuple[str, ...]] = {}
        for question, options in left.items():
            ticked = [item for item in checklist.items if item.id in items and item.question == question]
            doubt = any(item.id in unclear for item in ticked)
            if not doubt and all(len(item.ticks[question]) == 1 for item in ticked):
                options = self._settle(question, set(options))
            (answers if len(options) == 1 else maybe)[question] = options
        return answers, maybe

    def _settle(self, question: str, options: set[str]) -> tuple[str, ...]:
        """Several options at once: the one with the highest rank, as the table says; two of that rank contradict each
        other.
        """
        by_id = self._table.by_id[question].by_id
        top = max(by_id[option].rank for option in options)
        return tuple(sorted(option for option in options if by_id[option].rank == top))
