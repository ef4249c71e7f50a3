"""Cut a text into the word pieces of multilingual-e5-small: the likeliest way, by the scores of the pieces (unigram).

The `tokenizers` library does the same, but takes two seconds to load 250,000 pieces; this takes a tenth of that, and
remembers words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.understanding.encoders.e5_file import WordPieces

WORD_START = "\u2581"
UNKNOWN_PENALTY = 10.0
"""A character that no piece holds counts as this much less likely than the least likely piece (as in SentencePiece)."""

REMEMBERED = 20_000
"""Words whose pieces are kept in memory."""

_SPACES = re.compile(" {2,}")
_WORD = re.compile(f"{WORD_START}[^{WORD_START}]*")


class PieceCutter:
    """Gives the numbers of the pieces of a text."""

    def __init__(self, pieces: WordPieces) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces.pieces) if number != pieces.unknown}
        self._scores = pieces.scores
        self._unknown, self._unknown_score = pieces.unknown, min(pieces.scores) - UNKNOWN_PENALTY
        self._longest = max(map(len, pieces.pieces))
        self._ends = pieces.begin, pieces.end
        self._replaced = pieces.replaced
        self._word = lru_cache(maxsize=REMEMBERED)(self._pieces_of_word)

    def cut(self, text: str, longest: int) -> list[int]:
        """The numbers of the pieces of a text, with those that begin and end it; at most `longest`."""
        plain = _SPACES.sub(" ", text.translate(self._replaced))
        marked = plain.replace(" ", WORD_START)
        if not marked.startswith(WORD_START):
            marked = WORD_START + marked
        begin, end = self._ends
        # no piece reaches from one word into the next, so words can be cut one by one
        inside = [number for word in _WORD.findall(marked) for number in self._word(word)]
        return [begin, *inside[: longest - 2], end]

    def _pieces_of_word(self, word: str) -> tuple[int, ...]:
        length = len(word)
        best = [0.0] + [float("-inf")] * length
        last: list[tuple[int, int]] = [(0, 0)] * (length + 1)
        for start in range(length):
            for end in range(start + 1, min(start + self._longest, length) + 1):
                number = self._numbers.get(word[start:end])
                if number is not None and best[start] + self._scores[number] > best[end]:
                    best[end], last[end] = best[start] + self._scores[number], (start, number)
            if best[start] + self._unknown_score > best[start + 1]:
                best[start + 1], last[start + 1] = best[start] + self._unknown_score, (start, self._unknown)
        found = []
        while length:
            length, number = last[length]
            found.append(number)
        return tuple(reversed(found))
