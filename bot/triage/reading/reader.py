"""Reading a typed reply: which options it chooses, which it leaves open, or that it cannot be read.

A reading is sure or it is none. Nothing unclear is ever read as "no"; a reply that asks something is not an answer; a
denial ("not my knee") is kept apart from silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.triage.agenda import Agenda
from bot.triage.interview_state import NOT_SURE, YES
from bot.triage.prompts import CHANGE_WHICH, Prompt
from bot.triage.reading.in_words import MOST_UNEXPLAINED, InWords
from bot.triage.reading.phrases import Words, covered, split
from bot.triage.reading.picking import Picker
from bot.triage.reading.reply import ANSWER, COMMAND, DIGRESSION, UNREAD, Reading
from bot.triage.reading.statements import Statements
from bot.triage.reading.word_lists import WordLists

RAMBLING = 8
"""Words from which on a reply that cannot be read and has nothing of the question in it counts as another subject."""
_AFTER_VERB = {
    "it",
    "this",
    "that",
    "i",
    "my",
    "the",
    "a",
    "an",
    "you",
    "there",
    "clonus",
    "he",
    "she",
    "they",
    "we",
    "your",
    "jumping",
}
_VERB_FIRST = {"is", "are", "does", "do", "did", "can", "could", "should", "would", "will", "may", "was", "were"}
_ASKED_WITH_VERB = {"when", "where", "who", "which"}

_SAID = {"yes", "no", "none", "not_sure"}

ONE_BY_ONE = "one_by_one"
"""The command of a person who finds the question too long to read."""


class Reader:
    """Reads replies with the word lists of the wording."""

    def __init__(self, agenda: Agenda) -> None:
        self._lists = WordLists(agenda)
        self.statements = Statements(agenda, self._lists)
        self._picker = Picker(agenda, self._lists)
        self._in_words = InWords(agenda, self._lists, self._picker, self.statements)

    def read(self, text: str, prompt: Prompt) -> Reading:
        """What a reply to a prompt says."""
        words = split(text)
        if not words.words:
            return Reading(UNREAD)
        if (picked := self._picker.exact(text, words, prompt)) is not None:
            return picked
        if (command := self._command(words, prompt)) is not None:
            return command
        asks = self._asks(text, words) and not self._only_doubts(words)
        small_talk = self._is_small_talk(words)
        numbers = self._picker.picked_numbers(words, prompt)
        if prompt.kind in ("group", "sign") and {match.payload for match in self._lists.verdicts_in(words)} & _SAID:
            numbers = None  # "1. no" numbers the answer and means the word
        if numbers is not None and not asks:
            return numbers
        if prompt.kind == CHANGE_WHICH:
            named = self._named(words)
            if asks and len(words) > 2 and ("?" in text or words.words[1] in _VERB_FIRST):
                return Reading(DIGRESSION)
            if named:
                return Reading(COMMAND, command="change", about=named)
            return Reading(DIGRESSION if small_talk else UNREAD)
        if asks:
            return Reading(UNREAD) if len(words) <= 2 and not small_talk else Reading(DIGRESSION)
        reading = self._in_words.read(words, prompt)
        covers = {cover.split("/")[0] for cover in prompt.covers}
        on_bounce = bool(covers & set(self._lists.words.bounce_only)) or self.statements.names_bounce(words)
        beside, beside_maybe = self.statements.made_in(words, leave_out=covers, on_bounce=on_bounce)
        if reading.mark == YES and self._answers_another(words, prompt, covers):
            return Reading(UNREAD, beside=beside, beside_maybe=beside_maybe)
        if reading.kind == ANSWER or beside or beside_maybe:
            return replace(reading, beside=beside, beside_maybe=beside_maybe)
        if small_talk:
            return Reading(DIGRESSION)
        if len(words) >= RAMBLING and not set(words.words) & self._lists.content_words(prompt):
            return Reading(DIGRESSION)
        return reading

    def _answers_another(self, words: Words, prompt: Prompt, covers: set[str]) -> bool:
        """Whether a text answers another question and has no word of this one in it: "yes it is from my stroke" is no
        yes to a list of signs. `covers`: the questions that the prompt asks."""
        if prompt.kind not in ("group", "sign"):
            return False
        elsewhere = self.statements.made_in(words, leave_out=covers, on_bounce=True)
        places = covered(self._lists.verdicts_in(words))
        rest = {word for place, word in enumerate(words.words) if place not in places}
        return any(elsewhere) and not rest & self._lists.content_words(prompt)

    def _command(self, words: Words, prompt: Prompt) -> Reading | None:
        """A command: the whole message and nothing else, polite words aside; or a wish to change a named answer."""
        change = self._lists.change.find(words)
        if change and not (prompt.kind == CHANGE_WHICH and not words.words):
            rest = covered(change)
            named = self._named(words, rest)
            if named or len(words) - len(rest) <= MOST_UNEXPLAINED:
                return Reading(COMMAND, command="change", about=named)
        light = set(self._lists.words.light)
        best: tuple[int, str] | None = None
        for match in self._lists.commands.find(words):
            around = range(match.at[0], match.at[-1] + 1)  # "what does numb mean": what stands inside belongs to it
            left = [word for place, word in enumerate(words.words) if place not in around]
            if all(word in light for word in left) and (best is None or len(match.at) > best[0]):
                best = (len(match.at), match.payload)
        if best is None:
            return None
        if best[1] == "explain" and len(words) == 1 and words.words[0] == "what":
            return Reading(COMMAND, command="explain")
        if best[1] == ONE_BY_ONE:
            # a list that is too much to read is put line by line, as for a person who is not sure
            return Reading(ANSWER, mark=NOT_SURE) if prompt.kind == "group" else Reading(COMMAND, command="explain")
        return Reading(COMMAND, command=best[1])

    def _named(self, words: Words, taken: Iterable[int] = ()) -> str | None:
        """The question a change is about; None when no or two questions are named."""
        used = set(taken)
        named = {match.payload for match in self._lists.change_names.find(words) if not used & set(match.at)}
        if named == {"falls", "fall-harm"} or named == {"pain", "falls"}:
            return "falls"
        return named.pop() if len(named) == 1 else None

    def _asks(self, text: str, words: Words) -> bool:
        """Whether the reply asks something."""
        if re.search(r"\?[\s\"')]*$", text):
            return True
        first, second = words.words[0], words.words[1] if len(words) > 1 else ""
        if first in _VERB_FIRST:
            return second in _AFTER_VERB and len(words) >= 3
        if first in _ASKED_WITH_VERB:
            return second in _VERB_FIRST
        return first in self._lists.words.questions_start and first not in ("might",) and len(words) >= 3

    def _only_doubts(self, words: Words) -> bool:
        """Whether the reply says that the person does not know, and nothing else: "not sure?" asks nothing."""
        doubts = self._lists.doubts.find(words)
        left = {word for place, word in enumerate(words.words) if place not in covered(doubts)}
        return bool(doubts) and left <= self._lists.filler - set(self._lists.words.questions_start)

    def _is_small_talk(self, words: Words) -> bool:
        """Whether the reply is a greeting, thanks or an "ok", and nothing else."""
        polite = self._lists.small_talk.find(words)
        left = {word for place, word in enumerate(words.words) if place not in covered(polite)}
        return bool(polite) and left <= set(self._lists.words.light) and not self._lists.verdicts.find(words)
