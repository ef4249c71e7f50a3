"""What is said below a danger that was told, or below the question whether it is there: closed lists of words.

Only words that can mean nothing else close a danger. The lists are content (`below_danger` in
knowledge/below_danger.yml).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pydantic import BaseModel, Extra

from bot.understanding.cutting import asks, cut, plainly_asks
from bot.understanding.tidy import same_words

YEAR_DIGITS, FIRST_YEAR = 4, 1930
"""Which numbers are years that a person tells of."""

HOURS = frozenset({"hour", "hours", "hr", "hrs"})
"""Words of a wait for help that is long."""

_SHALL, _CALLS = frozenset({"should", "shall", "so", "or"}), frozenset({"ring", "call", "phone"})
_NEED = frozenset({"need", "have", "bother", "really"})
"""Words that ask whether to call, and others that wish not to: "should I really ring"."""

SHORT = 4
"""Words of a message that names a thing and hardly anything about it: "30 tablets"."""


class BelowDanger(BaseModel):
    """The lists, and how sure a topic must be for its answer to be told in an open emergency."""

    not_passed: frozenset[str]
    passed_words: frozenset[str]
    taken_back: frozenset[str]
    long_units: frozenset[str]
    long_marks: frozenset[str]
    long_phrases: frozenset[str]
    long_of: frozenset[str]
    coming_words: frozenset[str]
    help_answers: frozenset[str]
    call_words: frozenset[str]
    cannot_hear: frozenset[str]
    in_emergency_at: float
    fear_topics: frozenset[str]
    no_begins: frozenset[str]
    before_no: frozenset[str]
    no_phrases: frozenset[str]
    no_words: frozenset[str]
    no_none: frozenset[str]
    well_words: frozenset[str]
    settled_words: frozenset[str]
    settled_not: frozenset[str]
    call_phrases: frozenset[str]
    call_later: frozenset[str]
    usual_phrases: frozenset[str]
    usual_not: frozenset[str]
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
    coming_not: frozenset[str]
    farewell_words: frozenset[str]
    ended_phrases: frozenset[str]
    ended_not: frozenset[str]
    ended_never: frozenset[str]
    afraid_phrases: frozenset[str]
    afraid_alone: frozenset[str]
    address_phrases: frozenset[str]
    call_for_me: frozenset[str]
    number_phrases: frozenset[str]
    going_phrases: frozenset[str]
    text_phrases: frozenset[str]
    other_phrases: frozenset[str]
    other_short: frozenset[str]
    helper_words: frozenset[str]
    helper_phrases: frozenset[str]
    taken_phrases: frozenset[str]
    arrived_phrases: frozenset[str]
    helper_not: frozenset[str]
    one_words: frozenset[str]
    not_privacy: frozenset[str]
    somebody_words: frozenset[str]
    what_phrases: frozenset[str]
    what_longest: int
    steps_phrases: frozenset[str]
    wait_words: frozenset[str]
    wait_begins: frozenset[str]
    wait_longest: int
    wait_phrases: frozenset[str]
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
        return in_year or of_years or _says(text, self.long_phrases)

    def _tells(self, text: str, told: frozenset[str]) -> bool:
        """Whether a message says one of the words `told` in what it does not ask, and nothing against it there."""
        said = [same_words(piece).split() for piece in cut(text) or [text] if not asks(piece)]
        against = any(not self.not_passed.isdisjoint(words) for words in said)
        return not against and any(
            not self.courtesy_words.issuperset(words) and not told.isdisjoint(words) for words in said
        )

    def is_usual(self, text: str) -> bool:
        """Whether a message says that it has always been so: "that's normal for him", "for years"."""
        said = same_words(text)
        so_long = not (self.long_units.isdisjoint(said.split()) or self.long_of.isdisjoint(said.split()))
        as_ever = so_long or _says(text, self.usual_phrases)
        return as_ever and self.usual_not.isdisjoint(said.split()) and not asks(text)

    def tells_when(self, text: str) -> bool:
        """Whether a message says when it began, and nothing else: "it started 20 minutes ago"."""
        words = {word for word in same_words(text).split() if not word.isdecimal()}
        return words <= self.when_words and not words.isdisjoint(self.when_marks)

    def tells_long_wait(self, text: str) -> bool:
        """Whether help that is coming takes hours: "they said the ambulance is 3 hours"."""
        return not HOURS.isdisjoint(same_words(text).split())

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
        if _says(text, self.ended_never):
            return False
        told = [piece for piece in cut(text) or [text] if not asks(piece)]
        return self.ended_not.isdisjoint(same_words(text).split()) and any(
            _says(piece, self.ended_phrases) for piece in told
        )

    def is_afraid(self, text: str) -> bool:
        """Whether a message tells of fear and nothing else: "I'm so scared"."""
        words = same_words(text).split()
        alone = len(words) == 1 and not self.afraid_alone.isdisjoint(words)
        return alone or (len(words) <= SHORT + 1 and _says(text, self.afraid_phrases) and not asks(text))

    def knows_no_address(self, text: str) -> bool:
        """Whether the person cannot say where help is to come: "i dont know our address"."""
        return _says(text, self.address_phrases)

    def wants_a_call(self, text: str) -> bool:
        """Whether the bot is asked to call for help: "call me an ambulance"."""
        return len(same_words(text).split()) <= self.what_longest and _says(text, self.call_for_me)

    def knows_no_number(self, text: str) -> bool:
        """Whether the person does not know the number to call."""
        return len(same_words(text).split()) <= self.what_longest and _says(text, self.number_phrases)

    def asks_whether_to_call(self, text: str) -> bool:
        """Whether a message asks if help is to be called, and not whether it must be: "should i ring someone"."""
        words = same_words(text).split()
        calls = not _CALLS.isdisjoint(words)
        return asks(text) and calls and words[0] in _SHALL and _NEED.isdisjoint(words)

    def goes_there(self, text: str) -> bool:
        """Whether a message says that the person is going where help is: "im going to go to a and e then"."""
        later = not self.call_later.isdisjoint(same_words(text).split())
        return _says(text, self.going_phrases) and not asks(text) and not later

    def wants_to_text(self, text: str) -> bool:
        """Whether help is wanted by text: "i cant speak can i text"."""
        return _says(text, self.text_phrases)

    def is_of_another(self, text: str) -> bool:
        """Whether a message says that it is about somebody else: "its my brother not me"."""
        short = len(same_words(text).split()) <= SHORT and _says(text, self.other_short)
        return (short or _says(text, self.other_phrases)) and not asks(text)

    def names_helpers(self, text: str) -> bool:
        """Whether a message names who brings help: "I've called an ambulance"."""
        return self.help_comes(text) and not self.helper_words.isdisjoint(same_words(text).split())

    def has_acted(self, text: str) -> bool:
        """Whether a message says, below thoughts of death, that something was done: "I took them", "30 tablets"."""
        words = same_words(text).split()
        short = len(words) <= SHORT and not self.acted_short.isdisjoint(words)
        done = short or _says(text, self.acted_phrases)
        return done and self.acted_not.isdisjoint(words) and not plainly_asks(text)

    def comes_back(self, text: str) -> bool:
        """Whether a message says that a danger which had passed is there again: "it started again", "I lied"."""
        back = _says(text, self.back_phrases) and self.back_not.isdisjoint(same_words(text).split())
        return back and not asks(text)

    def is_mistaken(self, text: str, never: Collection[str]) -> bool:
        """Whether a message says that it was heard wrongly: "you misunderstood", or for this danger, in phrases that
        stand with it, that it cannot be: "I never took it"."""
        return not asks(text) and (_says(text, self.mistaken_phrases) or _says(text, never))

    def will_call(self, text: str) -> bool:
        """Whether a message says that help is just being called: "ok i will ring"."""
        return not asks(text) and _says(text, self.call_phrases) and not self.puts_off(text)

    def puts_off(self, text: str) -> bool:
        """Whether a message says that help will be called at another time, or not where it is needed: "I'll ring the
        surgery monday"."""
        return _says(text, self.call_phrases) and not self.call_later.isdisjoint(same_words(text).split())

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

    def says_farewell(self, text: str) -> bool:
        """Whether what sounds like a goodbye is one: "I am still here" and "it will not matter soon, bye" are none."""
        words = same_words(text).split()
        return len(words) <= SHORT and not self.farewell_words.isdisjoint(words)

    def asks_what_is_kept(self, text: str) -> bool:
        """Whether what sounds like a question of privacy asks for nothing more: "who do I tell" does."""
        return self.not_privacy.isdisjoint(same_words(text).split())

    def is_with_helpers(self, text: str, *, coming: bool = False) -> bool:
        """Whether a message says that the person is where help is: "we're at A&E now". Who "they" are in "they are
        here" is known only when help was said to be `coming`, or nobody else is to be feared."""
        where = self.helper_phrases
        if coming:
            where = where | self.arrived_phrases | self.taken_phrases
        return not asks(text) and not _says(text, self.helper_not) and _says(text, where)

    def says_not_coming(self, text: str) -> bool:
        """Whether what sounds like help on its way says that none is: "the ambulance is not coming"."""
        words = same_words(text).split()
        return not self.coming_not.isdisjoint(words) and not self.coming_words.isdisjoint(words)

    def tells_of_one(self, text: str) -> bool:
        """Whether who comes is one person, and no helper: "he is coming"."""
        words = same_words(text).split()
        return not self.one_words.isdisjoint(words) and self.call_words.isdisjoint(words)

    def tells_of_somebody(self, text: str) -> bool:
        """Whether a message speaks of another person: "he is coming up the stairs"."""
        return not self.somebody_words.isdisjoint(same_words(text).split())

    def plainly_no(self, text: str) -> bool:
        """Whether a message is a no and nothing that could take it back: "no he is fine", "lord no, nothing like that",
        but not "no better"."""
        words = same_words(text).split()
        if self.begins_with_no(text) and _says(text, self.no_phrases) and "but" not in words:
            return True
        if not words or words[0] not in self.no_begins:
            return False
        rest = {word for word in words[1:] if not word.isdecimal()}
        return rest <= self.no_words or ("not" not in rest and rest <= self.no_words | self.well_words)

    def asks_what_it_is(self, text: str) -> bool:
        """Whether a short message asks what the danger is: "what could it be", "is it a stroke"."""
        return len(same_words(text).split()) <= self.what_longest and _says(text, self.what_phrases)

    def asks_what_to_do(self, text: str) -> bool:
        """Whether a short message asks for the steps: "what can we do"."""
        return len(same_words(text).split()) <= self.what_longest and _says(text, self.steps_phrases)

    def plainly_asks_to_wait(self, text: str) -> bool:
        """Whether words in a message can only ask that: "happy to leave it till then?", "he won't go"."""
        return _says(text, self.wait_phrases) or self.puts_off(text)

    def asks_whether_to_wait(self, text: str) -> bool:
        """Whether a message asks to do less than was told: "so no need to bother anyone?"."""
        words = same_words(text).split()
        if self.plainly_asks_to_wait(text):
            return True
        asked = "?" in text or (bool(words) and words[0] in self.wait_begins)
        return asked and len(words) <= self.wait_longest and not self.wait_words.isdisjoint(words)


def _says(text: str, phrases: Collection[str]) -> bool:
    """Whether a message holds one of the phrases, word for word."""
    said = f" {same_words(text)} "
    return any(f" {phrase} " in said for phrase in phrases)
