"""Packed matrices written out, for comparing them with plain ones."""

from __future__ import annotations

import numpy as np

from bot.understanding.packed import Packed


def lower_half(packed: Packed) -> np.ndarray:
    """All of it with zeros above the diagonal, shape (count, count)."""
    result = np.zeros((packed.count, packed.count), dtype=np.float32)
    first, last = packed.halves()
    for rows, columns in ((first, first), (last, first), (last, last)):
        result[rows, columns] = packed.block(rows, columns)
    return np.tril(result)
