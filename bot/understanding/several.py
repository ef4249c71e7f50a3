"""Several things in one message: cut it where one ends and the next begins, and read each by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from bot.understanding.all_well import all_is_well
from bot.understanding.context import Context
from bot.understanding.correcting import meant_instead, turned_to
from bot.understanding.cutting import asks, cut, plainly_asks
from bot.understanding.details import Detail
from bot.understanding.listing import things_listed
from bot.understanding.reading import NOT_PLACED, Reading
from bot.understanding.sureness import Sureness
from bot.understanding.tidy import same_words

OWN_MATTERS = frozenset({"dose", "medicine_change", "start_check", "ask_human"})
OWN_WHEN_ASKED = frozenset(
    {"diagnosis", "prognosis", "everyday_life", "other_illness", "legal_or_insurance", "ask_privacy", "ask_about"}
)
"""Intents that are a matter of their own inside a longer message; the second when put as a question. Greetings and
thanks are none."""

OF_THE_BOT = frozenset({"ask_privacy", "ask_about", "ask_human", "start_check"})
"""Those of them that are never about the topic before them: "and who can read this?"."""

COURTESIES = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "unsure", "feedback_good", "nothing"})
"""Intents of pieces that ask for nothing and change nothing."""

UNPLACED = frozenset({"not_placed", "ask_question", "report_problem"})
"""Intents of pieces that may ask for a topic all the same."""

UNCLEAR = UNPLACED | {"other_illness", "chitchat"}
"""Intents of questions that the person is told of when they fit nothing: as long ones they are seldom that."""

WORDS_OF_A_PIECE = 2
"""Words that each part of a message has at most that is said in single words."""

ReadOne = Callable[[str, "Context | None"], Reading]
PointsBack = Callable[[str], bool]


@dataclass(frozen=True)
class Piece:
    """One matter of a message: its words and what was understood of them."""

    text: str
    reading: Reading


def understand(
    text: str, context: Context | None, read: ReadOne, points_back: PointsBack, sure: Sureness
) -> tuple[Reading, tuple[Piece, ...]]:
    """What was understood of a message, and its separate matters in order when it has more than one.

    Questions in it that could not be placed come last, with the intent NOT_PLACED, so that none is dropped in silence.
    Each piece is read after the one before it, so that "my brace rubs, how often should I look?" stays one matter. Of a
    correction ("not the pump, the tablets") only what is meant is read, by itself if that is about a topic. So is what
    a message turns to ("anyway, does botox work").
    """
    to = turned_to(text)
    if to is not None and read(to, None).in_scope:
        return understand(to, None, read, points_back, sure)
    meant = meant_instead(text)
    for instead in (None, context) if meant else ():
        reading = read(meant or "", instead)
        if reading.in_scope:
            return reading, ()
    listed = _listed(text, read, sure)
    if listed:
        return read(text, context), listed
    pieces = cut(text)
    if len(pieces) < 2:
        return read(text, context), ()
    if _is_in_pieces(text):
        whole = read(text, context)
        if whole.in_scope and whole.topics[0].score >= sure.told_behind:
            return whole, ()
    matters = _Matters(context, read, points_back, sure)
    for words in pieces:
        matters.hear(words)
    found, unclear = _question_first(text, matters.found, sure), matters.unclear_beside_found()
    if any(piece.reading.intent == "start_check" for piece in found):
        # the check-in takes in what is told beside the wish for it
        found = [piece for piece in found if piece.reading.intent == "start_check" or asks(piece.text)]
    elif found and unclear:
        return read(text, context), (*found, *unclear)
    whole = read(text, context)
    if len(found) == 1 and matters.nothing_beside(found[0]):
        # "he's on baclofen, what is that for", after the brace: that is the baclofen, by the whole message
        turns = found[0].reading.follow_up and whole.in_scope and not whole.follow_up
        return whole if turns else found[0].reading, ()
    return whole, tuple(found) if len(found) > 1 else ()


def _is_in_pieces(text: str) -> bool:
    """Whether a message is one thing said word by word, as people do after a stroke: "leg shake. night. why"."""
    parts = [same_words(part).split() for part in text.split(".") if same_words(part)]
    return len(parts) > 2 and all(len(part) <= WORDS_OF_A_PIECE for part in parts)


def beside_danger(text: str, said: Collection[str], read: ReadOne, sure: Sureness) -> tuple[Piece, ...]:
    """The questions in a message of a danger that surely are about a topic and hold none of the words `said` that the
    danger was found by: they wait until it has been told what to do."""
    found: dict[str, Piece] = {}
    for words in cut(text):
        of_danger = any(part.casefold() in words.casefold() for part in said)
        if of_danger or not asks(words):
            continue
        piece = Piece(words, read(words, None))
        if piece.reading.in_scope and piece.reading.topics[0].score >= sure.told_behind:
            found.setdefault(_about(piece), piece)
    return tuple(found.values())


def _question_first(text: str, found: list[Piece], sure: Sureness) -> list[Piece]:
    """The matters of a message, of a long one those that it tells before its first clear question last: they are the
    story to it."""
    first = next((place for place, piece in enumerate(found) if _is_clear_question(piece, sure)), 0)
    if len(same_words(text).split()) < sure.words_story:
        return found
    story = [piece for piece in found[:first] if not asks(piece.text)]
    return [*(piece for piece in found if piece not in story), *story]


def _listed(text: str, read: ReadOne, sure: Sureness) -> tuple[Piece, ...]:
    """The matters of a message that only names things, one of which may not be understood; nothing for any other."""
    things = [Piece(words, read(words, None)) for words in things_listed(text)]
    needed = sure.listed if len(things) > 2 else sure.listed_two  # "pain and stiffness" may be one thing
    found: dict[str, Piece] = {}
    for thing in things:
        if thing.reading.in_scope and thing.reading.topics[0].score >= needed:
            found.setdefault(_about(thing), thing)
    unclear = [thing for thing in things if not thing.reading.in_scope or thing.reading.topics[0].score < needed]
    if len(found) < 2 or len(unclear) > 1:
        return ()
    return (*found.values(), *(replace(one, reading=_unplaced(one.reading)) for one in unclear))


def _unplaced(reading: Reading) -> Reading:
    return replace(reading, intent=NOT_PLACED, in_scope=False)


class _Matters:
    """The matters of one message, as its pieces are heard in order. `context`: what was told before the message."""

    def __init__(self, context: Context | None, read: ReadOne, points_back: PointsBack, sure: Sureness) -> None:
        self.found: list[Piece] = []
        self.unclear: list[Piece] = []
        self._before, self._so_far = context, context
        self._read, self._points_back, self._sure = read, points_back, sure
        self._asked = False
        self._others: list[str] = []  # the intents of pieces that are no matter

    def hear(self, words: str) -> None:
        """Take the next piece in."""
        piece = self._piece(words)
        beside = self._counts_beside(piece)
        if beside:
            piece = replace(piece, reading=replace(piece.reading, in_scope=True))
        if piece.reading.in_scope:  # also when it is only what a question leans on
            self._so_far = replace(self._so_far or Context(), topic=_about(piece))
        if not (beside or _is_matter(piece, self._sure, behind=self._asked)):
            if _is_unclear(piece, self._sure):
                self.unclear.append(Piece(words, replace(piece.reading, intent=NOT_PLACED)))
            self._others.append(piece.reading.intent)
            return
        same = next((place for place, other in enumerate(self.found) if _about(other) == _about(piece)), None)
        if same is None:
            self.found.append(piece)
        elif asks(words):
            self.found[same] = _together(self.found[same], piece, self._sure)
        self._asked = self._asked or asks(words)
        if not piece.reading.in_scope and self._so_far is not None:
            # what follows a matter without a topic ("I take 10 mg, is that a lot") is not about the topic told before
            self._so_far = replace(self._so_far, topic=None)

    def unclear_beside_found(self) -> list[Piece]:
        """The questions that fit nothing and are likely about no topic that was found: "is this something to ring
        about, or can it wait" is one."""
        about = {_about(piece) for piece in self.found}
        return [
            piece
            for piece in self.unclear
            if not any(topic.slug in about and topic.score >= self._sure.picked for topic in piece.reading.topics[:1])
        ]

    def nothing_beside(self, only: Piece) -> bool:
        """Whether the one matter found is all that the message says: courtesies take nothing away from it, and from a
        clear question what is told around it takes nothing away either."""
        if COURTESIES.issuperset(self._others):
            return True
        told_only = (OWN_WHEN_ASKED | OWN_MATTERS).isdisjoint(self._others)
        return told_only and _is_clear_question(only, self._sure)

    def _piece(self, words: str) -> Piece:
        """A piece, read by itself when it can stand alone and is about a topic, otherwise after what was said before
        it, by the person or by the bot. A short one leans on what was told; behind a question it may ask of something
        else."""
        after = _in_message(words, self._read(words, self._so_far), self._before)
        if self._so_far is None or self._so_far.topic is None:
            return after
        alone = _in_message(words, self._read(words, replace(self._so_far, topic=None)), self._before)
        if alone.reading.intent in OF_THE_BOT and _is_own(alone, self._sure):
            return alone
        if not alone.reading.in_scope or self._asked_of_anything(words, alone):
            return after
        sure = self._sure
        if len(same_words(words).split()) < (sure.words_pointing if self._points_back(words) else sure.words_alone):
            stands = self._asked and asks(words) and alone.reading.topics[0].score >= sure.leaning
        else:
            stands = _is_matter(alone, sure)
        return alone if stands else after

    def _asked_of_anything(self, words: str, alone: Piece) -> bool:
        """Whether a piece asks what could be asked of anything ("how do I stop doing that") and so is about the topic
        before it, although alone it would be about the bounce."""
        sure, before = self._sure, self._so_far.topic if self._so_far else None
        return (
            self._points_back(words)
            and len(same_words(words).split()) <= sure.words_of_anything
            and _about(alone) in sure.of_anything
            and before not in sure.of_anything
        )

    def _counts_beside(self, piece: Piece) -> bool:
        """Whether a question that alone would not be placed asks for a topic, as others of the message do."""
        reading = piece.reading
        if reading.in_scope or not reading.topics or not asks(piece.text):
            return False
        about = [_about(other) for other in self.found if other.reading.in_scope]
        best = reading.topics[0]
        likelier = reading.intent in UNPLACED or best.score >= reading.confidence
        return best.score >= self._sure.beside and likelier and bool(about) and best.slug not in about


def _in_message(words: str, reading: Reading, context: Context | None) -> Piece:
    """A piece. One that follows up the piece before it asks of a topic that was not told yet, so it is no follow-up."""
    known = context is not None and bool(reading.topics) and reading.topics[0].slug == context.topic
    return Piece(words, replace(reading, follow_up=reading.follow_up and known))


def _is_matter(piece: Piece, sure: Sureness, *, behind: bool = False) -> bool:
    """Whether a piece counts; `behind` a question something told does so sooner."""
    reading, asked = piece.reading, asks(piece.text)
    if not asked and all_is_well(piece.text):
        return False
    if reading.in_scope:
        long_enough = asked or len(same_words(piece.text).split()) >= sure.words_told
        enough = sure.asked if asked else sure.told_behind if behind else sure.told
        return long_enough and reading.topics[0].score >= enough
    return _is_own(piece, sure)


def _is_own(piece: Piece, sure: Sureness) -> bool:
    """Whether a piece surely is for something that has a reply of its own."""
    reading = piece.reading
    own = reading.intent in OWN_MATTERS or (reading.intent in OWN_WHEN_ASKED and asks(piece.text))
    return not reading.in_scope and own and reading.confidence >= sure.refused


def _is_unclear(piece: Piece, sure: Sureness) -> bool:
    """Whether a piece that counts as no matter is a question all the same, long enough to mean something by itself."""
    reading = piece.reading
    return (
        not reading.in_scope
        and reading.intent in UNCLEAR
        and plainly_asks(piece.text)
        and len(same_words(piece.text).split()) >= sure.words_unclear
    )


def _is_clear_question(piece: Piece, sure: Sureness) -> bool:
    """Whether it asks for a topic so clearly that what is told around it takes nothing away."""
    reading = piece.reading
    return reading.in_scope and asks(piece.text) and reading.topics[0].score >= sure.told


def _about(piece: Piece) -> str:
    """The topic of a piece, or its intent when it has none."""
    return piece.reading.topics[0].slug if piece.reading.in_scope else f"intent:{piece.reading.intent}"


def _together(first: Piece, second: Piece, sure: Sureness) -> Piece:
    """Two pieces on one topic as one: when both ask for something it tells, it tells both."""
    text = f"{first.text} {second.text}"
    slug = _about(second)
    one, other = first.reading.details.get(slug), second.reading.details.get(slug)
    if one is None or other is None or not asks(first.text) or min(one.fit, other.fit) < sure.detail:
        return Piece(text, second.reading)
    both = Detail(
        tuple(dict.fromkeys((*one.kinds, *other.kinds))),
        tuple(dict.fromkeys((*one.sentences[:1], *other.sentences[:1]))),
        min(one.fit, other.fit),
        yes_or_no=one.yes_or_no and other.yes_or_no,
    )
    return Piece(text, replace(second.reading, details={**second.reading.details, slug: both}))
