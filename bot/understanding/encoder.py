"""Turn texts into sentence vectors: two encoders side by side, so that one sees what the other misses.

all-MiniLM-L6-v2 and multilingual-e5-small were taught in different ways; together they tell danger from look-alikes
and one topic from its neighbour clearly better than either (docs/safety.md and docs/understanding.md have the figures).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from bot.understanding.encoders.bert_runner import built_from
from bot.understanding.encoders.e5 import E5, E5_FILES, e5_folder
from bot.understanding.encoders.encoder_files import EncoderBroken, Vectors, verify_file
from bot.understanding.encoders.minilm import MINILM_FILES, MiniLM, minilm_folder

__all__ = ["DIMENSIONS", "ENCODERS_VERSION", "EncoderBroken", "SentenceEncoder", "Vectors", "verify_model_files"]

HALF = 384
DIMENSIONS = 2 * HALF
HALVES = (slice(0, HALF), slice(HALF, DIMENSIONS))
"""What each encoder has made of a text."""
ENCODERS_VERSION = "-".join(built_from(files.values()) for files in (MINILM_FILES, E5_FILES))
"""Changes whenever a vector could come out otherwise."""

MOST_CHARACTERS = 600
"""A longer text keeps its beginning and its end: people often come to the point last."""

REMEMBERED = 2048
"""Vectors of recent texts kept in memory: "yes", "no" and "ok" come again and again."""


def verify_model_files() -> None:
    """Check that the files of both encoders are byte for byte the ones this project was measured with.

    Raises EncoderBroken, naming the file, when one is missing or differs.
    """
    for folder, files in ((minilm_folder(), MINILM_FILES), (e5_folder(), E5_FILES)):
        for name, expected in files.items():
            verify_file(folder / name, expected)


def shortened(text: str) -> str:
    """The part of a text that is encoded."""
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return f"{text[:half]} {text[-half:]}"


class SentenceEncoder:
    """Encodes texts into vectors of length 1, so that a dot product is their mean cosine by both encoders (-1 to 1).

    The first half of a vector comes from MiniLM, the second from E5; each has the length √0.5.
    Raises EncoderBroken when the model files are missing or changed.
    """

    def __init__(self) -> None:
        verify_model_files()
        self._minilm = MiniLM()
        self._e5 = E5()
        self._recent: OrderedDict[str, Vectors] = OrderedDict()

    def encode_one(self, text: str) -> Vectors:
        """The vector of one text, shape (768,). Recent texts are remembered."""
        vector = self._recent.get(text)
        if vector is None:
            vector = self.encode([text])[0]
            self._recent[text] = vector
            if len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        else:
            self._recent.move_to_end(text)
        return vector

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of many texts, shape (len(texts), 768)."""
        seen = [shortened(text) for text in texts]
        both = np.hstack([self._minilm.encode(seen), self._e5.encode(seen)])
        return np.asarray(both * np.sqrt(0.5), dtype=np.float32)
