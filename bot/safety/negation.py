"""Whether a sign is denied: "no chest pain", "no fever, rash or cough", "did I pass out? no".

A denial silences only what it governs: "no chest pain but his speech has gone funny" denies the pain alone.
"""

from __future__ import annotations

import re
from functools import cached_property

from bot.safety.clauses import Clauses
from bot.safety.phrases import Span
from bot.safety.syntax import Structure
from bot.safety.text import BOUNDARY, COMMA

DENIAL_REACH = 8
"""Words a denial reaches forward at most."""
SURE_DENIAL_REACH = 2
"""Words between a denial and a sign up to which no sentence structure is asked for."""
ANSWER_WORDS = 4
"""Words at most of a plain "no" to one's own question."""
_PLAIN_NO = frozenset({"no", "nope", "never", "none", "nothing"})
_STATEMENT_STARTERS = frozenset(
    ["i", "he", "she", "they", "it", "my", "his", "her", "their", "the", "is", "are", "am", "has", "have"]
)
_AFTER_DENIAL = frozenset({"have", "has", "had", "a", "an", "any"})
_LIST_JOINERS = frozenset({"or", "nor"})
_ROUGHLY = frozenset({"so", "two", "three", "four"})
"""After "or" these belong to an amount, as all numbers do: "every hour or so"."""
_NUMBER = re.compile(r"n\d")
"""How a number begins in the plain form of a message (text.py)."""
_MORE_OR_LESS = frozenset({"more", "less"})
"""After "or" these do when nothing follows: "an hour or more"; "rash or more falls" goes on with the list."""


class Denials:
    """The denials of one message."""

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses
        self._keys = clauses.keys

    @cached_property
    def _structure(self) -> Structure:
        return Structure(self._clauses.message)

    def of(self, span: Span) -> tuple[str | None, str | None]:
        """(why it is denied, why it may be denied)."""
        answer = self._answered_no(span)
        if answer:
            return answer, None
        here = self._clauses.sentence(span.first)
        doubt = None
        for negator in self._clauses.cues_here("negators", here):
            if self._no_denial(negator):
                continue
            if negator.last > span.first:
                continue
            between = self._keys[negator.last : span.first]
            if between[:1] == [COMMA] and self._opens_list(negator):
                return self._clauses.said(negator), None
            if len(between) > DENIAL_REACH or self._scope_ends(negator.last, span.first):
                continue
            listed = self._is_list(negator, span, between)
            if COMMA in between and not listed:
                if between == [*between[:-1], COMMA] and len(between) <= 4 and self._ends_clause(span.last):
                    doubt = self._clauses.said(negator)
                continue
            if "and" in between and not listed:
                if between[-1] == "and" and len(between) <= 4 and span.last - span.first <= 2:
                    doubt = self._clauses.said(negator)
                continue
            nearer = self._nearer_sign(negator, span)
            if nearer is not None and not listed:
                if not _STATEMENT_STARTERS.intersection(self._keys[nearer : span.first]):
                    doubt = self._clauses.said(negator)
                continue
            near = len([key for key in between if key not in ("a", "an", "any", "the", "my", "his", "her")])
            if listed or near <= SURE_DENIAL_REACH or not self._structure.available:
                return self._clauses.said(negator), None
            if self._structure.governs((negator.first, negator.last), (span.first, span.last)):
                return self._clauses.said(negator), None
        for after in self._clauses.cues_here("negators_after", here):
            gap = self._keys[span.last : after.first]
            if 0 <= after.first - span.last <= 1 and gap in ([], [COMMA]) and self._ends_clause(after.last):
                return self._clauses.said(after), None
        return None, doubt

    def _answered_no(self, span: Span) -> str | None:
        """The answer of a person who asks and says no: "did I pass out? no, just sat down"."""
        here = self._clauses.sentence(span.first)
        if here + 1 >= len(self._clauses.sentence_starts):
            return None
        start = self._clauses.sentence_starts[here + 1]
        if not self._clauses.message.tokens[start - 1].question:
            return None
        end = next(
            (n for n in range(start, len(self._keys)) if self._keys[n] in (BOUNDARY, COMMA)),
            len(self._keys),
        )
        answer = self._keys[start:end]
        if answer and len(answer) <= ANSWER_WORDS and _PLAIN_NO.intersection(answer):
            return self._clauses.message.words(start, end)
        return None

    def _no_denial(self, negator: Span) -> bool:
        """Whether `negator` only looks like a denial; of two readings the longer one counts ("at no point")."""
        cue = self._clauses.overlapping("not_a_denial", negator)
        if cue is None:
            return False
        longer = negator.last - negator.first > cue.last - cue.first
        return not (longer and negator.first <= cue.first and cue.last <= negator.last)

    def _opens_list(self, negator: Span) -> bool:
        """Whether a colon follows: "I have had none of these: chest pain, a fit"."""
        return self._clauses.message.text[self._clauses.message.tokens[negator.last].start] == ":"

    def _nearer_sign(self, negator: Span, span: Span) -> int | None:
        """Where another sign ends that stands between the denial and `span`; the denial is about that one.

        "no chest pain his speech is odd" denies the pain only.
        """
        signs = self._clauses.signs_by_sentence.get(self._clauses.sentence(span.first), ())
        ends = [last for first, last in signs if negator.last <= first and last <= span.first]
        return max(ends, default=None)

    def _scope_ends(self, first: int, last: int) -> bool:
        """Whether a denial before `first` ends before `last`; "no sudden pain" is one denial, "no, suddenly" is not."""
        while first < last and self._keys[first] in _AFTER_DENIAL:
            first += 1
        if first < last and self._clauses.message.words(first, first + 1).lower() == "sudden":
            first += 1
        here = self._clauses.sentence(first) if first < last else -1
        return any(first <= c.first and c.last <= last for c in self._clauses.cues_here("scope_ends", here))

    def _ends_clause(self, position: int) -> bool:
        return position >= len(self._keys) or self._keys[position] in (
            BOUNDARY,
            COMMA,
            "and",
            "or",
            "but",
        )

    def _is_list(self, negator: Span, span: Span, between: list[str]) -> bool:
        """'no fever, rash or cough': a list that ends in 'or' stays denied as a whole."""
        end = span.last
        while end < len(self._keys) and self._keys[end] not in (BOUNDARY, "but", "and"):
            end += 1
        joiners = [place for place in range(negator.last, end) if self._keys[place] in _LIST_JOINERS]
        if all(self._is_amount(place) for place in joiners):
            return False
        items: list[list[str]] = [[]]
        for key in between:
            if key == COMMA or key in _LIST_JOINERS:
                items.append([])
            else:
                items[-1].append(key)
        return all(len(item) <= 4 for item in items)

    def _is_amount(self, joiner: int) -> bool:
        """Whether an "or" only says about how much: "every hour or so"."""
        after = self._keys[joiner + 1 : joiner + 2]
        return any(key in _ROUGHLY or _NUMBER.match(key) for key in after) or (
            bool(_MORE_OR_LESS.intersection(after)) and self._ends_clause(joiner + 2)
        )
