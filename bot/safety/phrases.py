"""The phrase language of the danger content, as fast patterns over plain tokens.

chest pain        words one after the other, in any form (pains, painful ...)
(arm|left hand)   one of these; @leg is a named list of such words; a ? behind makes a word or list optional
face .. droop     up to three words between; ... up to seven; never across a sentence end, a "no" or a "but"
numb & leg        both in either order, up to seven words between
#38-42            a number in that range; # any number
=sore             (reserved words need no mark: every word is matched by its plain form)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from bot.safety.text import Message, Normaliser, fold

SHORT_GAP = 3
LONG_GAP = 7
_GAP_STOPPERS = ("\\.", "no", "not", "without", "but", "never")
_GAP_WORD = "(?: (?!(?:" + "|".join(_GAP_STOPPERS) + ") )[^ ]+)"
_PIECE = re.compile(r"\.\.\.|\.\.|#[\d.]+-[\d.]+\??|#\??|@[a-z0-9-]+\??|\((?:[^()]|\([^()]*\))*\)\??|[^\s()|&]+|&|\|")


class PhraseError(ValueError):
    """Phrases that cannot be read; `phrases` holds each with the reason."""

    def __init__(self, phrases: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"cannot read the phrase '{phrase}': {why}" for phrase, why in phrases))
        self.phrases = phrases


@dataclass(frozen=True)
class Span:
    """A concept found in a message: tokens `first` up to, not including, `last`."""

    concept: str
    first: int
    last: int


@dataclass(frozen=True)
class _Piece:
    pattern: str
    anchors: frozenset[str]
    """Keys one of which must be in the message; empty when the piece demands none."""


class _Pattern(NamedTuple):
    concept: str
    phrase: str
    source: str


@lru_cache(maxsize=4 * 8192)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern, made when a message first needs it, which for most is never, and once for all views: where content is
    edited, all of it is read again for a change to one file."""
    return re.compile(pattern)


def pieces_of(phrase: str) -> list[str]:
    """The words, choices, gaps and numbers of a phrase, in order."""
    return _PIECE.findall(phrase)


class PhraseBook:
    """Named lists of phrases that can all be looked up in one message at once."""

    def __init__(self, normaliser: Normaliser, groups: Mapping[str, Iterable[str]]) -> None:
        self._normaliser = normaliser
        self._groups = {name: list(words) for name, words in groups.items()}
        self._sources: list[tuple[str, str]] = []
        self._patterns: list[_Pattern] = []
        self._by_anchor: dict[str, list[int]] = {}
        self._compiled_groups: dict[str, _Piece] = {}
        self._compiled_words: dict[str, _Piece] = {}

    def add(self, concept: str, phrases: Iterable[str]) -> None:
        """Remember `phrases` under the name `concept`; read() makes them ready."""
        self._sources += [(concept, phrase) for phrase in phrases]

    def vocabulary(self) -> set[str]:
        """Every spelled-out word that some phrase or group contains."""
        words: set[str] = set()
        for phrase in [
            *(phrase for _, phrase in self._sources),
            *(w for group in self._groups.values() for w in group),
        ]:
            for word in re.findall(r"(?<![@\w-])[a-z']+(?![\w-])", fold(phrase)):
                words.update(self._normaliser.expand(word))
        return words

    def number_ranges(self) -> dict[str, tuple[float, float]]:
        """Every #low-high of the phrases, by the name the number keys carry."""
        found: dict[str, tuple[float, float]] = {}
        for phrase in [
            *(phrase for _, phrase in self._sources),
            *(w for group in self._groups.values() for w in group),
        ]:
            for low, high in re.findall(r"#([\d.]+)-([\d.]+)", phrase):
                found[f"{low}-{high}"] = (float(low), float(high))
        return found

    def read(self) -> None:
        """Make a pattern of each phrase. Raises PhraseError naming those that cannot be read."""
        self._normaliser.ranges = self.number_ranges()
        complaints: list[tuple[str, str]] = []
        for concept, phrase in self._sources:
            try:
                for pattern, anchors in self._variants(phrase):
                    number = len(self._patterns)
                    self._patterns.append(_Pattern(concept, phrase, pattern + "(?= )"))
                    for key in anchors:
                        self._by_anchor.setdefault(key, []).append(number)
            except (KeyError, ValueError) as error:
                complaints.append((phrase, str(error)))
        if complaints:
            raise PhraseError(complaints)

    def compile_all(self) -> None:
        """Compile every pattern. Raises PhraseError naming the phrases of which that is impossible."""
        complaints: list[tuple[str, str]] = []
        for each in self._patterns:
            try:
                compiled(each.source)
            except re.error as error:
                complaints.append((each.phrase, str(error)))
        if complaints:
            raise PhraseError(complaints)

    def find(self, message: Message) -> dict[str, list[Span]]:
        """All spans of all concepts in the message, by concept, in order of appearance."""
        stream = " " + "".join(token.key + " " for token in message.tokens)
        starts: dict[int, int] = {}
        place = 0
        for number, token in enumerate(message.tokens):
            starts[place] = number
            place += len(token.key) + 1
        starts[place] = len(message.tokens)
        wanted: set[int] = set()
        for key in {token.key for token in message.tokens}:
            wanted.update(self._by_anchor.get(key, ()))
            if key[0] == "n" and ":" in key:
                wanted.update(self._by_anchor.get("#", ()))
        found: dict[str, set[tuple[int, int]]] = {}
        for number in sorted(wanted):
            pattern = self._patterns[number]
            for match in compiled(pattern.source).finditer(stream):
                found.setdefault(pattern.concept, set()).add((starts[match.start()], starts[match.end()]))
        return {name: [Span(name, *ends) for ends in sorted(spans)] for name, spans in found.items()}

    def _variants(self, phrase: str) -> list[tuple[str, frozenset[str]]]:
        sides = self._split_any_order(phrase)
        if len(sides) > 2:
            raise ValueError("at most one & in a phrase")
        compiled = [self._sequence(side) for side in sides]
        if len(compiled) == 1:
            pattern, anchors = compiled[0]
            return [(pattern, anchors)]
        (left, left_anchors), (right, right_anchors) = compiled
        anchors = min(left_anchors, right_anchors, key=len)
        gap = _GAP_WORD + f"{{0,{LONG_GAP}}}?"
        return [(left + gap + right, anchors), (right + gap + left, anchors)]

    @staticmethod
    def _split_any_order(phrase: str) -> list[str]:
        return [side.strip() for side in phrase.split(" & ")]

    def _sequence(self, phrase: str) -> tuple[str, frozenset[str]]:
        pieces = [self._piece(text) for text in pieces_of(fold(phrase))]
        required = [piece.anchors for piece in pieces if piece.anchors]
        if not required:
            raise ValueError("needs at least one word that must be there")
        anchors = min(required, key=self._cost)
        return "".join(piece.pattern for piece in pieces), anchors

    def _cost(self, anchors: frozenset[str]) -> float:
        return len(anchors) + 40 * sum(key in _COMMON for key in anchors)

    def _piece(self, text: str) -> _Piece:
        if text == "..":
            return _Piece(_GAP_WORD + f"{{0,{SHORT_GAP}}}?", frozenset())
        if text == "...":
            return _Piece(_GAP_WORD + f"{{0,{LONG_GAP}}}?", frozenset())
        optional = text.endswith("?")
        if optional:
            text = text[:-1]
        if text == "#":
            piece = _Piece(r" n\d[^ ]*", frozenset({"#"}))
        elif text.startswith("#"):
            piece = _Piece(rf" n\d[^ ]*:{re.escape(text[1:])}(?=[: ])(?::[^ ]*)?", frozenset({"#"}))
        elif text.startswith("@"):
            piece = self._group(text[1:])
        elif text.startswith("("):
            piece = self._alternatives(self._split_alternatives(text[1:-1]))
        else:
            piece = self._words(text)
        return _Piece(f"(?:{piece.pattern})?", frozenset()) if optional else piece

    def _words(self, text: str) -> _Piece:
        if text not in self._compiled_words:
            self._compiled_words[text] = self._new_words(text)
        return self._compiled_words[text]

    def _new_words(self, text: str) -> _Piece:
        keys = [token.key for token in self._normaliser.message(text).tokens if token.key not in (".", ",")]
        if not keys:
            raise ValueError(f"'{text}' holds no word")
        best = min(keys, key=lambda key: key in _COMMON)
        return _Piece("".join(" " + self._literal(key) for key in keys), frozenset({self._anchor(best)}))

    @staticmethod
    def _literal(key: str) -> str:
        number = re.fullmatch(r"(n\d[\d.]*)(?::.*)?", key)
        return re.escape(number.group(1)) + r"(?::[^ ]*)?" if number else re.escape(key)

    @staticmethod
    def _anchor(key: str) -> str:
        return "#" if re.fullmatch(r"n\d[\d.]*(?::.*)?", key) else key

    def _group(self, name: str) -> _Piece:
        if name not in self._compiled_groups:
            if name not in self._groups:
                raise KeyError(f"unknown word list @{name}")
            self._compiled_groups[name] = self._alternatives(self._groups[name])
        return self._compiled_groups[name]

    @staticmethod
    def _split_alternatives(text: str) -> list[str]:
        parts, depth, current = [], 0, ""
        for char in text:
            depth += (char == "(") - (char == ")")
            if char == "|" and depth == 0:
                parts.append(current)
                current = ""
            else:
                current += char
        return [part.strip() for part in [*parts, current] if part.strip()]

    def _alternatives(self, options: list[str]) -> _Piece:
        compiled = {}
        for option in options:
            pattern, anchors = self._sequence(option.rstrip("?") if " " not in option else option)
            compiled[pattern] = anchors
        ordered = sorted(compiled, key=len, reverse=True)
        anchors = frozenset(key for keys in compiled.values() for key in keys)
        return _Piece("(?:" + "|".join(ordered) + ")", anchors)


_COMMON = frozenset(
    [
        "i",
        "my",
        "me",
        "a",
        "an",
        "the",
        "is",
        "am",
        "are",
        "be",
        "was",
        "were",
        "have",
        "has",
        "had",
        "do",
        "did",
        "to",
        "of",
        "in",
        "on",
        "at",
        "it",
        "its",
        "he",
        "she",
        "they",
        "you",
        "we",
        "his",
        "her",
        "their",
        "and",
        "or",
        "so",
        "up",
        "out",
        "off",
        "down",
        "no",
        "not",
        "this",
        "that",
        "for",
        "with",
        "from",
        "since",
        "now",
        "go",
        "get",
        "feel",
        "keep",
        "can",
        "cannot",
        "will",
        "would",
        "all",
        "very",
        "really",
        "just",
        "been",
        "like",
        "when",
        "if",
        "what",
        "how",
        ",",
        ".",
        "#",
    ]
)
"""Words too frequent to look a phrase up by."""
