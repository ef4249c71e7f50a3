"""Matrices in the forms of ours, from plain ones and written out, for comparing them."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from bot.understanding.solving.packed import Packed
from bot.understanding.solving.tiles import Tiles


def packed(whole: np.ndarray) -> Packed:
    """The lower half of a matrix of shape (count, count)."""
    result = Packed.empty(len(whole))
    first, last = result.halves()
    for rows, columns in ((first, first), (last, first), (last, last)):
        result.write(rows, columns, whole[rows, columns])
    return result


def lower_half(matrix: Packed) -> np.ndarray:
    """All of it with zeros above the diagonal, shape (count, count)."""
    result = np.zeros((matrix.count, matrix.count), dtype=np.float32)
    first, last = matrix.halves()
    for rows, columns in ((first, first), (last, first), (last, last)):
        result[rows, columns] = matrix.block(rows, columns)
    return np.tril(result)


def tiled(whole: np.ndarray) -> Tiles:
    """A symmetric matrix in tiles."""
    result = Tiles.empty(len(whole))
    for row, here in enumerate(result.strips()):
        for column, there in enumerate(result.strips()[: row + 1]):
            result.tile(row, column)[:] = whole[here, there]
    return result


def no_ngrams(count: int) -> sparse.csr_matrix:
    """The n-grams of examples that have none."""
    return sparse.csr_matrix((count, 3), dtype=np.float32)
