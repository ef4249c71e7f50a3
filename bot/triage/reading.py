"""Reading a typed reply: which options it chooses, which it leaves open, or that it cannot be read.

A reading is sure or it is none. Nothing unclear is ever read as "no"; a reply that asks something is not an answer; a
denial
("not my knee") is kept apart from silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.triage.agenda import Agenda
from bot.triage.interview_state import NO, NOT_SURE, YES
from bot.triage.phrases import Match, Phrasebook, Words, covered, longest, mark_denied, number_words, plain, split
from bot.triage.prompts import CHANGE_WHICH, CONFIRM_BACK, NO_ID, NONE_ID, NOT_SURE_ID, YES_ID, Prompt
from bot.triage.said_values import ValueReader

ANSWER, COMMAND, DIGRESSION, UNREAD = "answer", "command", "digression", "unread"
"""What a reply turned out to be."""

RAMBLING = 8
"""Words from which on a reply that cannot be read and has nothing of the question in it counts as another subject."""

MOST_UNEXPLAINED = 2
"""Words a plain yes or no may bring along that no list explains. For danger signs none are allowed beside a no."""

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
_AFTER_ONLY = {"my", "the", "a", "one", "that", "i", "it", "is", "am", "feel", "have", "had", "has", "get", "got"}
"""Words that may stand between "only" and what is named."""
_ASKED_WITH_VERB = {"when", "where", "who", "which"}


@dataclass(frozen=True)
class Reading:
    """What a reply says.

    `mark`: yes, no or not-sure to a yes-or-no prompt. `answers` and `maybe`: settled and narrowed questions that the
    prompt asks about.
    `signs`: signs named. `rest_absent`: everything else on the list is not true. `not_sure`: the person does not know.
    `reopens`: it says something that was ruled out before. `command` with `about`, the question a change is about.
    `beside`, `beside_maybe`: what it says on other questions.
    """

    kind: str
    command: str | None = None
    about: str | None = None
    mark: str | None = None
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    maybe: dict[str, tuple[str, ...]] = field(default_factory=dict)
    signs: tuple[str, ...] = ()
    rest_absent: bool = False
    not_sure: bool = False
    reopens: bool = False
    beside: dict[str, tuple[str, ...]] = field(default_factory=dict)
    beside_maybe: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Stated:
    """What a text says on one question: the options it leaves (none for a contradiction) and what it denies."""

    options: tuple[str, ...] = ()
    conflict: bool = False
    denied: frozenset[str] = frozenset()
    places: frozenset[int] = frozenset()


class Reader:
    """Reads replies with the word lists of the wording."""

    def __init__(self, agenda: Agenda) -> None:
        self._table, self._wording = agenda.table, agenda.wording
        words = self._wording.reading
        self._words = words
        self._filler = set(words.filler)
        self._negators = {negator for negator in words.negators if " " not in negator}
        self._contrast = set(words.contrast)
        self._numbers = number_words(words.numbers)
        self._verdicts: Phrasebook[str] = Phrasebook(
            (text, name)
            for name in ("yes", "no", "soft_no", "not_sure", "none", "all", "only")
            for text in getattr(words, name)
        )
        self._doubts: Phrasebook[str] = Phrasebook((text, "not_sure") for text in words.not_sure)
        self._small_talk: Phrasebook[bool] = Phrasebook((text, True) for text in words.small_talk)
        self._commands: Phrasebook[str] = Phrasebook(
            (text, name) for name, texts in words.commands.items() for text in texts
        )
        self._change: Phrasebook[str] = Phrasebook((text, "change") for text in words.change)
        self._change_names: Phrasebook[str] = Phrasebook(
            (text, question) for question, texts in words.change_names.items() for text in texts
        )
        self._excepting: Phrasebook[bool] = Phrasebook((text, True) for text in words.excepting)
        self._bounce: Phrasebook[bool] = Phrasebook((text, True) for text in words.bounce_named)
        self._not_now: Phrasebook[bool] = Phrasebook((text, True) for text in words.not_now)
        self._first_person: Phrasebook[bool] = Phrasebook((text, True) for text in words.first_person)
        self._says: dict[str, Phrasebook[tuple[str, ...]]] = {}
        self._says_here: dict[str, Phrasebook[tuple[str, ...]]] = {}
        for name, question in self._wording.questions.items():
            anywhere: list[tuple[str, tuple[str, ...]]] = [
                (text, (option,)) for option, texts in question.says.items() for text in texts
            ]
            anywhere += [(maybe.pattern, maybe.options) for maybe in question.maybe_says if not maybe.here]
            here: list[tuple[str, tuple[str, ...]]] = [
                (text, (option,)) for option, texts in question.says_here.items() for text in texts
            ]
            here += [(maybe.pattern, maybe.options) for maybe in question.maybe_says if maybe.here]
            self._says[name] = Phrasebook(anywhere)
            self._says_here[name] = Phrasebook([*anywhere, *here])
        self._items: dict[str, Phrasebook[str]] = {
            item.id + "@" + name: Phrasebook((text, item.id) for text in item.says)
            for name, checklist in self._wording.lists.items()
            for item in checklist.items
        }
        books: list[Phrasebook[Any]] = [
            *self._says.values(), *self._says_here.values(), *self._items.values(), self._verdicts, self._commands
        ]  # fmt: skip
        self._known = set(self._filler).union(*(book.vocabulary for book in books))
        self._values = ValueReader(words)

    # Whole replies

    def read(self, text: str, prompt: Prompt) -> Reading:
        """What a reply to a prompt says."""
        words = split(text)
        if not words.words:
            return Reading(UNREAD)
        if (picked := self._exact(text, words, prompt)) is not None:
            return picked
        if (command := self._command(words, prompt)) is not None:
            return command
        asks = self._asks(text, words) and not self._only_doubts(words)
        small_talk = self._is_small_talk(words)
        numbers = self._picked_numbers(words, prompt)
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
        reading = self._content(words, prompt)
        covers = {cover.split("/")[0] for cover in prompt.covers}
        on_bounce = bool(covers & set(self._words.bounce_only)) or self.names_bounce(words)
        beside, beside_maybe = self.statements(words, leave_out=covers, on_bounce=on_bounce)
        if reading.kind == ANSWER or beside or beside_maybe:
            return replace(reading, beside=beside, beside_maybe=beside_maybe)
        if small_talk:
            return Reading(DIGRESSION)
        if len(words) >= RAMBLING and not set(words.words) & self._content_words(prompt):
            return Reading(DIGRESSION)
        return reading

    def statements(
        self, words: Words, *, on_bounce: bool, leave_out: Iterable[str] = ()
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """What a text says on any question, asked or not: settled answers, and options left open.

        A text about another time, or one that only worries or wonders, says nothing. `on_bounce`: the bounce is what is
        being talked of.
        """
        answers: dict[str, tuple[str, ...]] = {}
        maybe: dict[str, tuple[str, ...]] = {}
        skipped = {*leave_out, *(() if on_bounce else self._words.bounce_only)}
        if self._not_now.find(words):
            return answers, maybe
        for question in self._wording.questions:
            if question in skipped:
                continue
            stated = self._stated(words, question, here=False)
            if stated.conflict or not stated.options:
                continue
            if question == "who" and stated.places and not self._about_another(words, stated):
                continue
            (answers if len(stated.options) == 1 else maybe)[question] = stated.options
        return answers, maybe

    def names_bounce(self, words: Words) -> bool:
        """Whether a text speaks of the bounce."""
        return bool(self._bounce.find(words))

    def _about_another(self, words: Words, stated: Stated) -> bool:
        """Whether a person is named as the one this is about: not as a witness, and with no word of the writer's own
        body.
        """
        return not self._is_witness(words, stated) and not self._first_person.find(words)

    def _is_witness(self, words: Words, stated: Stated) -> bool:
        """Whether the person named only does or tells something: "my daughter says", "my son came to lunch"."""
        last = max(stated.places, default=0)
        following = words.words[last + 1 : last + 2]
        return bool(following) and following[0] in self._words.reported

    # The kinds of reply that do not depend on what is said about the body

    def _exact(self, text: str, words: Words, prompt: Prompt) -> Reading | None:
        """A button: the whole reply is an option's label or id."""
        raw = text.strip()
        if "?" in raw:
            return None
        for option in prompt.options:
            if raw == option.id or (len(option.label) > 1 and split(option.label).words == words.words):
                return self._chosen(prompt, (option.id,), only=False)
        return None

    def _command(self, words: Words, prompt: Prompt) -> Reading | None:
        """A command: the whole message and nothing else, polite words aside; or a wish to change a named answer."""
        change = self._change.find(words)
        if change and not (prompt.kind == CHANGE_WHICH and not words.words):
            rest = covered(change)
            named = self._named(words, rest)
            if named or len(words) - len(rest) <= MOST_UNEXPLAINED:
                return Reading(COMMAND, command="change", about=named)
        light = set(self._words.light)
        best: tuple[int, str] | None = None
        for match in self._commands.find(words):
            left = [word for place, word in enumerate(words.words) if place not in match.at]
            if all(word in light for word in left) and (best is None or len(match.at) > best[0]):
                best = (len(match.at), match.payload)
        if best is None:
            return None
        if best[1] == "explain" and len(words) == 1 and words.words[0] == "what":
            return Reading(COMMAND, command="explain")
        return Reading(COMMAND, command=best[1])

    def _named(self, words: Words, taken: Iterable[int] = ()) -> str | None:
        """The question a change is about; None when no or two questions are named."""
        used = set(taken)
        named = {match.payload for match in self._change_names.find(words) if not used & set(match.at)}
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
        return first in self._words.questions_start and first not in ("might",) and len(words) >= 3

    def _only_doubts(self, words: Words) -> bool:
        """Whether the reply says that the person does not know, and nothing else: "not sure?" asks nothing."""
        doubts = self._doubts.find(words)
        left = {word for place, word in enumerate(words.words) if place not in covered(doubts)}
        return bool(doubts) and left <= self._filler - set(self._words.questions_start)

    def _is_small_talk(self, words: Words) -> bool:
        """Whether the reply is a greeting, thanks or an "ok", and nothing else."""
        polite = self._small_talk.find(words)
        left = {word for place, word in enumerate(words.words) if place not in covered(polite)}
        return bool(polite) and left <= set(self._words.light) and not self._verdicts.find(words)

    def _picked_numbers(self, words: Words, prompt: Prompt) -> Reading | None:
        """Option numbers: "2", "2.", "the second one", "1 and 3", "1 3 only", a single letter.

        None when other words are there.
        """
        if not prompt.options:
            return None
        if len(words) == 1 and words.words[0] in _LETTERS[: len(prompt.options)]:
            return self._chosen(prompt, (prompt.options[_LETTERS.index(words.words[0])].id,), only=False)
        only_places = {place for match in self._verdicts.find(words) if match.payload == "only" for place in match.at}
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
            if word in self._numbers:
                if not word.isdigit() and prompt.question == self._words.falls_read.question and word not in _ORDINALS:
                    return None
                if word in ("won", "too", "for"):
                    return None
                picked.append(self._numbers[word])
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

    # What chosen options mean

    def _chosen(self, prompt: Prompt, chosen: tuple[str, ...], *, only: bool) -> Reading:
        """Options chosen outright, as a reading of this kind of prompt."""
        if prompt.kind in ("group", "sign", CONFIRM_BACK):
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
        answers, maybe = self._tick(prompt, items)
        return Reading(ANSWER, answers=answers, maybe=maybe, rest_absent=only, not_sure=NOT_SURE_ID in chosen)

    def _tick(
        self, prompt: Prompt, items: Iterable[str]
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """What ticked items settle and leave open.

        Two items of one question: all their options stay open, the worst is likely.
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
            if all(len(item.ticks[question]) == 1 for item in ticked):
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

    # What is said in words

    def _content(self, words: Words, prompt: Prompt) -> Reading:
        verdicts = self._verdicts_in(words)
        if prompt.kind in ("group", "sign", CONFIRM_BACK):
            return self._yes_or_no(words, verdicts, prompt)
        if prompt.kind == "which":
            return self._signs_said(words, verdicts, prompt)
        if prompt.kind == "list":
            return self._list_said(words, verdicts, prompt)
        if prompt.kind == "jump":
            return self._jump_said(words, verdicts, prompt)
        if prompt.kind == "question" and prompt.question:
            return self._question_said(words, verdicts, prompt, prompt.question)
        return Reading(UNREAD)

    def _verdicts_in(self, words: Words) -> list[Match[str]]:
        """Yes, no, only and the like. Doubt comes first: "I am not sure" holds no "I am not" and no "sure"."""
        doubts = self._doubts.find(words)
        taken = covered(doubts)
        others = [match for match in self._verdicts.find(words) if not taken & set(match.at)]
        return sorted([*doubts, *others], key=lambda match: match.at)

    def _unexplained(self, words: Words, matches: Iterable[Match[str]], echo: set[str]) -> list[str]:
        """Words that no phrase, filler or echo of the question accounts for."""
        places = covered(matches)
        return [
            word
            for place, word in enumerate(words.words)
            if place not in places and word not in self._filler and word not in echo
        ]

    def _content_words(self, prompt: Prompt) -> set[str]:
        """The words of the question itself, without the filler."""
        said = " ".join([prompt.text, prompt.help or "", *(option.label for option in prompt.options)])
        return set(split(said).words) - self._filler - self._negators

    def _yes_or_no(self, words: Words, verdicts: list[Match[str]], prompt: Prompt) -> Reading:
        """Yes, no or not sure, and nothing that could mean more."""
        said = {match.payload for match in verdicts}
        contrast = bool(set(words.words) & (self._contrast - {"only"}))
        if "not_sure" in said:
            return Reading(ANSWER, mark=NOT_SURE)
        unexplained = self._unexplained(words, verdicts, set())
        negated = bool((set(words.words) & self._negators) - {words.words[place] for place in covered(verdicts)})
        if "soft_no" in said:
            return Reading(ANSWER, mark=NOT_SURE) if prompt.kind == "group" and "yes" not in said else Reading(UNREAD)
        positive, negative = said & {"yes", "all"}, said & {"no", "none"}
        if positive and negative:
            return Reading(UNREAD)
        first = any(0 in match.at for match in verdicts if match.payload == "yes")
        if positive and not contrast and not negated and (not unexplained or (first and prompt.kind != CONFIRM_BACK)):
            return Reading(ANSWER, mark=YES)
        if negative and not contrast and not unexplained:
            return Reading(ANSWER, mark=NO)
        return Reading(UNREAD)

    def _signs_said(self, words: Words, verdicts: list[Match[str]], prompt: Prompt) -> Reading:
        """Signs named by a part of their own text."""
        said = {match.payload for match in verdicts}
        book: Phrasebook[str] = Phrasebook(
            (part, option.id)
            for option in prompt.options
            if option.id not in (NONE_ID, NOT_SURE_ID)
            for part in self._parts(option.label)
        )
        named = mark_denied(words, book.find(words, self._known), self._negators, self._contrast)
        signs = tuple(dict.fromkeys(match.payload for match in named if not match.denied))
        if signs:
            return Reading(ANSWER, signs=signs)
        if "not_sure" in said or "soft_no" in said:
            return Reading(ANSWER, mark=NOT_SURE)
        if said & {"no", "none"} and not named and not self._unexplained(words, verdicts, set()):
            return Reading(ANSWER, mark=NO)
        return Reading(UNREAD)

    @staticmethod
    def _parts(label: str) -> Iterable[str]:
        """The pieces of a sign's text between commas and "or", when they are two words or more."""
        for part in re.split(r"[,.]|\bor\b|\band\b", plain(label)):
            piece = re.sub(r"^\s*(a|an|the)\s+", "", part).strip()
            if len(piece.split()) >= 2:
                yield piece

    def _list_said(self, words: Words, verdicts: list[Match[str]], prompt: Prompt) -> Reading:
        """Items named, denied, "only" and "none". Silence about an item says nothing."""
        if self._excepting.find(words):
            return Reading(UNREAD)
        name = prompt.id.partition(":")[2]
        checklist = self._wording.lists[name]
        offered = {option.id for option in prompt.options}
        questions = {item.question for item in checklist.items if item.id in offered}
        found: list[Match[str]] = []
        for item in checklist.items:
            if item.id in offered:
                found += self._items[f"{item.id}@{name}"].find(words, self._known)
        items = mark_denied(words, longest(found), self._negators, self._contrast)
        answers, maybe = self._tick(prompt, [match.payload for match in items if not match.denied])
        item_question = {item.id: item.question for item in checklist.items}
        denied = {item_question[match.payload] for match in items if match.denied}
        places = {place for match in items for place in match.at}
        for question in questions:
            stated = self._stated(words, question, here=False)
            if stated.conflict:
                return Reading(UNREAD)
            if not stated.options:
                continue
            places |= set(stated.places)
            maybe.pop(question, None)
            answers.pop(question, None)
            (answers if len(stated.options) == 1 else maybe)[question] = stated.options
            denied.discard(question)
        for question in denied:
            if question in answers or question in maybe:
                return Reading(UNREAD)
            answers[question] = (checklist.absent[question],)
        said = {match.payload for match in verdicts if not set(match.at) & places}
        contrast = bool(set(words.words) & (self._contrast - {"only"}))
        only = self._only(words, verdicts, places)
        if answers or maybe:
            return Reading(
                ANSWER, answers=answers, maybe=maybe, rest_absent=only and not contrast, not_sure="not_sure" in said
            )
        if "not_sure" in said or "soft_no" in said:
            return Reading(ANSWER, not_sure=True)
        unexplained = self._unexplained(words, verdicts, set())
        if said & {"all"} and not unexplained and not contrast and not said & {"no", "none"}:
            answers, maybe = self._tick(prompt, [item.id for item in checklist.items if item.id in offered])
            return Reading(ANSWER, answers=answers, maybe=maybe)
        if said & {"no", "none"} and not said & {"yes"} and not contrast and not unexplained:
            return Reading(ANSWER, rest_absent=True)
        return Reading(UNREAD)

    def _only(self, words: Words, verdicts: list[Match[str]], places: set[int]) -> bool:
        """Whether "only" is said of what was named: right before or after it, or in words such as "nothing else"."""
        for match in verdicts:
            if match.payload != "only":
                continue
            if len(match.at) > 1:
                return True
            after = match.at[-1] + 1
            while after < len(words) and words.words[after] in _AFTER_ONLY:
                if after in places:
                    return True
                after += 1
            last = match.at[0] == len(words) - 1 or words.clauses[match.at[0]] != words.clauses[match.at[0] + 1]
            if after in places or (match.at[0] - 1 in places and last):
                return True
        return False

    def _jump_said(self, words: Words, verdicts: list[Match[str]], prompt: Prompt) -> Reading:
        """A bare yes speaks of the clearance alone; the limits are asked on their own."""
        clear = self._wording.jump.covers[0]
        reading = self._question_said(words, verdicts, prompt, clear)
        return reading if reading.kind == ANSWER else Reading(UNREAD)

    def _question_said(self, words: Words, verdicts: list[Match[str]], prompt: Prompt, question: str) -> Reading:
        """One question's answer in words."""
        wording = self._wording.questions[question]
        stated = self._stated(words, question, here=True)
        if stated.conflict or (question == "who" and self._is_witness(words, stated)):
            return Reading(UNREAD)
        said = {match.payload for match in verdicts if not set(match.at) & stated.places}
        offered = {option.id for option in prompt.options} if prompt.kind == "question" else None
        contrast = bool(set(words.words) & (self._contrast - {"only"}))
        if "not_sure" in said and not stated.options:
            return Reading(ANSWER, not_sure=True)
        if "not_sure" in said:
            return Reading(ANSWER, not_sure=True)
        options = stated.options
        positive, negative = "yes" in said, bool(said & {"no", "soft_no"})
        if options:
            if positive and wording.yes and not set(options) & set(wording.yes):
                return Reading(UNREAD)
            if negative and wording.no and not set(options) & set(wording.no):
                return Reading(UNREAD)
        elif stated.denied:
            return Reading(UNREAD)
        elif positive != negative and not contrast:
            echo = self._content_words(prompt)
            if len(self._unexplained(words, verdicts, echo)) <= MOST_UNEXPLAINED:
                options = wording.yes if positive else wording.no
        if offered is not None and options:
            if not offered & set(options):
                return Reading(ANSWER, reopens=True)
            options = tuple(option for option in options if option in offered)
        if not options:
            return Reading(UNREAD)
        if len(options) == 1:
            return Reading(ANSWER, answers={question: tuple(options)})
        if offered is not None and set(options) >= {
            option for option in offered if not self._table.by_id[question].by_id[option].unknown
        }:
            return Reading(UNREAD)
        return Reading(ANSWER, maybe={question: tuple(options)})

    def _stated(self, words: Words, question: str, *, here: bool) -> Stated:
        """What a text says on one question in phrases, lengths, counts or degrees.

        `here`: the question is on the screen.
        """
        book = (self._says_here if here else self._says)[question]
        matches = mark_denied(words, book.find(words, self._known), self._negators, self._contrast)
        places = covered(match for match in matches if not match.denied)
        groups = [match.payload for match in matches if not match.denied]
        rules = self._words
        values: tuple[str, ...] = ()
        if question == rules.durations.question and set(words.words) & set(rules.ago):
            return Stated()
        if question == "who" and not groups:
            values = self._values.age(words)
        elif question == rules.durations.question:
            values = self._values.length(words, asked=here, taken=places)
        elif question == rules.falls_read.question and not groups:
            values = self._values.falls(words, asked=here)
        elif question == rules.degrees_read.question and not groups:
            values = self._values.degrees(words)
        if values:
            groups.append(values)
        denied = frozenset(option for match in matches if match.denied for option in match.payload)
        if not groups:
            return Stated(denied=denied)
        options, conflict = self._together(question, groups)
        if options and set(options) <= denied:
            return Stated(conflict=True, places=frozenset(places))
        return Stated(options, conflict, denied, frozenset(places))

    def _together(self, question: str, groups: list[tuple[str, ...]]) -> tuple[tuple[str, ...], bool]:
        """Several phrases at once.

        A sharper one settles a looser one; the best answer beside another contradicts it.
        """
        left = set(groups[0])
        for group in groups[1:]:
            shared = left & set(group)
            if shared:
                left = shared
                continue
            by_id = self._table.by_id[question].by_id
            both = left | set(group)
            if any(by_id[option].rank == 0 for option in both) or any(by_id[option].unknown for option in both):
                return (), True
            left = left if max(by_id[o].rank for o in left) > max(by_id[o].rank for o in group) else set(group)
        order = [option.id for option in self._table.by_id[question].options]
        return tuple(sorted(left, key=order.index)), False
