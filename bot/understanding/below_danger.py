"""What is said below a danger that was told, or below the question whether it is there: closed lists of words.

Only words that can mean nothing else close a danger. The lists are content (`below_danger` in
knowledge/below_danger.yml).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from pydantic import BaseModel, Extra

from bot.understanding.calling import SHORT, Calling, says
from bot.understanding.cutting import asks, cut, plainly_asks
from bot.understanding.tidy import same_words

YEAR_DIGITS, FIRST_YEAR = 4, 1930
"""Which numbers are years that a person tells of."""


class BelowDanger(BaseModel):
    """The lists, and how sure a topic must be for its answer to be told in an open emergency."""

    not_passed: frozenset[str]
    passed_words: frozenset[str]
    taken_back: frozenset[str]
    long_units: frozenset[str]
    long_marks: frozenset[str]
    long_phrases: frozenset[str]
    long_of: frozenset[str]
    in_emergency_at: float
    another_at: float
    fear_topics: frozenset[str]
    no_begins: frozenset[str]
    before_no: frozenset[str]
    no_phrases: frozenset[str]
    no_words: frozenset[str]
    no_since: frozenset[str]
    no_none: frozenset[str]
    well_words: frozenset[str]
    settled_words: frozenset[str]
    settled_not: frozenset[str]
    usual_phrases: frozenset[str]
    usual_not: frozenset[str]
    denials: frozenset[str]
    denials_not: frozenset[str]
    denials_longest: int
    nothing_new: list[str]
    when_words: frozenset[str]
    when_marks: frozenset[str]
    courtesy_words: frozenset[str]
    acted_phrases: frozenset[str]
    acted_not: frozenset[str]
    acted_short: frozenset[str]
    back_phrases: frozenset[str]
    back_not: frozenset[str]
    mistaken_phrases: frozenset[str]
    meant_nothing: frozenset[str]
    farewell_words: frozenset[str]
    ended_phrases: frozenset[str]
    ended_not: frozenset[str]
    ended_never: frozenset[str]
    afraid_phrases: frozenset[str]
    afraid_alone: frozenset[str]
    other_phrases: frozenset[str]
    other_short: frozenset[str]
    not_privacy: frozenset[str]
    somebody_words: frozenset[str]
    what_phrases: frozenset[str]
    what_longest: int
    steps_phrases: frozenset[str]
    wait_words: frozenset[str]
    wait_begins: frozenset[str]
    wait_longest: int
    wait_phrases: frozenset[str]
    calling: Calling
    fresh_minutes: float
    careful_minutes: float

    class Config:
        extra = Extra.forbid

    def has_passed(self, text: str) -> bool:
        """Whether "it has passed" is believed: not with "still" in it, where it only says when it began, or where it
        is asked: "is it over now"."""
        long_ago = self.long_units if self.tells_of_long_ago(text) else frozenset()
        return self._tells(text, self.passed_words | long_ago)

    def takes_back(self, text: str) -> bool:
        """Whether what is said to have passed was no danger now: "it was a joke", "that was two years ago"."""
        return self.tells_of_long_ago(text) or not self.taken_back.isdisjoint(same_words(text).split())

    def tells_of_long_ago(self, text: str) -> bool:
        """Whether a message tells of months or years ago: "two years ago", "in 2019"."""
        words = frozenset(same_words(text).split())
        years = (int(word) for word in words if len(word) == YEAR_DIGITS and word.isdecimal())
        in_year = any(FIRST_YEAR <= year < date.today().year for year in years)
        of_years = not (words.isdisjoint(self.long_units) or words.isdisjoint(self.long_marks))
        return in_year or of_years or says(text, self.long_phrases)

    def _tells(self, text: str, told: frozenset[str]) -> bool:
        """Whether a message says one of the words `told` in what it does not ask, and nothing against it there."""
        said = [same_words(piece).split() for piece in cut(text) or [text] if not asks(piece)]
        against = any(not self.not_passed.isdisjoint(words) for words in said)
        return not against and any(
            not self.courtesy_words.issuperset(words) and not told.isdisjoint(words) for words in said
        )

    def is_usual(self, text: str) -> bool:
        """Whether a message says that it has always been so: "that's normal for him", "for years"."""
        said = f" {same_words(text)} "
        plainly = next((phrase for phrase in self.nothing_new if f" {phrase} " in said), "")
        said = said.replace(f" {plainly} ", " ") if plainly else said
        so_long = not (self.long_units.isdisjoint(said.split()) or self.long_of.isdisjoint(said.split()))
        as_ever = bool(plainly) or so_long or says(text, self.usual_phrases)
        return as_ever and self.usual_not.isdisjoint(said.split()) and not asks(text)

    def only_denies(self, text: str) -> bool:
        """Whether a message says of signs that they are not there, and nothing else: "no fever", "no chest pain,
        breathing is fine"."""
        words = same_words(text).split()
        if not 1 < len(words) <= self.denials_longest or asks(text) or not self.denials_not.isdisjoint(words):
            return False
        if words[0] in self.no_begins and words[1] in self.no_none:
            return False
        fine = self.denials | self.well_words | self.passed_words
        if words[0] in self.no_begins and words[1] in self.no_words and fine.isdisjoint(words[1:]):
            return False  # "no it hurts"
        parts = [part for part in re.split(r"[,.;]|\band\b", text) if same_words(part)]
        return not self.denials.isdisjoint(words) and all(
            not fine.isdisjoint(same_words(part).split()) for part in parts
        )

    def tells_when(self, text: str) -> bool:
        """Whether a message says when it began, and nothing else: "it started 20 minutes ago"."""
        words = {word for word in same_words(text).split() if not word.isdecimal()}
        return words <= self.when_words and not words.isdisjoint(self.when_marks)

    def only_courteous(self, text: str) -> bool:
        """Whether a message is a courtesy that answers nothing: "ok thanks"."""
        words = same_words(text).split()
        return bool(words) and self.courtesy_words.issuperset(words)

    def begins_with_no(self, text: str) -> bool:
        """Whether a message begins with a no and may mean it, whatever it goes on with: "no, it was a hangover"."""
        words = same_words(text).split()
        while words and words[0] in self.before_no:
            words = words[1:]
        return len(words) > 1 and words[0] in self.no_begins and words[1] not in self.no_none

    def has_settled(self, text: str) -> bool:
        """Whether it has passed, and nothing that a person needs has gone: "the headache is gone", not "my sight"."""
        return self._tells(text, self.settled_words) and self.settled_not.isdisjoint(same_words(text).split())

    def has_ended(self, text: str) -> bool:
        """Whether a message says that the signs have stopped: "its stopped, she is breathing again"."""
        if says(text, self.ended_never):
            return False
        told = [piece for piece in cut(text) or [text] if not asks(piece)]
        return self.ended_not.isdisjoint(same_words(text).split()) and any(
            says(piece, self.ended_phrases) for piece in told
        )

    def is_afraid(self, text: str) -> bool:
        """Whether a message tells of fear and nothing else: "I'm so scared"."""
        words = same_words(text).split()
        alone = len(words) == 1 and not self.afraid_alone.isdisjoint(words)
        return alone or (len(words) <= SHORT + 1 and says(text, self.afraid_phrases) and not asks(text))

    def is_of_another(self, text: str) -> bool:
        """Whether a message says that it is about somebody else: "its my brother not me"."""
        short = len(same_words(text).split()) <= SHORT and says(text, self.other_short)
        return (short or says(text, self.other_phrases)) and not asks(text)

    def has_acted(self, text: str) -> bool:
        """Whether a message says, below thoughts of death, that something was done: "I took them", "30 tablets"."""
        words = same_words(text).split()
        short = len(words) <= SHORT and not self.acted_short.isdisjoint(words)
        done = short or says(text, self.acted_phrases)
        return done and self.acted_not.isdisjoint(words) and not plainly_asks(text)

    def comes_back(self, text: str) -> bool:
        """Whether a message says that a danger which had passed is there again: "it started again", "I lied"."""
        back = says(text, self.back_phrases) and self.back_not.isdisjoint(same_words(text).split())
        return back and not asks(text)

    def is_mistaken(self, text: str, never: Collection[str]) -> bool:
        """Whether a message says that it was heard wrongly: "you misunderstood", or for this danger, in phrases that
        stand with it, that it cannot be: "I never took it"."""
        return not asks(text) and (says(text, self.mistaken_phrases) or says(text, never))

    def says_farewell(self, text: str) -> bool:
        """Whether what sounds like a goodbye is one: "I am still here" and "it will not matter soon, bye" are none."""
        words = same_words(text).split()
        return len(words) <= SHORT and not self.farewell_words.isdisjoint(words)

    def asks_what_is_kept(self, text: str) -> bool:
        """Whether what sounds like a question of privacy asks for nothing more: "who do I tell" does."""
        return self.not_privacy.isdisjoint(same_words(text).split())

    def tells_of_somebody(self, text: str) -> bool:
        """Whether a message speaks of another person: "he is coming up the stairs"."""
        return not self.somebody_words.isdisjoint(same_words(text).split())

    def plainly_no(self, text: str) -> bool:
        """Whether a message is a no and nothing that could take it back: "no he is fine", "lord no, nothing like that",
        "no since my stroke", but not "no better"."""
        words = self._without_since(same_words(text).split())
        if self.begins_with_no(text) and says(text, self.no_phrases) and "but" not in words:
            return True
        if not words or words[0] not in self.no_begins:
            return False
        rest = {word for word in words[1:] if not word.isdecimal()}
        return rest <= self.no_words or ("not" not in rest and rest <= self.no_words | self.well_words)

    def _without_since(self, words: list[str]) -> list[str]:
        """The words without "since my stroke", which says of what was asked about that it is old."""
        for place in range(len(words) - 2):
            since, whose, what = words[place : place + 3]
            if since == "since" and whose in ("my", "his", "her") and what in self.no_since:
                return [*words[:place], *words[place + 3 :]]
        return words

    def asks_what_it_is(self, text: str) -> bool:
        """Whether a short message asks what the danger is: "what could it be", "is it a stroke"."""
        return len(same_words(text).split()) <= self.what_longest and says(text, self.what_phrases)

    def asks_what_to_do(self, text: str) -> bool:
        """Whether a short message asks for the steps: "what can we do"."""
        return len(same_words(text).split()) <= self.what_longest and says(text, self.steps_phrases)

    def plainly_asks_to_wait(self, text: str) -> bool:
        """Whether words in a message can only ask that: "happy to leave it till then?", "he won't go"."""
        return says(text, self.wait_phrases) or self.calling.puts_off(text)

    def asks_whether_to_wait(self, text: str) -> bool:
        """Whether a message asks to do less than was told: "so no need to bother anyone?"."""
        words = same_words(text).split()
        if self.plainly_asks_to_wait(text):
            return True
        asked = "?" in text or (bool(words) and words[0] in self.wait_begins)
        return asked and len(words) <= self.wait_longest and not self.wait_words.isdisjoint(words)
