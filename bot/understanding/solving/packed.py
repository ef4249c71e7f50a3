"""One half of a symmetric matrix, or a triangular one, without room for the other half.

Of twenty thousand examples the whole takes 1.6 gigabytes, of memory and of disk. LAPACK's rectangular full packed form
takes half of that and is as quick: the columns of the first half of the matrix stand as they are, and the triangle that
the last half leaves lies turned over in the corner they leave free.
(Gustavson et al., Rectangular Full Packed Format for Cholesky's Algorithm, ACM TOMS 37(2), 2010.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Packed:
    """The lower half of a matrix of `count` rows: `numbers`, of shape (count · (count + 1) / 2,), as LAPACK wants them
    with transr="N" and uplo="L"."""

    count: int
    numbers: Numbers

    @classmethod
    def empty(cls, count: int) -> Packed:
        """One whose numbers are not yet told."""
        return cls(count, np.empty(count * (count + 1) // 2, dtype=np.float32))

    @property
    def middle(self) -> int:
        """Where the first half of rows and columns ends."""
        return (self.count + 1) // 2

    def halves(self) -> tuple[slice, slice]:
        """The two halves of rows or columns."""
        return slice(0, self.middle), slice(self.middle, self.count)

    def strips(self, length: int, first: int = 0) -> Iterator[slice]:
        """All rows or columns from `first` on, at most `length` at a time, none of them on both sides of the middle."""
        for half in self.halves():
            for start in range(max(half.start, first), half.stop, length):
                yield slice(start, min(start + length, half.stop))

    def block(self, rows: slice, columns: slice) -> Numbers:
        """The numbers of some rows and columns, to read or write; neither may lie on both sides of the middle.

        On the diagonal only the lower half is the matrix's own.
        """
        even = 1 - self.count % 2
        table = self.numbers.reshape((self.count + even, self.middle), order="F")
        if columns.start < self.middle:
            return table[rows.start + even : rows.stop + even, columns]
        shift = self.middle - (1 - even)
        turned = table[columns.start - self.middle : columns.stop - self.middle, rows.start - shift : rows.stop - shift]
        return turned.T

    def write(self, rows: slice, columns: slice, values: Numbers) -> None:
        """Set the numbers of a block; of one on the diagonal only the lower half."""
        if rows == columns:
            np.copyto(self.block(rows, columns), values, where=np.tri(len(values), dtype=bool))
        else:
            self.block(rows, columns)[:] = values

    def diagonal(self) -> Numbers:
        """The numbers on the diagonal, shape (count,)."""
        return np.concatenate([np.diagonal(self.block(half, half)) for half in self.halves()])

    def add_to_diagonal(self, number: float) -> None:
        """Add a number to each on the diagonal."""
        for half in self.halves():
            block = self.block(half, half)
            np.fill_diagonal(block, np.diagonal(block) + np.float32(number))
