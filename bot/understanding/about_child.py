"""Whether a message tells that the person it speaks of is a child or a baby now: "my son is 9", "our toddler's foot".

What the library says is for adults (the warning sign `child-or-newborn` says so), and whoever told of a child is told
that: by an age, or by a word for somebody that young. "I had it since I was 6" and "6 weeks after my stroke" tell of
nobody's age now.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from pydantic import BaseModel, Extra

from bot.understanding.tidy import tidy

_YEARS = r"(?:years?|yrs?|y)"
_UNDER_YEARS = r"(?:months?|mths?|mos?|weeks?|wks?|days?)"
_ENDS = r"(?= ?(?:$|[.,;:!?)]|(?:and|with|now|but|old)\b))"
"""What follows an age that is not put in digits alone: "she is two and ...", not "he is one of many"."""
_OF_ONESELF = re.compile(r"\b(?:i'm|i am|im)\b")
"""Who counts weeks or months of oneself is pregnant, or tells how long ago something was."""
_FILLER = r"(?:only |just |now |about |nearly |almost |turning )?"


class ChildWords(BaseModel):
    """The words by which a child is told of (knowledge/understanding.yml).

    `adult_at`: years of age from which nobody is a child any more. `numbers`: the words for ages, from 1. `young`: what
    only a child is called, has, or goes to. `whose`: words for somebody whose age may follow ("my son is 9").
    `not_aged`: what else may be so many years old. `then`: words before an age that tell of another time.
    `after_number`: what makes a number no age ("she is 6 feet tall"). `not_young`: words beside which a young word
    tells of nobody's age now ("when I had my baby").
    """

    adult_at: int
    numbers: list[str]
    young: list[str]
    whose: list[str]
    not_aged: list[str]
    then: list[str]
    after_number: list[str]
    not_young: list[str]

    class Config:
        extra = Extra.forbid
        keep_untouched = (cached_property,)

    def told_in(self, text: str) -> bool:
        """Whether a message tells of a child or baby. An age counts before a name: "my boy is 34"."""
        plain = tidy(text)
        ages = list(self._ages(plain))
        if ages:
            return any(age < self.adult_at for age in ages)
        return self._young.search(plain) is not None and self._not_young.search(plain) is None

    def _ages(self, plain: str) -> Iterator[float]:
        """The ages in years that a message gives somebody now; 0 for weeks and months."""
        for pattern in self._patterns:
            for found in pattern.finditer(plain):
                under = found.groupdict().get("under")
                if self._then.search(found["before"]) or (under and _OF_ONESELF.search(found[0])):
                    continue
                said = found["age"]
                years = int(said) if said.isdigit() else self.numbers.index(said) + 1
                yield 0.0 if under else float(years)

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        before = r"(?<![\w./-])(?P<before>(?:[\w']+ ){0,3})"
        number = rf"(?P<age>\d{{1,2}}|{_any(self.numbers)})"
        unit = rf"(?:{_YEARS}|(?P<under>{_UNDER_YEARS}))"
        whose = rf"(?:{_any(self.whose)})(?:'s| is|s| are|)[ ,.(]{{0,2}}{_FILLER}"
        no_age = rf"(?!['.:/%]?\d)(?! ?(?:{_any(self.after_number)})\b)"
        return (
            re.compile(rf"{before}{number}[ -]?(?:{unit}[ -]?old|yo|y/o)s?\b(?! (?:{_any(self.not_aged)})\b)"),
            re.compile(rf"{before}(?:aged?|turning|turned) {number}\b"),
            re.compile(rf"{before}{whose}(?P<age>\d{{1,2}}){no_age}(?![\w-])"),
            re.compile(rf"{before}{whose}{number}(?:[ -]?{unit})?\b{_ENDS}"),
        )

    @cached_property
    def _then(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{_any(self.then)})\b")

    @cached_property
    def _young(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{_any(self.young)})\b")

    @cached_property
    def _not_young(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{_any(self.not_young)})\b")


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
