"""Run a BERT encoder with 8-bit matrix products. Its graph is built once, from its weights, and kept on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from bot.settings import ROOT
from bot.understanding.encoders.bert import Bert, Numbers
from bot.understanding.encoders.encoder_files import Vectors

KEPT = ROOT / "var" / "encoders"
"""Where built graphs are kept: beside what is learned, but the same for every library and every model."""

FORM = 2
"""Changes whenever a graph built from the same weights would come out otherwise."""

BATCH = 16
"""Texts of like length that are run together: more do not fit into a core's cache and are slower."""

DIGITS = 32

Pieces = Sequence[int]


def calibration_texts() -> list[str]:
    """Texts of all sorts, by which it is measured how large the numbers inside an encoder get."""
    return Path(__file__).with_name("calibration.txt").read_text(encoding="utf-8").splitlines()


def built_from(files: Iterable[str]) -> str:
    """What a graph depends on, given the sha256 of the encoder's files: it changes when a vector could."""
    return hashlib.sha256("\n".join([str(FORM), *files, *calibration_texts()]).encode()).hexdigest()[:16]


class BertRunner:
    """Turns word pieces into vectors of length 1: the mean of a text's states.

    `weights` is called when the graph has to be built; `embedded` gives the embeddings of pieces, shape (texts, pieces)
    to (texts, pieces, width); `cut` gives the pieces of a text; `exact` names products that are not rounded.
    """

    def __init__(
        self,
        name: str,
        files: Iterable[str],
        weights: Callable[[], Bert],
        embedded: Callable[[NDArray[np.int64]], Numbers],
        cut: Callable[[str], Pieces],
        exact: Collection[str] = (),
    ) -> None:
        self._embedded = embedded
        stem = f"{name}-{built_from(files)}"
        graph: Path | bytes | None = _kept(stem)
        if graph is None:
            content = self._built(weights(), cut, exact)
            graph = _keep(stem, content) or content
        self._session = _session(graph)

    def vectors(self, pieces: Sequence[Pieces]) -> Vectors:
        """One vector a text, shape (texts, width). Many texts are shared out over all cores."""
        order = sorted(range(len(pieces)), key=lambda index: len(pieces[index]))
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
        if len(batches) <= 1:
            parts = [self._run([pieces[index] for index in batch]) for batch in batches]
        else:
            with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
                parts = list(threads.map(lambda batch: self._run([pieces[index] for index in batch]), batches))
        result = np.zeros((len(pieces), self._session.get_inputs()[0].shape[2]), dtype=np.float32)
        for batch, part in zip(batches, parts, strict=True):
            result[batch] = part
        return result

    def _run(self, pieces: Sequence[Pieces]) -> Vectors:
        from_pieces = self._inputs(pieces)
        (states,) = self._session.run(None, from_pieces)
        weight = from_pieces["mask"][:, :, None].astype(np.float32)
        mean = (states * weight).sum(axis=1) / weight.sum(axis=1)
        vectors: Vectors = mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)
        return vectors

    def _inputs(self, pieces: Sequence[Pieces]) -> dict[str, NDArray[np.generic]]:
        numbers = np.zeros((len(pieces), max(map(len, pieces))), dtype=np.int64)
        mask = np.zeros(numbers.shape, dtype=np.int32)
        for row, own in enumerate(pieces):
            numbers[row, : len(own)] = own
            mask[row, : len(own)] = 1
        return {"embedded": self._embedded(numbers).astype(np.float32), "mask": mask}

    def _built(self, bert: Bert, cut: Callable[[str], Pieces], exact: Collection[str]) -> bytes:
        from bot.understanding.encoders.bert_graph import graph, measured_ranges  # only now: onnx is not needed to run

        inputs: list[Mapping[str, NDArray[np.generic]]] = [self._inputs([cut(text)]) for text in calibration_texts()]
        return bytes(graph(bert, measured_ranges(bert, inputs), exact).SerializeToString())


def _session(graph: Path | bytes) -> onnxruntime.InferenceSession:
    """A file is better than bytes: its weights stay in it, and all processes on a machine share them."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one message is too little work to share out; batches are shared out above
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_cpu_mem_arena = False  # an arena keeps what the largest batch ever took, and is no faster
    source = graph if isinstance(graph, bytes) else str(graph)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def _kept(stem: str) -> Path | None:
    """A graph that `_keep` wrote; None when it is not there or is not whole: its name ends in its digest."""
    for path in KEPT.glob(f"{stem}-*.onnx"):
        with suppress(OSError):
            if path.stem == f"{stem}-{_digest(path.read_bytes())}":
                return path
    return None


def _digest(graph: bytes) -> str:
    return hashlib.sha256(graph).hexdigest()[:DIGITS]


def _keep(stem: str, graph: bytes) -> Path | None:
    path = KEPT / f"{stem}-{_digest(graph)}.onnx"
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(graph)
        os.replace(unfinished, path)
    except OSError:  # a folder we may not write to costs time at the next start, not answers
        with suppress(OSError):
            unfinished.unlink()
        return None
    for old in path.parent.glob(f"{path.name.split('-')[0]}-*.onnx"):
        if old != path:
            old.unlink(missing_ok=True)
    return path
