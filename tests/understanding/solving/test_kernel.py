"""The likeness of examples, in tiles, dense columns and a sparse rest, is what it is worked out at once."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from threadpoolctl import threadpool_limits

from bot.understanding.meaning import meaning_likeness
from bot.understanding.solving import kernel, tiles
from bot.understanding.solving.kernel import Kernel
from tests.understanding.whole import lower_half

COUNT = 11


def examples(ngrams: int, filled: float) -> tuple[np.ndarray, sparse.csr_matrix]:
    rng = np.random.default_rng(5)
    vectors = rng.standard_normal((COUNT, 768)).astype(np.float32)
    vectors /= np.sqrt(2.0) * np.linalg.norm(vectors.reshape(COUNT, 2, 384), axis=2).repeat(384, axis=1)
    return vectors, sparse.random(COUNT, ngrams, filled, format="csr", dtype=np.float32, random_state=rng)


@pytest.mark.parametrize("common_from", [2.0, 0.5, 0.3, 0.0], ids="common from {}".format)
@pytest.mark.parametrize("tile", [1, 4, COUNT, 50], ids="tiles of {}".format)
def test_it_is_that_of_all_at_once(tile: int, common_from: float, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (kernel, tiles):
        monkeypatch.setattr(module, "TILE", tile)
    monkeypatch.setattr(kernel, "COMMON_FROM", common_from)
    vectors, ngrams = examples(40, 0.3)
    at_once = 0.7 * meaning_likeness(vectors, vectors) + (ngrams @ ngrams.T).toarray()
    found = Kernel.of(vectors, 0.7, ngrams)
    columns = np.random.default_rng(2).standard_normal((COUNT, 3)).astype(np.float32)
    chosen = np.array([7, 0, 10])
    np.testing.assert_allclose(lower_half(found.packed()), np.tril(at_once), atol=1e-5)
    np.testing.assert_allclose(found.product(columns), at_once @ columns, atol=1e-5)
    np.testing.assert_allclose(found.columns(chosen), at_once[:, chosen], atol=1e-5)


def test_it_is_the_same_on_one_thread_as_on_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "TILE", 4)
    monkeypatch.setattr(kernel, "TILE", 4)
    vectors, ngrams = examples(40, 0.3)
    columns = np.random.default_rng(2).standard_normal((COUNT, 3)).astype(np.float32)
    with threadpool_limits(1):
        alone = Kernel.of(vectors, 0.7, ngrams).product(columns)
    with threadpool_limits(3):
        shared = Kernel.of(vectors, 0.7, ngrams).product(columns)
    np.testing.assert_array_equal(alone, shared)


def test_examples_without_any_ngram_are_like_by_meaning_alone() -> None:
    vectors, none = examples(40, 0.0)
    expected = np.tril(meaning_likeness(vectors, vectors))
    np.testing.assert_allclose(lower_half(Kernel.of(vectors, 1.0, none).packed()), expected, atol=1e-5)
