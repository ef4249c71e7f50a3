"""The lower half of a symmetric matrix as square tiles, each of them in one piece of memory.

A product with few columns costs little more than reading the matrix once. Of a matrix in one piece a tile is many short
stretches far from each other, which takes two to three times as long.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.solving.threads import on_all_threads

Numbers = NDArray[np.float32]

TILE = 1024
"""Rows and columns of a tile: what two of them take fits into the cache that cores share."""


@dataclass(frozen=True)
class Tiles:
    """A symmetric matrix of `count` rows: `numbers`, of the shape `shape(count)`, are the tiles on and below the
    diagonal, row by row of them. Of those on the diagonal both halves are there."""

    count: int
    numbers: Numbers

    @staticmethod
    def shape(count: int) -> tuple[int]:
        """How many numbers the tiles of a matrix of so many rows have."""
        whole, rest = divmod(count, TILE)
        return (TILE * TILE * whole * (whole + 1) // 2 + rest * count,)

    @classmethod
    def empty(cls, count: int) -> Tiles:
        """One whose numbers are not yet told."""
        return cls(count, np.empty(cls.shape(count), dtype=np.float32))

    @classmethod
    def in_file(cls, path: Path, count: int) -> Tiles:
        """One whose numbers will stand in the new file `path` as soon as they are told, as `numpy.save` writes them:
        written at the end, they would be copied. Raises OSError when there is no room for it."""
        numbers = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=cls.shape(count))
        with path.open("rb+") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)  # a disk found full later would end the process
        return cls(count, numbers)

    def strips(self) -> list[slice]:
        """The rows, and the columns, of the tiles."""
        return [slice(start, min(start + TILE, self.count)) for start in range(0, self.count, TILE)]

    def tile(self, row: int, column: int) -> Numbers:
        """A tile, to read or write; `column` is not greater than `row`."""
        height = min(TILE, self.count - row * TILE)
        width = min(TILE, self.count - column * TILE)
        start = TILE * TILE * row * (row + 1) // 2 + height * TILE * column
        return self.numbers[start : start + height * width].reshape(height, width)

    def block(self, here: slice) -> Numbers:
        """The numbers of some rows in the same columns, all of them of one tile."""
        row = here.start // TILE
        inside = slice(here.start - row * TILE, here.stop - row * TILE)
        return self.tile(row, row)[inside, inside]

    def product(self, columns: Numbers) -> Numbers:
        """The whole matrix times columns of shape (count, columns).

        On as many threads as the linear algebra has. How many does not change the result.
        """
        strips = self.strips()

        def times(row: int) -> Numbers:
            here = strips[row]
            part = np.zeros((here.stop, columns.shape[1]), dtype=np.float32)
            for column, there in enumerate(strips[:row]):
                tile = self.tile(row, column)
                part[here] += tile @ columns[there]
                part[there] += tile.T @ columns[here]
            part[here] += self.tile(row, row) @ columns[here]
            return part

        result = np.zeros_like(columns)
        for part in on_all_threads(times, reversed(range(len(strips)))):  # the longest rows first
            result[: len(part)] += part
        return result
