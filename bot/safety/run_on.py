"""Where a statement runs on from a question without a mark between: "is it ok to drive he cannot breathe".

Who speaks to a phone, or texts, writes no marks. What stands behind a question is then taken for what is only asked
about, so such a message is read once more with the sentences apart.
"""

from __future__ import annotations

import re

FEWEST_ASKED = 3
"""Words of a question before what runs on from it: "can you help my dad is on the floor"."""

VERB_WITHIN = 3
"""Words after "my", "his" or "the" within which the verb of a statement stands: "my left arm is numb"."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_OPENS = re.compile(
    r"(?:(?:hi|hello|hey|please|pls|sorry|ok|okay|so|and|also|um|er|erm|thanks|quick question)\s+)*"
    r"(?:how|hows|what|whats|why|when|where|which|who|can|could|should|shall|may|is|are|do|does|did|will|would|any)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SENTENCE = re.compile(r"[^.!?;,:\n]+")

_SAYS_WHO = _words("i i'm im i've ive he he's hes she she's shes we we're we've they they're they've")
_WHOSE = _words("my his her our the")
_BEFORE_WHO = _words(
    """if when whenever whether because cos coz that than as while until till unless before after once since like how
    what why who which where or and but mean means think thinks know say says tell see sure find feel do does did can
    could should shall will would is are was were has have had may might must don't doesn't didn't can't so"""
)
"""Words after which who is named belongs to the question: "if he", "does she"."""
_BEFORE_WHOSE = _BEFORE_WHO | _words("in on at to of for with from by about into on my his her our the")
_DOES = frozenset(["i", "we", "to", "you"])
_VERBS = _words(
    """is are was has have had can can't cant cannot won't wont will isn't isnt aren't hasn't feels feel felt looks look
    looked hurts hurt aches keeps keep kept went goes gone fell fallen started stopped just took takes taken wants hit
    says said got gets turned turns came comes does did doesn't doesnt didn't didnt ran run swelled dropped drooped
    droops collapsed passed fainted bled bleeding drooping shaking not"""
)
"""Words that make a statement of what "my", "his" or "the" begins."""


def apart(text: str) -> str | None:
    """`text` with a full stop wherever a statement runs on from a question; None where none does."""
    places = [sentence.start() + place for sentence in _SENTENCE.finditer(text) for place in _run_ons(sentence.group())]
    if not places:
        return None
    pieces = [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]
    return ". ".join(piece.strip() for piece in pieces)


def _run_ons(sentence: str) -> list[int]:
    """The places in a sentence at which a statement begins behind a question."""
    opening = _OPENS.match(sentence.lstrip())
    if opening is None:
        return []
    words = [(match.group().lower().replace("’", "'"), match.start()) for match in _WORD.finditer(sentence)]
    said = [word for word, _ in words]
    return [
        place
        for number, (word, place) in enumerate(words)
        if number >= FEWEST_ASKED
        and (
            (word in _SAYS_WHO and not _belongs(said[:number], _BEFORE_WHO))
            or (
                word in _WHOSE
                and not _belongs(said[:number], _BEFORE_WHOSE)
                and not _VERBS.isdisjoint(said[number + 2 : number + 2 + VERB_WITHIN])
            )
        )
    ]


def _belongs(before: list[str], joins: frozenset[str]) -> bool:
    """Whether who is named after these words belongs to the question: "does he", but not "what can i do he"."""
    return before[-1] in joins and not (before[-1] == "do" and before[-2] in _DOES)
