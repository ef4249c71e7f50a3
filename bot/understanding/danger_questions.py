"""Which line of a danger's advice answers what is asked in it: "should I give him water" – "Do not eat or drink."

By closed lists of words, so that nothing is answered with a line that only resembles the question. The lists are
content (`danger_questions` in knowledge/below_danger.yml).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pydantic import BaseModel, Extra

from bot.understanding.cutting import asks
from bot.understanding.tidy import same_words

SHORT = 8
"""Words of a question on the danger as a whole at most."""

MOST_LINES = 2
"""Lines that forbid something and are said together: which medicine to stop, and which not."""

FEW = 3
"""Words that ask by themselves, without being put as a question: "stretch calf"."""


class Matter(BaseModel):
    """One thing people ask about: the words that ask it, and the words by which a line tells it. Both without marks.

    `besides`: words that show something else is asked ("stop" beside "bounce").
    """

    asked: list[str]
    told: list[str]
    besides: list[str] = []

    class Config:
        extra = Extra.forbid


class DangerQuestions(BaseModel):
    """What is asked in dangers, the words of somebody who is about to do something, and how long a question may be.

    `open_words` begin a question that no yes or no answers. `keeping` turns a question round: "do I keep giving it".
    """

    matters: list[Matter]
    about_to: frozenset[str]
    open_words: frozenset[str]
    keeping: frozenset[str]
    stopping: frozenset[str]
    before: frozenset[str]
    leave: frozenset[str]
    who: frozenset[str]
    serious: frozenset[str]
    serious_not: frozenset[str]
    longest: int

    class Config:
        extra = Extra.forbid

    def line(self, text: str, forbidden: Sequence[str], told: Sequence[str], *, open_now: bool) -> str | None:
        """The line that answers what is asked: one that forbids something before one that is told. None where neither
        speaks of it. `open_now`: while a danger is open whatever touches it counts; else only a question, a word or
        two, or what somebody is about to do."""
        said = same_words(text)
        words = said.split()
        if len(words) > self.longest:
            return None
        if not (open_now or asks(text) or len(words) <= FEW or not self.about_to.isdisjoint(words)):
            return None
        asked = [matter for matter in self.matters if _has(said, matter.asked) and not _has(said, matter.besides)]
        no = list(dict.fromkeys(_that_tell(forbidden, asked[:1])))[:MOST_LINES]
        return " ".join(no) or next(_that_tell([*forbidden, *told], asked), None)

    def asks_leave_for_a_matter(self, text: str) -> bool:
        """Whether a message asks that somebody be allowed one of the matters: "can she have tea"."""
        said = same_words(text)
        words = [word for word in said.split() if word not in self.before]
        if len(words) < 2 or words[1] not in self.who:
            return False  # "can massage guns help"
        named = any(_has(said, matter.asked) and not _has(said, matter.besides) for matter in self.matters)
        return named and len(said.split()) <= SHORT and self.asks_leave(text)

    def asks_leave(self, text: str) -> bool:
        """Whether a message asks to be allowed something, so that a no answers it: "can it wait"."""
        words = [word for word in same_words(text).split() if word not in self.before]
        return bool(words) and words[0] in self.leave

    def asks_how_serious(self, text: str) -> bool:
        """Whether a message asks how bad it is: "is it serious"."""
        words = same_words(text).split()
        of_it = words[:1] != ["how"] and self.serious_not.isdisjoint(words) and not self.serious.isdisjoint(words)
        return asks(text) and of_it and len(words) <= SHORT

    def means_no(self, text: str, line: str) -> bool:
        """Whether a line that forbids something says no to what is asked: not to "do I keep giving it"."""
        words, told = same_words(text).split(), same_words(line).split()
        if told[:2] != ["do", "not"]:
            return False
        if not asks(text) or not self.open_words.isdisjoint(words[:3]) or not self.keeping.isdisjoint(words):
            return False
        return (self.stopping.isdisjoint(words) or "stop" in told) and line.count("Do not") == 1


def _that_tell(lines: Iterable[str], asked: Sequence[Matter]) -> Iterator[str]:
    return (line for line in lines for matter in asked if _has(same_words(line), matter.told))


def _has(said: str, phrases: Collection[str]) -> bool:
    padded = f" {said} "
    return any(f" {phrase} " in padded for phrase in phrases)
