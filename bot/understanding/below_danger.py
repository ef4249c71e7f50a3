"""What is said below a danger that was told, or below the question whether it is there: closed lists of words.

Only words that can mean nothing else close a danger. The lists are content (`below_danger` in
knowledge/understanding.yml).
"""

from __future__ import annotations

from pydantic import BaseModel, Extra

from bot.understanding.tidy import same_words


class BelowDanger(BaseModel):
    """The lists, and how sure a topic must be for its answer to be told in an open emergency."""

    not_passed: frozenset[str]
    passed_words: frozenset[str]
    coming_words: frozenset[str]
    help_answers: frozenset[str]
    call_words: frozenset[str]
    cannot_hear: frozenset[str]
    in_emergency_at: float
    no_begins: frozenset[str]
    no_words: frozenset[str]
    well_words: frozenset[str]
    settled_not: frozenset[str]
    wait_words: frozenset[str]
    wait_begins: frozenset[str]
    wait_longest: int
    wait_phrases: frozenset[str]
    fresh_minutes: float
    careful_minutes: float

    class Config:
        extra = Extra.forbid

    def has_passed(self, text: str) -> bool:
        """Whether "it has passed" is believed: not with "still" in it, nor where it only says when it began."""
        words = same_words(text).split()
        return self.not_passed.isdisjoint(words) and not self.passed_words.isdisjoint(words)

    def has_settled(self, text: str) -> bool:
        """Whether it has passed, and nothing that a person needs has gone: "the headache is gone", not "my sight"."""
        return self.has_passed(text) and self.settled_not.isdisjoint(same_words(text).split())

    def help_comes(self, text: str) -> bool:
        """Whether a message says that help is coming, and not only something like it: "it was his first one"."""
        words = same_words(text).split()
        chosen = all(word.isdecimal() for word in words)  # the number of the button
        return chosen or self.answers_help(text) or not self.coming_words.isdisjoint(words)

    def answers_help(self, text: str) -> bool:
        """Whether a yes or a no to "Is help on the way?" says nothing else."""
        return self.help_answers.issuperset(same_words(text).split())

    def speaks_of_calling(self, text: str) -> bool:
        """Whether "I cannot" means a call."""
        return not self.call_words.isdisjoint(same_words(text).split())

    def needs_text(self, text: str) -> bool:
        """Whether "I cannot call" is said by a person who cannot hear or speak."""
        return not self.cannot_hear.isdisjoint(same_words(text).split())

    def plainly_no(self, text: str) -> bool:
        """Whether a message is a no and nothing that could take it back: "no he is fine", but not "no better"."""
        words = same_words(text).split()
        if not words or words[0] not in self.no_begins:
            return False
        rest = set(words[1:])
        return rest <= self.no_words or ("not" not in rest and rest <= self.no_words | self.well_words)

    def plainly_asks_to_wait(self, text: str) -> bool:
        """Whether words in a message can only ask that: "happy to leave it till then?"."""
        said = f" {same_words(text)} "
        return any(f" {phrase} " in said for phrase in self.wait_phrases)

    def asks_whether_to_wait(self, text: str) -> bool:
        """Whether a message asks to do less than was told: "so no need to bother anyone?"."""
        words = same_words(text).split()
        if self.plainly_asks_to_wait(text):
            return True
        asks = "?" in text or (bool(words) and words[0] in self.wait_begins)
        return asks and len(words) <= self.wait_longest and not self.wait_words.isdisjoint(words)
