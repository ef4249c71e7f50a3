"""Packed matrices of plain ones, and written out, for comparing them."""

from __future__ import annotations

import numpy as np

from bot.understanding.packed import Packed


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
