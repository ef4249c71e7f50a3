"""Emergency words of other languages, found also with a word or two between: "dor muito forte no peito"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.safety.phrases import compiled, pieces_of
from bot.safety.text import fold
from knowledge.red_flag_models import ForeignPhrases

MOST_BETWEEN = 3
"""Words that may stand between two words of a phrase."""

LONG_WORD = 4
"""Letters of a word that carries meaning by itself."""

_DENIES = ("नहीं", "न", "मत", "لا", "ليس", "مش", "بدون")
_BETWEEN = rf"\s+(?:(?!(?:{'|'.join(_DENIES)})\s)[^\s.!?।؟]+\s+){{0,{MOST_BETWEEN}}}?"
_OTHER_LETTERS = re.compile(r"[\u0590-\u1fff\u3040-\ud7ff]")
_UNSPACED = re.compile(r"[\u3400-\u9fff]")
_BETWEEN_SIGNS = r"[^\s,.!?;:，。！？；：、不没沒无無]{0,2}?"


def has_other_letters(text: str) -> bool:
    """Whether a message has letters in which `pattern` may find something. Emoji and curly quotes are none."""
    return _OTHER_LETTERS.search(text) is not None


def has_latin_letters(phrase: str) -> bool:
    """Whether a phrase is written in the letters of the phrase language (bot/safety/phrases.py)."""
    return any("a" <= char <= "z" for char in fold(phrase))


def loosely(phrase: str) -> str:
    """A phrase in Latin letters of three or more words, with a gap after its first long word: there people say how
    much, as in "me duele mucho el pecho"."""
    pieces = pieces_of(phrase)
    if len(pieces) < 3 or ".." in pieces or "..." in pieces:
        return phrase
    place = next((n for n, piece in enumerate(pieces[:-1]) if piece.isalpha() and len(piece) >= LONG_WORD), 0)
    return " ".join([*pieces[: place + 1], "..", *pieces[place + 1 :]])


def pattern(phrase: str) -> re.Pattern[str]:
    """A phrase in other letters as a pattern: gaps between its words, or between its signs where no spaces are written.
    A denial ends a gap."""
    if _UNSPACED.search(phrase) and " " not in phrase:
        return compiled(_BETWEEN_SIGNS.join(map(re.escape, phrase)))
    return compiled(_BETWEEN.join(map(re.escape, phrase.split())))


def is_past(languages: Iterable[ForeignPhrases], before: str, after: str) -> bool:
    """Whether the words around an event that is named put it in the past: "despues del ictus"."""
    said, goes_on = f" {fold(before)}".rstrip(" '’"), fold(after).lstrip()
    return any(
        said.endswith(tuple(f" {words}" for words in language.past_before))
        or goes_on.startswith(tuple(language.past_after))
        for language in languages
    )
