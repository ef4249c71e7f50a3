"""Finding phrases in what people type: short forms written out, small misspellings forgiven, denial noticed.

A pattern is a row of words. `a/b` is either word, `word*` any ending, `~` up to four words in between. Patterns and
messages are
brought into the same plain form before they are compared, and no phrase reaches over the end of a sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Payload = TypeVar("Payload")

LONGEST_MESSAGE = 120
"""Words of a message that are read; what comes later is not looked at, which also bounds the time a message takes."""

LONGEST_GAP = 4
"""Words a `~` may stand for."""

NEGATION_REACH = 3
"""Words between a denial and what it denies: "not really my knee" denies the knee."""

SHORTEST_FORGIVEN = 5
"""Letters a word must have before a slip of one letter in it is forgiven.

Shorter words turn into other words too easily.
"""

_SHORT_FORMS = (
    (r"\b(ca|can)['’]?t\b|\bcannot\b", "can not"),
    (r"\bwon['’]?t\b", "will not"),
    (r"\bain['’]?t\b", "is not"),
    (r"\b(do|does|did|is|are|was|were|have|has|had|could|would|should|must)n['’]?t\b", r"\1 not"),
    (r"\bi['’]?m\b", "i am"),
    (r"\b(i|you|we|they)['’]?ve\b", r"\1 have"),
    (r"\b(i|you|he|she|it|we|they)['’]ll\b", r"\1 will"),
    (r"\b(i|you|he|she|it|we|they)['’]d\b", r"\1 would"),
    (r"\b(you|we|they)['’]re\b", r"\1 are"),
    (r"\blet['’]?s\b", "let us"),
    (r"\b(it|that|what|he|she|there|who|where|here|how)['’]s\b", r"\1 is"),
    (r"\b(its|thats|whats)\b", lambda found: found.group(0)[:-1] + " is"),
    (r"['’]s\b", ""),
    (r"\b(\d+)\s*-\s*(\d+)\b", r"\1 to \2"),
    (r"(?<![\w.])-\s*(\d)", r"minus \1"),
)
_PLAIN_REPLIES = {"no", "nope", "nah", "yes", "yep", "yeah"}
_NEW_CLAUSE = {"it", "i", "they", "he", "she", "my", "we", "there", "that", "the", "their", "his", "her"}
"""After a plain reply these begin a clause of their own: "no it keeps going" does not deny that it keeps going."""

_TOKEN = re.compile(r"\d+\.\d+|\d+|°|[^\W\d_]+|[.!?;\n]+|,|\(|\)|:")
_SENTENCE_END = re.compile(r"[.!?;\n]")
_CLAUSE_END = re.compile(r"[,():]")


@dataclass(frozen=True)
class Words:
    """A message as plain words, each with the number of its sentence and of its clause."""

    words: tuple[str, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.words)


def plain(text: str) -> str:
    """Lower case, straight letters, short forms written out ("doesn't" becomes "does not")."""
    simple = unicodedata.normalize("NFKC", text).lower()
    simple = "".join(letter for letter in unicodedata.normalize("NFD", simple) if not unicodedata.combining(letter))
    for short, long in _SHORT_FORMS:
        simple = re.sub(short, long, simple)
    return simple


def split(text: str) -> Words:
    """A message cut into plain words, at most `LONGEST_MESSAGE` of them."""
    words: list[str] = []
    sentences: list[int] = []
    clauses: list[int] = []
    sentence = clause = 0
    for token in _TOKEN.findall(plain(text)):
        if _SENTENCE_END.match(token):
            sentence, clause = sentence + 1, clause + 1
        elif _CLAUSE_END.match(token):
            clause += 1
        elif len(words) < LONGEST_MESSAGE:
            opens = (
                len(words) > 0 and words[-1] in _PLAIN_REPLIES and (len(words) == 1 or sentences[-2] != sentences[-1])
            )
            if opens and sentences[-1] == sentence and token in _NEW_CLAUSE:
                clause += 1
            words.append(token)
            sentences.append(sentence)
            clauses.append(clause)
    return Words(tuple(words), tuple(sentences), tuple(clauses))


@dataclass(frozen=True)
class Match(Generic[Payload]):
    """Where a phrase was found: `at` are the places of its own words, gaps left out; `denied` when a "not" stands
    before it.
    """

    payload: Payload
    at: tuple[int, ...]
    denied: bool = False


class Pattern:
    """One phrase to look for."""

    def __init__(self, text: str) -> None:
        parts: list[tuple[str, ...] | None] = []
        for part in text.split():
            choices = tuple(choice for choice in part.split("/") if choice)
            if part == "~":
                parts.append(None)
            elif len(choices) == 1:
                parts.extend((word.strip(".,!?"),) for word in plain(choices[0]).replace("-", " ").split())
            else:
                parts.append(choices)
        self.parts = tuple(parts)

    @property
    def vocabulary(self) -> set[str]:
        """The whole words this pattern knows."""
        return {word for part in self.parts if part for word in part if not word.endswith("*")}

    @property
    def first_letters(self) -> set[str] | None:
        """The letters a message's word begins with where this pattern does, for no slip changes a first letter; None
        when any word may stand there."""
        first = self.parts[0] if self.parts else None
        return None if first is None or "*" in first else {word[0] for word in first}

    def find(self, words: Words, start: int, known: Collection[str]) -> tuple[int, ...] | None:
        """The places of the pattern's words if it begins at `start`, or None."""
        return self._from(words, start, 0, known)

    def _from(self, words: Words, place: int, index: int, known: Collection[str]) -> tuple[int, ...] | None:
        if index == len(self.parts):
            return ()
        part = self.parts[index]
        if part is None:
            for gap in range(LONGEST_GAP + 1):
                rest = self._from(words, place + gap, index + 1, known)
                if rest is not None:
                    return rest
            return None
        if place >= len(words) or not any(_same(words.words[place], word, known) for word in part):
            return None
        rest = self._from(words, place + 1, index + 1, known)
        if rest is None or (rest and words.sentences[rest[0]] != words.sentences[place]):
            return None
        return (place, *rest)


class Phrasebook(Generic[Payload]):
    """Many patterns, each with what it stands for."""

    def __init__(self, entries: Iterable[tuple[str, Payload]], known: Collection[str] = ()) -> None:
        self._entries = [(Pattern(text), payload) for text, payload in entries]
        self.vocabulary = set(known).union(*(pattern.vocabulary for pattern, _ in self._entries))
        self._anywhere: list[int] = []
        self._by_letter: dict[str, list[int]] = {}
        for place, (pattern, _) in enumerate(self._entries):
            letters = pattern.first_letters
            if letters is None:
                self._anywhere.append(place)
            for letter in letters or ():
                self._by_letter.setdefault(letter, []).append(place)

    def find(self, words: Words, known: Collection[str] | None = None) -> list[Match[Payload]]:
        """All phrases in a message, longest first where two claim the same word; shorter claims are left out."""
        vocabulary = self.vocabulary if known is None else known
        to_try = sorted(
            (place, start)
            for start, word in enumerate(words.words)
            for place in (*self._anywhere, *self._by_letter.get(word[0], ()))
        )
        found = []
        for place, start in to_try:
            pattern, payload = self._entries[place]
            if places := pattern.find(words, start, vocabulary):
                found.append(Match(payload, places))
        return longest(found)


def longest(found: Iterable[Match[Payload]]) -> list[Match[Payload]]:
    """Of matches that share a word the one with more words, in the order of the message.

    Equal claims on the same words all stay.
    """
    kept: list[Match[Payload]] = []
    for match in sorted(found, key=lambda item: (-len(item.at), item.at)):
        clashing = [other for other in kept if set(other.at) & set(match.at)]
        if all(other.at == match.at for other in clashing) and match not in kept:
            kept.append(match)
    return sorted(kept, key=lambda item: item.at)


def mark_denied(
    words: Words, found: Iterable[Match[Payload]], negators: Collection[str], contrast: Collection[str]
) -> list[Match[Payload]]:
    """Each match with `denied` set when a negator of the same clause stands shortly before it and no phrase uses that
    word up.
    """
    matches = list(found)
    used = {place for match in matches for place in match.at}
    result = []
    for match in matches:
        denied = False
        own = any(words.words[place] in negators for place in match.at)
        denied = not own and any(
            words.words[place] in negators and place not in used for place in range(match.at[0], match.at[-1])
        )
        for place in () if own or denied else range(match.at[0] - 1, max(-1, match.at[0] - 1 - NEGATION_REACH), -1):
            if words.clauses[place] != words.clauses[match.at[0]] or words.words[place] in contrast:
                break
            if words.words[place] in negators and place not in used:
                denied = True
                break
        result.append(Match(match.payload, match.at, denied))
    return result


def covered(found: Iterable[Match[Payload]]) -> set[int]:
    """The places of all words that phrases stand on."""
    return {place for match in found for place in match.at}


def _same(word: str, wanted: str, known: Collection[str]) -> bool:
    """Whether a typed word is the wanted one, an ending after `*` or one slip in a longer word allowed."""
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    if word == wanted:
        return True
    if len(wanted) < SHORTEST_FORGIVEN or len(word) < SHORTEST_FORGIVEN - 1 or word[0] != wanted[0] or word in known:
        return False
    return _one_slip(word, wanted)


def _one_slip(word: str, wanted: str) -> bool:
    """Whether one letter was added, left out, changed, or two neighbors swapped."""
    if abs(len(word) - len(wanted)) > 1:
        return False
    start = 0
    while start < min(len(word), len(wanted)) and word[start] == wanted[start]:
        start += 1
    if len(word) == len(wanted):
        rest, right = word[start:], wanted[start:]
        return rest[1:] == right[1:] or (
            len(rest) > 1 and rest[0] == right[1] and rest[1] == right[0] and rest[2:] == right[2:]
        )
    longer, shorter = (word, wanted) if len(word) > len(wanted) else (wanted, word)
    return longer[start + 1 :] == shorter[start:]


def number_words(table: Mapping[int, Collection[str]]) -> dict[str, int]:
    """Word -> number, digits included."""
    return {word: number for number, words in table.items() for word in (*words, str(number))}
