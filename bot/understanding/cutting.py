"""Cut a message where one thing ends and the next begins, and tell a question from a statement."""

from __future__ import annotations

import re

from bot.understanding.tidy import same_words

_QUESTION_WORDS = (
    r"how|hows|hw|what|whats|what's|wat|wot|why|when|wen|where|which|who|whom|can|could|should|shall|may|might|must|am|is"
    r"|are|do|does|did|will|would|has|have|if|any"
)
_TELLING_WORDS = (
    r"i|i'm|im|i've|ive|my|his|her|our|your|he|she|we|mum|mom|dad|papa|the|tell me|please tell|second|secondly"
)
_CONJUNCTIONS = (
    r"and (?:also|then|second)|and|&|\+|also|plus|but also|but|then|oh and|another thing|as well as|second(?:ly)?"
)
_ENDS = re.compile(r"(?<=[.?!;])\s+|\n+|\s+[-–—]+\s+|(?<=\w):\s+")
_JOINS = re.compile(
    rf"(?:\s*,\s*|\s+)(?:{_CONJUNCTIONS})\s+(?=(?:{_QUESTION_WORDS}|{_TELLING_WORDS})\b)"
    rf"|\s*,\s*(?=(?:(?:also|then|and)\s+)?(?:{_QUESTION_WORDS})\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:my|his|her|our|your|the)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"^(?:(?:and|also|plus|but|ok|so|please|oh|then|second|secondly|sorry|hi|hello)[\s,]+)*"
    rf"(?:{_QUESTION_WORDS}|tell me|explain|i (?:want|would like|'d like) to know)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"(?:i|i'm|im|i've|ive|my|his|her|our|he|she|we|mum|mom|dad|papa)\b", re.IGNORECASE)

FEWEST_WORDS = 2
MOST_PIECES = 5
"""Pieces of one message that are read; what comes after stays with the last of them."""


def asks(text: str) -> bool:
    """Whether a message is put as a question."""
    return text.rstrip().endswith("?") or _ASKS.match(text.strip()) is not None


def tells(text: str) -> bool:
    """Whether a message is a statement on somebody, such as "my husband's foot bounces"."""
    return not asks(text) and _SOMEBODY.match(text.strip()) is not None


def cut(text: str) -> list[str]:
    """The pieces of a message that may each be a matter of its own, in order, word for word."""
    pieces: list[str] = []
    for sentence in _ENDS.split(text.strip()):
        for piece in _joined(sentence):
            if piece and len(same_words(piece).split()) >= FEWEST_WORDS:
                pieces.append(piece.strip(" ,"))
    if len(pieces) > MOST_PIECES:
        pieces = [*pieces[: MOST_PIECES - 1], " ".join(pieces[MOST_PIECES - 1 :])]
    return pieces


def _joined(sentence: str) -> list[str]:
    """The parts of a sentence. What a question names with an "and" ("my brace and my shoes") stays together."""
    parts: list[str] = []
    start = 0
    for join in _JOINS.finditer(sentence):
        before = sentence[start : join.start()]
        if _NAMED.match(sentence[join.end() :]) and asks(before):
            continue
        parts.append(before)
        start = join.end()
    return [*parts, sentence[start:]]
