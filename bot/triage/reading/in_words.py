"""Answers in the person's own words, for each kind of prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.triage.agenda import Agenda
from bot.triage.interview_state import NO, NOT_SURE, YES
from bot.triage.prompts import CONFIRM_BACK, NONE_ID, NOT_SURE_ID, SHALL_WE_GO_ON, Prompt
from bot.triage.reading.phrases import Match, Phrasebook, Words, covered, longest, mark_denied, plain, split
from bot.triage.reading.picking import Picker
from bot.triage.reading.reply import ANSWER, UNREAD, Reading
from bot.triage.reading.statements import Statements
from bot.triage.reading.word_lists import WordLists

CONTRADICTION = Reading(UNREAD, contradicts=True)
"""A reply that answers in two ways at once: neither counts."""

MOST_UNEXPLAINED = 2
"""Words a plain yes or no may bring along that no list explains. For danger signs none are allowed beside a no."""
BOUNCE = "bounce bounces bouncing"
"""What the usual bounce is called, as a list of danger signs calls a new one too."""

_AFTER_ONLY = {"my", "the", "a", "one", "that", "i", "it", "is", "am", "feel", "have", "had", "has", "get", "got"}
"""Words that may stand between "only" and what is named."""

_ONLY_OF_A_TIME = {"when", "if", "while", "as", "on", "at", "in", "for", "during", "seconds", "a", "outside"}
"""After "only" or "just" these limit what is named itself: when it happens, or how long."""


class InWords:
    """Reads worded answers. Nothing unclear is ever read as "no"."""

    def __init__(self, agenda: Agenda, lists: WordLists, picker: Picker, statements: Statements) -> None:
        self._table, self._wording, self._lists = agenda.table, agenda.wording, lists
        self._picker, self._statements = picker, statements

    def read(self, words: Words, prompt: Prompt) -> Reading:
        """What a reply that is neither a command nor a question nor a pick says."""
        verdicts = self._lists.verdicts_in(words)
        if prompt.kind in ("group", "sign", CONFIRM_BACK, SHALL_WE_GO_ON):
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

    def _yes_or_no(self, words: Words, verdicts: list[Match[str]], prompt: Prompt) -> Reading:
        """Yes, no or not sure, and nothing that could mean more."""
        said = {match.payload for match in verdicts}
        contrast = bool(set(words.words) & (self._lists.contrast - {"only"}))
        if "not_sure" in said:
            return Reading(ANSWER, mark=NOT_SURE)
        unexplained = self._lists.unexplained(words, verdicts, set())
        negated = bool((set(words.words) & self._lists.negators) - {words.words[place] for place in covered(verdicts)})
        if "soft_no" in said:
            return Reading(ANSWER, mark=NOT_SURE) if prompt.kind == "group" and "yes" not in said else Reading(UNREAD)
        positive, negative = said & {"yes", "all"}, said & {"no", "none"}
        if positive and negative:
            return CONTRADICTION
        first = any(0 in match.at for match in verdicts if match.payload == "yes")
        if positive and unexplained and self._only_names_the_bounce(words, verdicts, prompt):
            return Reading(UNREAD)
        if positive and not contrast and not negated and (not unexplained or (first and prompt.kind != CONFIRM_BACK)):
            return Reading(ANSWER, mark=YES)
        if negative and not contrast and not unexplained:
            return Reading(ANSWER, mark=NO)
        return Reading(UNREAD)

    def _only_names_the_bounce(self, words: Words, verdicts: list[Match[str]], prompt: Prompt) -> bool:
        """Whether a text speaks of the bounce, which everybody here has, and of nothing else that the prompt lists:
        "yeah my foot bounces a lot". It is no yes to a list of danger signs, and no "no" either."""
        listed = self._lists.content_words(prompt) - set(split(BOUNCE).words)
        rest = {word for place, word in enumerate(words.words) if place not in covered(verdicts)}
        return bool(self._lists.bounce.find(words)) and not rest & listed

    def _signs_said(self, words: Words, verdicts: list[Match[str]], prompt: Prompt) -> Reading:
        """Signs named by a part of their own text."""
        said = {match.payload for match in verdicts}
        book: Phrasebook[str] = Phrasebook(
            (part, option.id)
            for option in prompt.options
            if option.id not in (NONE_ID, NOT_SURE_ID)
            for part in self._parts(option.label)
        )
        named = mark_denied(words, book.find(words, self._lists.known), self._lists.negators, self._lists.contrast)
        signs = tuple(dict.fromkeys(match.payload for match in named if not match.denied))
        if signs:
            return Reading(ANSWER, signs=signs)
        if "not_sure" in said or "soft_no" in said:
            return Reading(ANSWER, mark=NOT_SURE)
        plain = not self._lists.unexplained(words, verdicts, set())
        if said & {"no", "none"} and not named and (plain or self._lists.lasting.find(words)):
            return Reading(ANSWER, mark=NO)  # "droopy since 3 years, nothing new": whether it stands is asked next
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
        if self._lists.excepting.find(words):
            return Reading(UNREAD)
        name = prompt.id.partition(":")[2]
        checklist = self._wording.lists[name]
        offered = {option.id for option in prompt.options}
        questions = {item.question for item in checklist.items if item.id in offered}
        found: list[Match[str]] = []
        for item in checklist.items:
            if item.id in offered:
                found += self._lists.items[f"{item.id}@{name}"].find(words, self._lists.known)
        items = mark_denied(words, longest(found), self._lists.negators, self._lists.contrast)
        meant = [match for match in items if not match.denied]
        answers, maybe = self._picker.tick(prompt, [match.payload for match in meant], unclear=self._same_words(meant))
        item_question = {item.id: item.question for item in checklist.items}
        denied = {item_question[match.payload] for match in items if match.denied}
        places = {place for match in items for place in match.at}
        for question in questions:
            stated = self._statements.stated_on(words, question, here=False, length=True)
            if stated.conflict:
                return CONTRADICTION
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
            silent = checklist.absent[question]
            (answers if len(silent) == 1 else maybe)[question] = silent
        said = {match.payload for match in verdicts if not set(match.at) & places}
        contrast = bool(set(words.words) & (self._lists.contrast - {"only"}))
        only = self._only(words, verdicts, places)
        if answers or maybe:
            return Reading(
                ANSWER, answers=answers, maybe=maybe, rest_absent=only and not contrast, not_sure="not_sure" in said
            )
        if "not_sure" in said or "soft_no" in said:
            return Reading(ANSWER, not_sure=True)
        unexplained = self._lists.unexplained(words, verdicts, set())
        if prompt.again and "only" in said and not said & {"yes", "all"} and not contrast and not unexplained:
            return Reading(ANSWER, rest_absent=True)
        if said & {"all"} and not unexplained and not contrast and not said & {"no", "none"}:
            answers, maybe = self._picker.tick(prompt, [item.id for item in checklist.items if item.id in offered])
            return Reading(ANSWER, answers=answers, maybe=maybe)
        if said & {"no", "none"} and not said & {"yes"} and not contrast and not unexplained:
            return Reading(ANSWER, rest_absent=True)
        return Reading(UNREAD)

    @staticmethod
    def _same_words(items: Iterable[Match[str]]) -> set[str]:
        """Items that the same words name: only one of them need be meant."""
        at: dict[tuple[int, ...], set[str]] = {}
        for match in items:
            at.setdefault(tuple(match.at), set()).add(match.payload)
        return {item for named in at.values() if len(named) > 1 for item in named}

    def _only(self, words: Words, verdicts: list[Match[str]], places: set[int]) -> bool:
        """Whether "only" is said of what was named: right before or after it, or in words such as "nothing else".

        `places`: the words of what was named.
        """
        for match in verdicts:
            if match.payload != "only":
                continue
            following = words.words[match.at[-1] + 1 : match.at[-1] + 2]
            if set(match.at) <= places and set(following) & _ONLY_OF_A_TIME:
                continue  # "only when my toes touch first" speaks of the toes, not of the list
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
        stated = self._statements.stated_on(words, question, here=True)
        if stated.conflict:
            return CONTRADICTION
        if question == "who" and self._statements.is_witness(words, stated):
            return Reading(UNREAD)
        said = {match.payload for match in verdicts if not set(match.at) & stated.places}
        offered = {option.id for option in prompt.options} if prompt.kind == "question" else None
        contrast = bool(set(words.words) & (self._lists.contrast - {"only"}))
        if "not_sure" in said and not stated.options:
            return Reading(ANSWER, not_sure=True)
        if "not_sure" in said:
            return Reading(ANSWER, not_sure=True)
        options = stated.options
        positive, negative = "yes" in said, bool(said & {"no", "soft_no"})
        if options:
            if positive and wording.yes and not set(options) & set(wording.yes):
                return CONTRADICTION
            if negative and wording.no and not set(options) & set(wording.no):
                return CONTRADICTION
        elif stated.denied:
            return Reading(UNREAD)
        elif positive and negative:
            return CONTRADICTION
        elif positive != negative and not contrast:
            echo = self._lists.content_words(prompt)
            if len(self._lists.unexplained(words, verdicts, echo)) <= MOST_UNEXPLAINED:
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
