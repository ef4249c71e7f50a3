"""Lengths of time, falls and degrees in typed answers: "about five minutes", "twice last month", "12 degrees".

What leaves several options open is said so; what does not fit is left alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from bot.triage.reading.phrases import Pattern, Phrasebook, Words, mark_denied
from bot.triage.wording_models import ReadingWords

Options = tuple[str, ...]

MORE, LESS, ABOUT = "more", "less", "about"
"""How a number is meant: "over 5", "under 5", "5"."""

FULL_DEGREES = 10
"""The mark of the starting article for how far a foot should bend up (triage.yml, question ankle-bend)."""

ADULT_AGE = 18
"""The age from which the table counts a person as an adult (question who)."""

OLDEST = 115
"""A larger number is not an age."""


class ValueReader:
    """Reads quantities with the word lists of the wording."""

    def __init__(self, words: ReadingWords) -> None:
        self._words = words
        self._quantities = dict(words.quantities)
        self._more = Phrasebook((text, True) for text in words.more_than)
        self._less = Phrasebook((text, True) for text in words.less_than)
        falls = words.falls_read
        self._in_month = Phrasebook((text, True) for text in falls.in_month)
        self._in_year = Phrasebook((text, True) for text in falls.in_year)
        self._negators = {negator for negator in words.negators if " " not in negator}
        self._bounce = [Pattern(text) for text in words.bounce_words]

    def length(self, words: Words, *, asked: bool, taken: set[int]) -> Options:
        """Options of the bounce's length; of several lengths the longest.

        `taken` places belong to phrases already read.
        """
        if not asked and not any(
            pattern.find(words, start, ()) for pattern in self._bounce for start in range(len(words))
        ):
            return ()
        found = list(self._lengths(words, taken))
        if not found:
            return ()
        order = list(self._length_options())
        return max(found, key=lambda options: max(order.index(option) for option in options))

    def _length_options(self) -> Iterator[str]:
        durations = self._words.durations
        yield from (*durations.up_to_and_with, *durations.below, *durations.up_to_and_with_long, durations.longer)

    def _lengths(self, words: Words, taken: set[int]) -> Iterator[Options]:
        units = self._words.durations.units
        for place, word in enumerate(words.words):
            if word not in units or place in taken or (len(word) == 1 and place == 0):
                continue
            following = words.words[place + 1 : place + 2]
            if following and following[0] in self._words.ago:
                continue
            value, start = self._quantity_before(words, place)
            if value is None or start in taken:
                continue
            how = self._how(words, start)
            option = self._length_option(value * units[word], how)
            order = list(self._length_options())
            yield tuple(order[order.index(option) :]) if how == MORE else (option,)

    def _quantity_before(self, words: Words, place: int) -> tuple[float | None, int]:
        """The number that stands before a unit: "5", "a couple of", "half a"."""
        start = place - 1
        while start >= 0 and words.words[start] in ("of", "or", "so"):
            start -= 1
        if start < 0 or words.sentences[start] != words.sentences[place]:
            return None, place
        value = self._number(words.words[start])
        if value is None:
            return None, place
        before = words.words[start - 1] if start > 0 else ""
        if words.words[start] in ("a", "an") and before in self._quantities and before not in ("a", "an"):
            return self._quantities[before], start - 1
        if before in ("a", "an"):
            start -= 1
        return value, start

    def _number(self, word: str) -> float | None:
        if word in self._quantities:
            return float(self._quantities[word])
        try:
            return float(word)
        except ValueError:
            return None

    def _length_option(self, seconds: float, how: str) -> str:
        durations = self._words.durations
        if how == MORE:
            seconds += 0.5
        if how == LESS:
            seconds -= 0.5
        for option, most in durations.up_to_and_with.items():
            if seconds <= most:
                return option
        for option, most in durations.below.items():
            if seconds < most:
                return option
        for option, most in durations.up_to_and_with_long.items():
            if seconds <= most:
                return option
        return durations.longer

    def _how(self, words: Words, start: int) -> str:
        """Whether "more than" or "less than" stands right before a place."""
        for book, how in ((self._more, MORE), (self._less, LESS)):
            if any(match.at[-1] == start - 1 for match in book.find(words)):
                return how
        return ABOUT

    def falls(self, words: Words, *, asked: bool) -> Options:
        """Options of the question about falls. Without a time, an older fall is left open too."""
        rules = self._words.falls_read
        said = set(words.words)
        if not asked and (
            not said & {"fell", "falls", "fallen", "fall"}
            or said & {"backward", "backwards", "feel", "afraid", "asleep"}
        ):
            return ()
        months = mark_denied(words, self._in_month.find(words), self._negators, ())
        month, year = any(not match.denied for match in months), bool(self._in_year.find(words))
        not_this_month = bool(months) and not month
        in_times = {
            place for book in (self._in_month, self._in_year) for match in book.find(words) for place in match.at
        }
        units = {"day", "days", "week", "weeks", "month", "months", "year", "years", *self._words.durations.units}
        # "a couple of seconds", "two days": lengths, not counts of falls.
        before_units = {
            place
            for place in range(len(words))
            if units & set(words.words[place + 1 : place + 2])
            or (words.words[place + 1 : place + 2] == ("of",) and units & set(words.words[place + 2 : place + 3]))
            or words.words[place + 1 : place + 2] in (("couple",), ("few",))
        }
        counting = [word for place, word in enumerate(words.words) if place not in in_times | before_units]
        once = any(word in rules.once and word != "a" for word in counting) or any(
            pair[0] == "a" and pair[1] in rules.fall_words for pair in itertools.pairwise(counting)
        )
        more = any(word in rules.more for word in counting)
        if not_this_month:
            return ("one-year",) if once and not more else ("more-year",) if more else ()
        if "years" in said or (once and more) or not (once or more or month or year):
            return ()
        if month:
            return ("one-month",) if once else ("more-month",) if more else ("one-month", "more-month")
        long_ago = bool(self._in_year.find(words)) and "months" in said
        if long_ago:
            return ("one-year",) if once else ("more-year",) if more else ("one-year", "more-year")
        if not once and not more:
            return (
                ("one-year", "more-year", "one-month", "more-month")
                if year and (asked or said & {"fell", "fallen"})
                else ()
            )
        open_ = ("one-year", "one-month") if once else ("more-year", "one-month", "more-month")
        return open_ if year else ("none-year", *open_)

    def age(self, words: Words) -> Options:
        """Who it is about from an age: "I am 70", "my 7 year old"."""
        for place, word in enumerate(words.words):
            if not word.isdigit() or place == 0:
                continue
            years_old = words.words[place + 1 : place + 3] in (
                ("year", "old"),
                ("years", "old"),
                ("yr", "old"),
                ("yrs", "old"),
            )
            end = (
                place + 1 == len(words)
                or words.clauses[place + 1] != words.clauses[place]
                or words.words[place + 1] == "and"
            )
            if words.words[place - 1] == "my" and years_old:
                return ("child",) if 1 <= int(word) < ADULT_AGE else ()
            before = words.words[max(0, place - 3) : place]
            own = before[-2:] == ("i", "am") or before == ("i", "am", "a")
            if own and (years_old or end) and ADULT_AGE <= int(word) <= OLDEST:
                return ("me",)
        return ()

    def degrees(self, words: Words) -> Options:
        """Options of the ankle's bend from a number of degrees."""
        rules = self._words.degrees_read
        for place, word in enumerate(words.words):
            if word not in rules.words or place == 0:
                continue
            value = self._number(words.words[place - 1])
            if value is None:
                return ()
            how = self._how(words, place - 1)
            if place > 1 and words.words[place - 2] in ("minus", "negative"):
                return (rules.below_zero,) if value > 0 else (rules.less,)
            if how == MORE and value < FULL_DEGREES:
                return ()
            if how == LESS:
                return (rules.less,) if 0 < value <= FULL_DEGREES else ()
            return (rules.ten_or_more,) if value >= FULL_DEGREES else (rules.less,)
        return ()
