"""What is said of calling for help, and of those who bring it: closed lists of words.

The lists are content (`calling` in knowledge/below_danger.yml).
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import takewhile

from pydantic import BaseModel, Extra

from bot.understanding.cutting import asks, cut, plainly_asks
from bot.understanding.tidy import same_words

HOURS = frozenset({"hour", "hours", "hr", "hrs"})
"""Words of a wait for help that is long."""

MINUTES = frozenset({"minute", "minutes", "min", "mins"})

_SHALL, _CALLS = frozenset({"should", "shall", "do", "so", "or"}), frozenset({"ring", "call", "phone"})
_NEED = frozenset({"need", "have", "bother", "really"})
_HELPERS = frozenset(
    """an a the for now then not anyway yet still please ambulance emergency number help someone somebody anyone
    anybody them it doctor""".split()  # noqa: SIM905
)
"""Words that ask whether to call, and others that wish not to: "should I really ring". Who helps, and what may stand
beside; "should I call my boss" is another question."""

SHORT = 4
"""Words of a message that names a thing and hardly anything about it: "30 tablets"."""


class Calling(BaseModel):
    """The lists. `longest`: words of a wish that the bot calls, or of not knowing the number, at most;
    `longest_number`: of a question for the number."""

    coming_words: frozenset[str]
    coming_not: frozenset[str]
    help_answers: frozenset[str]
    call_words: frozenset[str]
    cannot_hear: frozenset[str]
    call_phrases: frozenset[str]
    call_later: frozenset[str]
    one_words: frozenset[str]
    call_for_me: frozenset[str]
    number_phrases: frozenset[str]
    emergency_number_phrases: frozenset[str]
    emergency_number_not: frozenset[str]
    address_phrases: frozenset[str]
    going_phrases: frozenset[str]
    text_phrases: frozenset[str]
    helper_words: frozenset[str]
    helper_phrases: frozenset[str]
    told_phrases: frozenset[str]
    taken_phrases: frozenset[str]
    arrived_phrases: frozenset[str]
    seen_phrases: frozenset[str]
    seen_fine: list[str]
    asked_seen: frozenset[str]
    seen_not: frozenset[str]
    test_words: frozenset[str]
    test_clear: frozenset[str]
    test_phrases: frozenset[str]
    test_not: frozenset[str]
    helper_not: frozenset[str]
    longest: int
    longest_number: int

    class Config:
        extra = Extra.forbid

    def tells_long_wait(self, text: str) -> bool:
        """Whether help that is coming takes hours: "they said the ambulance is 3 hours"."""
        return not HOURS.isdisjoint(same_words(text).split())

    def tells_wait(self, text: str) -> bool:
        """Whether a message tells what those who were called said of the wait: "they said 20 minutes"."""
        words = same_words(text).split()
        told = len(words) <= self.longest and says(text, self.told_phrases) and "ago" not in words
        return told and not asks(text) and not (HOURS | MINUTES).isdisjoint(words)

    def wants_a_call(self, text: str) -> bool:
        """Whether the bot is asked to call for help: "call me an ambulance"."""
        return len(same_words(text).split()) <= self.longest and says(text, self.call_for_me)

    def knows_no_number(self, text: str) -> bool:
        """Whether the person does not know the number to call."""
        return len(same_words(text).split()) <= self.longest and says(text, self.number_phrases)

    def asks_number(self, text: str) -> bool:
        """Whether a message asks which number brings help, and not when to call it: "number for an ambulance"."""
        words = same_words(text).split()
        when = not self.emergency_number_not.isdisjoint(words)
        return len(words) <= self.longest_number and not when and says(text, self.emergency_number_phrases)

    def knows_no_address(self, text: str) -> bool:
        """Whether the person cannot say where help is to come: "i dont know our address"."""
        return says(text, self.address_phrases)

    def asks_about_calling(self, text: str) -> bool:
        """Whether a message asks if help is to be called or must be: "should i ring someone", "do i need to call"."""
        words = same_words(text).split()
        place = next((place for place, word in enumerate(words) if word in _CALLS), None)
        if place is None or not asks(text) or words[0] not in _SHALL:
            return False
        whom = takewhile(lambda word: word != "or", words[place + 1 :])
        return all(word in _HELPERS or word.isdecimal() for word in whom)

    def asks_whether_to_call(self, text: str) -> bool:
        """Whether a message asks if help is to be called, and not whether it must be: "should i ring someone"."""
        return self.asks_about_calling(text) and _NEED.isdisjoint(same_words(text).split())

    def goes_there(self, text: str) -> bool:
        """Whether a message says that the person is going where help is: "im going to go to a and e then"."""
        later = not self.call_later.isdisjoint(same_words(text).split())
        return says(text, self.going_phrases) and not asks(text) and not later

    def wants_to_text(self, text: str) -> bool:
        """Whether help is wanted by text: "i cant speak can i text"."""
        return says(text, self.text_phrases)

    def names_helpers(self, text: str) -> bool:
        """Whether a message names who brings help: "I've called an ambulance"."""
        return self.help_comes(text) and not self.helper_words.isdisjoint(same_words(text).split())

    def waits_for_helpers(self, text: str) -> bool:
        """Whether a message says that help is called and asks something: "999 called, what do I do while we wait"."""
        pieces = cut(text)
        return any(map(asks, pieces)) and any(map(self.names_helpers, pieces))

    def will_call(self, text: str) -> bool:
        """Whether a message says that help is just being called: "ok i will ring"."""
        return not asks(text) and says(text, self.call_phrases) and not self.puts_off(text)

    def puts_off(self, text: str) -> bool:
        """Whether a message says that help will be called at another time, or not where it is needed: "I'll ring the
        surgery monday"."""
        return says(text, self.call_phrases) and not self.call_later.isdisjoint(same_words(text).split())

    def help_comes(self, text: str) -> bool:
        """Whether a message says that help is coming, and not only something like it: "it was his first one"."""
        words = same_words(text).split()
        if asks(text) or not self.coming_not.isdisjoint(words) or self.puts_off(text) or self.wants_a_call(text):
            return False  # "they are not coming", "do I still call", "I'll ring on Monday"
        chosen = all(word.isdecimal() for word in words)  # the number of the button
        return chosen or self.answers_help(text) or not self.coming_words.isdisjoint(words)

    def only_help_comes(self, text: str) -> bool:
        """Whether a few words say that help is coming, and no more."""
        return len(same_words(text).split()) <= SHORT + 1 and self.help_comes(text)

    def answers_help(self, text: str) -> bool:
        """Whether a yes or a no to "Is help on the way?" says nothing else."""
        return self.help_answers.issuperset(same_words(text).split())

    def speaks_of_calling(self, text: str) -> bool:
        """Whether "I cannot" means a call."""
        return not self.call_words.isdisjoint(same_words(text).split())

    def needs_text(self, text: str) -> bool:
        """Whether "I cannot call" is said by a person who cannot hear or speak."""
        return not self.cannot_hear.isdisjoint(same_words(text).split())

    def is_with_helpers(self, text: str, *, coming: bool = False) -> bool:
        """Whether a message says that the person is where help is: "we're at A&E now". Who "they" are in "they are
        here" is known only when help was said to be `coming`, or nobody else is to be feared."""
        where = self.helper_phrases
        if coming:
            where = where | self.arrived_phrases | self.taken_phrases
        return not asks(text) and not says(text, self.helper_not) and says(text, where)

    def was_seen(self, text: str) -> bool:
        """Whether a message says that those who help have seen to it: "they checked him over and sent us home"."""
        said = f" {same_words(text)} "
        for fine in self.seen_fine:
            said = said.replace(f" {fine} ", " ")
        seen = says(text, self.seen_phrases) and self.seen_not.isdisjoint(said.split())
        asked = plainly_asks(text) or not self.asked_seen.isdisjoint(same_words(text).split()[:1])
        return not asked and (seen or self._was_ruled_out(text))

    def _was_ruled_out(self, text: str) -> bool:
        """Whether a test found nothing: "they did a scan, no clot"."""
        words = same_words(text).split()
        clear = not self.test_clear.isdisjoint(words) or says(text, self.test_phrases)
        return clear and not self.test_words.isdisjoint(words) and self.test_not.isdisjoint(words)

    def says_not_coming(self, text: str) -> bool:
        """Whether what sounds like help on its way says that none is: "the ambulance is not coming"."""
        words = same_words(text).split()
        return not self.coming_not.isdisjoint(words) and not self.coming_words.isdisjoint(words)

    def tells_of_one(self, text: str) -> bool:
        """Whether who comes is one person, and no helper: "he is coming"."""
        words = same_words(text).split()
        return not self.one_words.isdisjoint(words) and self.call_words.isdisjoint(words)


def says(text: str, phrases: Collection[str]) -> bool:
    """Whether a message holds one of the phrases, word for word."""
    said = f" {same_words(text)} "
    return any(f" {phrase} " in said for phrase in phrases)
