"""How like all examples are to each other, worked out in tiles: the whole has some hundred million numbers.

A product of sparse rows costs the square of how many rows share an n-gram, so nearly all of its time goes to the few
hundred commonest ones. Those are multiplied as dense columns instead, which is many times quicker.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.understanding.meaning import meaning_likeness

Numbers = NDArray[np.float32]

TILE = 1024
"""Examples whose likeness to as many others is worked out at a time: small enough for a core's cache."""

COMMON = 512
"""N-grams that are multiplied as dense columns. Found by trying: with half or twice as many it takes longer."""


def likeness_of_all(vectors: Numbers, meaning_share: float, ngrams: sparse.csr_matrix) -> Numbers:
    """The likeness of n examples to each other, shape (n, n), in the order LAPACK works in place: likeness in meaning
    of their `vectors`, shape (n, 768), times `meaning_share` (0 to 1), plus the inner products of the rows of
    `ngrams`, shape (n, n-grams).

    It is symmetric; above the diagonal only the tiles that touch the diagonal are filled in.
    """
    count = len(vectors)
    dense, rest = _common_and_rest(ngrams)
    starts = range(0, count, TILE)
    sparse_tiles = [rest[start : start + TILE] for start in starts]
    turned_tiles = [tile.T.tocsr() for tile in sparse_tiles]
    result = np.zeros((count, count), dtype=np.float32, order="F")
    for row, top in enumerate(starts):
        here = slice(top, top + TILE)
        for column, left in enumerate(starts[: row + 1]):
            there = slice(left, left + TILE)
            tile = meaning_likeness(vectors[here], vectors[there])
            tile *= meaning_share
            tile += dense[here] @ dense[there].T
            tile += (sparse_tiles[row] @ turned_tiles[column]).toarray()
            result[here, there] = tile
    return result


def _common_and_rest(ngrams: sparse.csr_matrix) -> tuple[Numbers, sparse.csr_matrix]:
    """The commonest n-grams as dense columns, and the others."""
    rows_having = np.bincount(ngrams.indices, minlength=ngrams.shape[1])
    common = np.zeros(ngrams.shape[1], dtype=bool)
    common[np.argsort(-rows_having, kind="stable")[:COMMON]] = True
    dense: Numbers = np.ascontiguousarray(ngrams[:, np.flatnonzero(common)].toarray(), dtype=np.float32)
    return dense, ngrams[:, np.flatnonzero(~common)].tocsr()
