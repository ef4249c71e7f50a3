"""Vectors are encoded once and kept; whatever happens to the file, the vectors are right."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from bot.understanding import vector_cache
from bot.understanding.encoder import SentenceEncoder, Vectors
from bot.understanding.vector_cache import VectorCache

TEXTS = ["my foot bounces", "my knee locks", "my foot bounces", "why"]


class CountingEncoder(SentenceEncoder):
    """The real encoder, keeping the texts it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode and remember."""
        self.encoded.extend(texts)
        return super().encode(texts)


@pytest.fixture(scope="module")
def one_counting_encoder() -> CountingEncoder:
    """Loaded once."""
    return CountingEncoder()


@pytest.fixture
def counting(one_counting_encoder: CountingEncoder) -> CountingEncoder:
    """An encoder that has not been asked yet."""
    one_counting_encoder.encoded.clear()
    return one_counting_encoder


def test_each_text_is_encoded_once_and_then_read(tmp_path: Path, counting: CountingEncoder) -> None:
    path = tmp_path / "var" / "vectors.db"
    first = VectorCache(path, counting).vectors(TEXTS)
    assert sorted(counting.encoded) == ["my foot bounces", "my knee locks", "why"]
    counting.encoded.clear()
    second = VectorCache(path, counting).vectors(TEXTS[::-1])
    assert counting.encoded == []
    np.testing.assert_array_equal(second[::-1], first)


def test_vectors_are_those_of_the_encoder(tmp_path: Path, counting: CountingEncoder) -> None:
    cache = VectorCache(tmp_path / "vectors.db", counting)
    cache.vectors(TEXTS[:1])
    np.testing.assert_allclose(cache.vectors(TEXTS), counting.encode(TEXTS), atol=1e-4)


def test_only_new_texts_are_encoded(tmp_path: Path, counting: CountingEncoder) -> None:
    path = tmp_path / "vectors.db"
    VectorCache(path, counting).vectors(TEXTS)
    counting.encoded.clear()
    VectorCache(path, counting).vectors([*TEXTS, "a new one"])
    assert counting.encoded == ["a new one"]


def test_no_texts_give_no_vectors(tmp_path: Path, counting: CountingEncoder) -> None:
    assert VectorCache(tmp_path / "vectors.db", counting).vectors([]).shape == (0, 768)


def test_a_garbage_file_is_replaced(tmp_path: Path, counting: CountingEncoder) -> None:
    path = tmp_path / "vectors.db"
    path.write_bytes(b"this is not a database " * 100)
    right = counting.encode(TEXTS)
    np.testing.assert_allclose(VectorCache(path, counting).vectors(TEXTS), right, atol=1e-4)
    VectorCache(path, counting).vectors(TEXTS)
    counting.encoded.clear()
    np.testing.assert_allclose(VectorCache(path, counting).vectors(TEXTS), right, atol=1e-4)
    assert counting.encoded == []


def test_a_file_that_another_process_is_writing_is_not_deleted(tmp_path: Path, counting: CountingEncoder) -> None:
    path = tmp_path / "vectors.db"
    VectorCache(path, counting).vectors(TEXTS)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("begin exclusive")
    try:
        assert VectorCache(path, counting).vectors(["a new one"]).shape == (1, 768)
        assert path.is_file()
    finally:
        writer.rollback()
        writer.close()


def test_a_place_that_cannot_be_written_costs_time_but_no_answer(tmp_path: Path, counting: CountingEncoder) -> None:
    occupied = tmp_path / "a-file"
    occupied.touch()
    np.testing.assert_allclose(
        VectorCache(occupied / "vectors.db", counting).vectors(TEXTS), counting.encode(TEXTS), atol=1e-4
    )
    assert os.listdir(tmp_path) == ["a-file"]


class Stopped(Exception):
    """Somebody pressed Ctrl-C."""


def test_long_work_tells_how_far_it_is_and_goes_on_where_it_was_stopped(
    tmp_path: Path, counting: CountingEncoder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(vector_cache, "AT_ONCE", 2)
    path, texts = tmp_path / "vectors.db", ["one", "two", "three", "four", "five"]
    encode = counting.encode

    def encode_until_stopped(some: Sequence[str]) -> Vectors:
        if "three" in some:
            raise Stopped
        return encode(some)

    monkeypatch.setattr(counting, "encode", encode_until_stopped)
    with pytest.raises(Stopped):
        VectorCache(path, counting).vectors(texts)
    monkeypatch.undo()
    monkeypatch.setattr(vector_cache, "AT_ONCE", 2)
    counting.encoded.clear()
    with caplog.at_level("INFO", logger="bot.understanding.vector_cache"):
        VectorCache(path, counting).vectors(texts)

    assert counting.encoded == ["three", "four", "five"]
    assert [record.getMessage() for record in caplog.records] == [
        "Read 2 of 3 new sentences",
        "Read 3 of 3 new sentences",
    ]


def test_many_texts_are_encoded_by_one_process_at_a_time_and_not_twice(
    tmp_path: Path, counting: CountingEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_cache, "AT_ONCE", 2)
    path = tmp_path / "vectors.db"
    other = FileLock(path.with_suffix(".lock"), thread_local=False)
    other.acquire()
    found: list[Vectors] = []
    waiting = threading.Thread(target=lambda: found.append(VectorCache(path, counting).vectors(TEXTS)))
    waiting.start()
    waiting.join(0.5)
    assert waiting.is_alive()
    assert counting.encoded == []
    for text in TEXTS:  # what the other process encodes, a few at a time
        VectorCache(path, counting).vectors([text])
    counting.encoded.clear()
    other.release()
    waiting.join(30)
    assert counting.encoded == []
    np.testing.assert_allclose(found[0], counting.encode(TEXTS), atol=1e-4)


def test_a_few_texts_do_not_wait_for_many(tmp_path: Path, counting: CountingEncoder) -> None:
    path = tmp_path / "vectors.db"
    with FileLock(path.with_suffix(".lock")):
        assert VectorCache(path, counting).vectors(TEXTS).shape == (len(TEXTS), 768)
