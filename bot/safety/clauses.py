"""The sentences and clauses of a message, and the cue words in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from bot.safety.phrases import Span
from bot.safety.text import BOUNDARY, COMMA, Message

CUE = "cue:"
"""Begins the name of a cue among what was found in a message."""
_CLAUSE_STARTERS = frozenset(
    [
        "and",
        "but",
        "so",
        "then",
        "becaus",
        "plus",
        "though",
        "although",
        "however",
        "except",
        "while",
        "yet",
        "now",
        "whereas",
    ]
)


class Clauses:
    """Where sentences and clauses begin, and which cues stand where. Positions count tokens."""

    def __init__(self, message: Message, spans: Mapping[str, list[Span]]) -> None:
        """`spans`: everything found in the message, cues included."""
        self.message = message
        self.keys = [token.key for token in message.tokens]
        self.cues = {name[len(CUE) :]: found for name, found in spans.items() if name.startswith(CUE)}
        signs = {
            (span.first, span.last)
            for name, found in spans.items()
            if not name.startswith(CUE)
            for span in found
            if span.last - span.first > 1
        }
        self.sentence_starts = [0]
        self.clause_starts = [0]
        for number, key in enumerate(self.keys):
            if key == BOUNDARY:
                self.sentence_starts.append(number + 1)
                self.clause_starts.append(number + 1)
            elif key == COMMA or key in _CLAUSE_STARTERS:
                self.clause_starts.append(number)

        self._cues_by_sentence: dict[tuple[str, int], list[Span]] = {}
        for name, found in self.cues.items():
            for cue in found:
                self._cues_by_sentence.setdefault((name, self.sentence(cue.first)), []).append(cue)
        self.signs_by_sentence: dict[int, list[tuple[int, int]]] = {}
        for sign in signs:
            self.signs_by_sentence.setdefault(self.sentence(sign[0]), []).append(sign)

    def sentence(self, position: int) -> int:
        """The number of the sentence that the token at `position` stands in."""
        return bisect_right(self.sentence_starts, position) - 1

    def sentence_end(self, sentence: int) -> int:
        """The token after a sentence."""
        following = sentence + 1
        return self.sentence_starts[following] if following < len(self.sentence_starts) else len(self.keys)

    def clause(self, position: int) -> int:
        """The number of the clause that the token at `position` stands in."""
        return bisect_right(self.clause_starts, position) - 1

    def cues_here(self, name: str, sentence: int) -> list[Span]:
        """The cues of one name in one sentence, so that the cost of a long story grows with its length only."""
        return self._cues_by_sentence.get((name, sentence), [])

    def said(self, span: Span) -> str:
        """The words of a span, as written."""
        return self.message.words(span.first, span.last)

    def overlapping(self, cue: str, span: Span) -> Span | None:
        """The first cue of that name that shares a word with `span`."""
        here = self.cues_here(cue, self.sentence(span.first))
        return next((c for c in here if c.first < span.last and span.first < c.last), None)

    def in_sentence(self, cue: str, span: Span) -> Span | None:
        """The first cue of that name in the sentence of `span`."""
        return next(iter(self.cues_here(cue, self.sentence(span.first))), None)

    def within(self, name: str, cue: Span) -> bool:
        """Whether `cue` lies within a cue of that name."""
        return any(c.first <= cue.first and cue.last <= c.last for c in self.cues.get(name, ()))

    def is_change(self, cue: Span) -> bool:
        """Whether a word of change tells of one; "nothing new" does not."""
        return not self.within("usual", cue) and not self.within("usual_whole_message", cue)
