"""How like all examples are to each other, worked out in tiles: the whole has some hundred million numbers.

A product of sparse rows costs the square of how many rows share an n-gram, so nearly all of its time goes to the few
hundred commonest ones. Those are multiplied as dense columns instead, which is many times quicker.
"""

from __future__ import annotations

import threading

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.understanding.meaning import meaning_likeness
from bot.understanding.packed import Packed
from bot.understanding.threads import on_all_threads

Numbers = NDArray[np.float32]

TILE = 1536
"""Examples whose likeness to as many others is worked out at a time: small enough for a core's cache."""

COMMON_FROM = 0.034
"""Share of the examples from which an n-gram is multiplied as a dense column. Found by trying, on topics (some 500
n-grams) and on dangers (some 1,000): with half or twice as many both take longer."""


def likeness_of_all(vectors: Numbers, meaning_share: float, ngrams: sparse.csr_matrix) -> Packed:
    """The likeness of n examples to each other: likeness in meaning of their `vectors`, shape (n, 768), times
    `meaning_share` (0 to 1), plus the inner products of the rows of `ngrams`, shape (n, n-grams).

    On as many threads as the linear algebra has, each of which works out tiles of its own.
    """
    result = Packed.empty(len(vectors))
    dense, rest = _common_and_rest(ngrams)
    strips = list(result.strips(TILE))
    sparse_strips = [rest[strip] for strip in strips]
    turned_strips = [strip.T.tocsr() for strip in sparse_strips]
    room = _Room()

    def fill(row: int) -> None:
        here = strips[row]
        for column, there in enumerate(strips[: row + 1]):
            first, second, third = room.tiles(there.stop - there.start, here.stop - here.start)
            tile = meaning_likeness(vectors[there], vectors[here], (first, second))
            tile *= meaning_share
            tile += np.matmul(dense[there], dense[here].T, out=third)
            tile += (sparse_strips[column] @ turned_strips[row]).toarray(out=third)
            result.write(here, there, tile.T)

    on_all_threads(fill, reversed(range(len(strips))))  # the longest rows first
    return result


class _Room(threading.local):
    """Memory of a thread for its tiles: asked for anew with every tile, a tenth of the time goes into getting it."""

    def __init__(self) -> None:
        self._numbers = np.empty((3, TILE * TILE), dtype=np.float32)

    def tiles(self, rows: int, columns: int) -> tuple[Numbers, Numbers, Numbers]:
        """Three arrays of shape (rows, columns), of which neither is more than TILE, with whatever stands in them."""
        first, second, third = (numbers[: rows * columns].reshape(rows, columns) for numbers in self._numbers)
        return first, second, third


def _common_and_rest(ngrams: sparse.csr_matrix) -> tuple[Numbers, sparse.csr_matrix]:
    """The commonest n-grams as dense columns, and the others."""
    rows_having = np.bincount(ngrams.indices, minlength=ngrams.shape[1])
    common = rows_having >= COMMON_FROM * ngrams.shape[0]
    dense: Numbers = np.ascontiguousarray(ngrams[:, np.flatnonzero(common)].toarray(), dtype=np.float32)
    return dense, ngrams[:, np.flatnonzero(~common)].tocsr()
