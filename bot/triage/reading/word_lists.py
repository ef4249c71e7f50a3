"""The word lists of the wording, ready to be found in a reply."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.triage.agenda import Agenda
from bot.triage.prompts import Prompt
from bot.triage.reading.phrases import Match, Phrasebook, Words, covered, number_words, split


class WordLists:
    """Every list of `knowledge/interview.yml` as phrasebooks, and what is found with several of them at once."""

    def __init__(self, agenda: Agenda) -> None:
        wording = agenda.wording
        words = wording.reading
        self.words = words
        self.filler = set(words.filler)
        self.negators = {negator for negator in words.negators if " " not in negator}
        self.contrast = set(words.contrast)
        self.numbers = number_words(words.numbers)
        self.verdicts: Phrasebook[str] = Phrasebook(
            (text, name)
            for name in ("yes", "no", "soft_no", "not_sure", "none", "all", "only")
            for text in getattr(words, name)
        )
        self.doubts: Phrasebook[str] = Phrasebook((text, "not_sure") for text in words.not_sure)
        self.small_talk: Phrasebook[bool] = Phrasebook((text, True) for text in words.small_talk)
        self.commands: Phrasebook[str] = Phrasebook(
            (text, name) for name, texts in words.commands.items() for text in texts
        )
        self.change: Phrasebook[str] = Phrasebook((text, "change") for text in words.change)
        self.change_names: Phrasebook[str] = Phrasebook(
            (text, question) for question, texts in words.change_names.items() for text in texts
        )
        self.excepting: Phrasebook[bool] = Phrasebook((text, True) for text in words.excepting)
        self.bounce: Phrasebook[bool] = Phrasebook((text, True) for text in words.bounce_named)
        self.lasting: Phrasebook[bool] = Phrasebook((text, True) for text in words.lasting)
        self.not_now: Phrasebook[bool] = Phrasebook((text, True) for text in words.not_now)
        self.first_person: Phrasebook[bool] = Phrasebook((text, True) for text in words.first_person)
        self.says: dict[str, Phrasebook[tuple[str, ...]]] = {}
        self.says_here: dict[str, Phrasebook[tuple[str, ...]]] = {}
        for name, question in wording.questions.items():
            anywhere: list[tuple[str, tuple[str, ...]]] = [
                (text, (option,)) for option, texts in question.says.items() for text in texts
            ]
            anywhere += [(maybe.pattern, maybe.options) for maybe in question.maybe_says if not maybe.here]
            here: list[tuple[str, tuple[str, ...]]] = [
                (text, (option,)) for option, texts in question.says_here.items() for text in texts
            ]
            here += [(maybe.pattern, maybe.options) for maybe in question.maybe_says if maybe.here]
            self.says[name] = Phrasebook(anywhere)
            self.says_here[name] = Phrasebook([*anywhere, *here])
        self.items: dict[str, Phrasebook[str]] = {
            item.id + "@" + name: Phrasebook((text, item.id) for text in item.says)
            for name, checklist in wording.lists.items()
            for item in checklist.items
        }
        books: list[Phrasebook[Any]] = [
            *self.says.values(), *self.says_here.values(), *self.items.values(), self.verdicts, self.commands
        ]  # fmt: skip
        self.known = set(self.filler).union(*(book.vocabulary for book in books))

    def verdicts_in(self, words: Words) -> list[Match[str]]:
        """Yes, no, only and the like. Doubt comes first: "I am not sure" holds no "I am not" and no "sure"."""
        doubts = self.doubts.find(words)
        taken = covered(doubts)
        others = [match for match in self.verdicts.find(words) if not taken & set(match.at)]
        return sorted([*doubts, *others], key=lambda match: match.at)

    def unexplained(self, words: Words, matches: Iterable[Match[str]], echo: set[str]) -> list[str]:
        """Words that no phrase, filler or echo of the question accounts for."""
        places = covered(matches)
        return [
            word
            for place, word in enumerate(words.words)
            if place not in places and word not in self.filler and word not in echo
        ]

    def content_words(self, prompt: Prompt) -> set[str]:
        """The words of the question itself, without the filler."""
        said = " ".join([prompt.text, prompt.help or "", *(option.label for option in prompt.options)])
        return set(split(said).words) - self.filler - self.negators
