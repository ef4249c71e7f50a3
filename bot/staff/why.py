"""Why a topic ranks where it does: which of its questions a message is most like, and which words they share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.tidy import tidy

if TYPE_CHECKING:
    from bot.staff.library import Shelf
    from bot.understanding.encoder import SentenceEncoder, Vectors
    from bot.understanding.vector_cache import VectorCache

ASKED = ("question", "title")
"""Passages that sound like a message."""


@dataclass(frozen=True)
class Likest:
    """The question of a topic that a message is most like in meaning, and how like, 0 to 1."""

    question: str
    likeness: float


class Questions:
    """The questions of one library with their sentence vectors; kept ones are not encoded again."""

    def __init__(self, shelf: Shelf, cache: VectorCache, encoder: SentenceEncoder) -> None:
        self.version = shelf.version
        self._encoder = encoder
        self._asked = sorted(
            (passage for passage in shelf.passages if passage.kind in ASKED), key=lambda passage: passage.topic
        )
        self._vectors: Vectors = cache.vectors([tidy(passage.text) for passage in self._asked])

    def likest(self, text: str) -> Mapping[str, Likest]:
        """For every topic the question that `text` is most like."""
        likeness = self._vectors @ self._encoder.encode_one(tidy(text))
        found: dict[str, Likest] = {}
        for place in np.argsort(-likeness, kind="stable"):
            passage = self._asked[place]
            if passage.topic not in found:
                found[passage.topic] = Likest(passage.text, min(1.0, max(0.0, float(likeness[place]))))
        return found
