"""What a text says on any question of the table, asked or not."""

from __future__ import annotations

from collections.abc import Iterable

from bot.triage.agenda import Agenda
from bot.triage.reading.phrases import Words, covered, mark_denied
from bot.triage.reading.reply import Stated
from bot.triage.reading.said_values import ValueReader
from bot.triage.reading.word_lists import WordLists


class Statements:
    """Finds statements in phrases, lengths, counts and degrees."""

    def __init__(self, agenda: Agenda, lists: WordLists) -> None:
        self._table, self._wording, self._lists = agenda.table, agenda.wording, lists
        self._values = ValueReader(lists.words)

    def made_in(
        self, words: Words, *, on_bounce: bool, leave_out: Iterable[str] = ()
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """What a text says on any question, asked or not: settled answers, and options left open.

        A text about another time, or one that only worries or wonders, says nothing. `on_bounce`: the bounce is what is
        being talked of.
        """
        answers: dict[str, tuple[str, ...]] = {}
        maybe: dict[str, tuple[str, ...]] = {}
        skipped = {*leave_out, *(() if on_bounce else self._lists.words.bounce_only)}
        if self._lists.not_now.find(words):
            return answers, maybe
        for question in self._wording.questions:
            if question in skipped:
                continue
            stated = self.stated_on(words, question, here=False)
            if stated.conflict or not stated.options:
                continue
            if question == "who" and stated.places and not self._about_another(words, stated):
                continue
            (answers if len(stated.options) == 1 else maybe)[question] = stated.options
        return answers, maybe

    def names_bounce(self, words: Words) -> bool:
        """Whether a text speaks of the bounce."""
        return bool(self._lists.bounce.find(words))

    def _about_another(self, words: Words, stated: Stated) -> bool:
        """Whether a person is named as the one this is about: not as a witness, and with no word of the writer's own
        body.
        """
        return not self.is_witness(words, stated) and not self._lists.first_person.find(words)

    def is_witness(self, words: Words, stated: Stated) -> bool:
        """Whether the person named only does or tells something: "my daughter says", "my son came to lunch"."""
        last = max(stated.places, default=0)
        following = words.words[last + 1 : last + 2]
        return bool(following) and following[0] in self._lists.words.reported

    def stated_on(self, words: Words, question: str, *, here: bool, length: bool = False) -> Stated:
        """What a text says on one question in phrases, lengths, counts or degrees.

        `here`: the question is on the screen. `length`: a length without a word on the bounce counts too, as on a list
        that asks for it: "20 seconds".
        """
        book = (self._lists.says_here if here else self._lists.says)[question]
        matches = mark_denied(words, book.find(words, self._lists.known), self._lists.negators, self._lists.contrast)
        places = covered(match for match in matches if not match.denied)
        groups = [match.payload for match in matches if not match.denied]
        rules = self._lists.words
        values: tuple[str, ...] = ()
        if question == rules.durations.question and set(words.words) & set(rules.ago):
            return Stated()
        if question == "who" and not groups:
            values = self._values.age(words)
        elif question == rules.durations.question:
            values = self._values.length(words, asked=here or length, taken=places)
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
