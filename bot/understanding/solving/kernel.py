"""How like examples are to each other: by meaning, which is worked out in tiles as the whole has some hundred million
numbers, plus by n-grams, which are multiplied with each other only for the columns that are asked for. What they add to
a product follows from the sparse rows themselves at a small part of the cost.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.understanding.meaning import meaning_likeness
from bot.understanding.solving.packed import Packed
from bot.understanding.solving.threads import on_all_threads
from bot.understanding.solving.tiles import TILE, Tiles

Numbers = NDArray[np.float32]

COMMON_FROM = 0.034
"""Share of the examples from which an n-gram is multiplied as a dense column where n-grams are multiplied with each
other: a product of sparse rows costs the square of how many rows share one."""

PARTS = 2
"""Parts of the columns that sparse rows are multiplied with at the same time."""


@dataclass(frozen=True)
class Kernel:
    """The likeness of n examples to each other: `meaning`, by meaning, plus the inner products of `ngrams`."""

    meaning: Tiles
    ngrams: NgramRows

    @classmethod
    def of(
        cls, vectors: Numbers, meaning_share: float, ngrams: sparse.csr_matrix, meaning: Tiles | None = None
    ) -> Kernel:
        """That of examples with `vectors` of shape (n, 768), whose likeness in meaning counts `meaning_share`
        (0 to 1), and rows of `ngrams`, shape (n, n-grams). In the tiles `meaning`, if there are some, it is worked out.

        On as many threads as the linear algebra has, each of which works out tiles of its own.
        """
        meaning = meaning or Tiles.empty(len(vectors))
        strips, room = meaning.strips(), _Room()

        def fill(row: int) -> None:
            for column, there in enumerate(strips[: row + 1]):
                tile = meaning.tile(row, column)
                meaning_likeness(vectors[strips[row]], vectors[there], (tile, room.like(tile)))
                tile *= meaning_share

        on_all_threads(fill, reversed(range(len(strips))))  # the longest rows first
        return cls(meaning, NgramRows(ngrams))

    @property
    def count(self) -> int:
        """How many examples there are."""
        return self.meaning.count

    def product(self, columns: Numbers) -> Numbers:
        """The kernel times columns of shape (n, columns)."""
        return self.meaning.product(columns) + self.ngrams.product(columns)

    def columns(self, chosen: NDArray[np.int64]) -> Numbers:
        """Some columns of the kernel, shape (n, chosen)."""
        result = np.empty((self.count, len(chosen)), dtype=np.float32)
        strips = self.meaning.strips()

        def fill(row: int) -> None:
            here = strips[row]
            for column, there in enumerate(strips):
                places = np.flatnonzero((chosen >= there.start) & (chosen < there.stop))
                inside = chosen[places] - there.start
                turned = column > row
                tile = self.meaning.tile(column, row).T if turned else self.meaning.tile(row, column)
                result[here, places] = tile[:, inside]
            result[here] += self.ngrams.between(here, chosen)

        on_all_threads(fill, range(len(strips)))
        return result

    def block(self, here: slice) -> Numbers:
        """The likeness of some examples, which lie in one tile, to each other."""
        own: Numbers = self.meaning.block(here) + self.ngrams.between(here, np.arange(here.start, here.stop))
        return own

    def packed(self) -> Packed:
        """All of it as LAPACK wants it."""
        result = Packed.empty(self.count)
        for here in result.strips(TILE):
            rows = np.arange(here.start, here.stop)
            likeness = self.columns(rows)
            for there in result.strips(TILE):
                if there.start <= here.start:
                    result.write(here, there, likeness[there].T)
        return result


class _Room(threading.local):
    """Memory of a thread beside its tiles: asked for anew with every tile, a tenth of the time goes into getting it."""

    def __init__(self) -> None:
        self._numbers = np.empty(TILE * TILE, dtype=np.float32)

    def like(self, tile: Numbers) -> Numbers:
        """An array of the shape of a tile, with whatever stands in it."""
        return self._numbers[: tile.size].reshape(tile.shape)


@dataclass(frozen=True)
class ChangedKernel:
    """The likeness of examples of which n were there `before` and others came after them: `added`, shape (added, all),
    is their likeness in meaning to all. Those that are `gone`, shape (all,), are like nothing."""

    before: Tiles
    added: Numbers
    ngrams: NgramRows
    gone: NDArray[np.bool_]

    def change_of_product(self, weights: Numbers) -> Numbers:
        """By how much the kernel times `weights`, shape (all, columns), is more than it was before the change, when
        those that are gone had theirs and those that were added had none."""
        old, gone = self.before.count, np.flatnonzero(self.gone)
        change = np.zeros_like(weights)
        if len(gone):
            change[:old] -= Kernel(self.before, self.ngrams).columns(gone) @ weights[gone]
        there = np.flatnonzero(~self.gone)
        added = self.added[:, there] + self.ngrams.between(slice(old, None), there)
        change[old:] = added @ weights[there]
        change[gone] = 0.0
        return change

    def product(self, columns: Numbers) -> Numbers:
        """The kernel times columns of shape (all, columns), in which all that is gone is zero."""
        old = self.before.count
        result = self.ngrams.product(columns)
        result[:old] += self.before.product(columns[:old])
        result[:old] += self.added[:, :old].T @ columns[old:]
        result[old:] += self.added @ columns
        result[self.gone] = 0.0
        return result


class NgramRows:
    """The n-grams of examples, sparse rows of shape (n, n-grams), and their inner products with each other. The
    commonest n-grams are multiplied as dense columns."""

    def __init__(self, rows: sparse.csr_matrix) -> None:
        rows_having = np.bincount(rows.indices, minlength=rows.shape[1])
        common = rows_having >= COMMON_FROM * rows.shape[0]
        self._common: Numbers = np.ascontiguousarray(rows[:, np.flatnonzero(common)].toarray(), dtype=np.float32)
        self._rest: sparse.csr_matrix = rows[:, np.flatnonzero(~common)].tocsr()

    def product(self, columns: Numbers) -> Numbers:
        """The inner products of all rows, times columns of shape (n, columns)."""
        result: Numbers = self._common @ (self._common.T @ columns)

        def add(part: NDArray[np.int64]) -> None:
            result[:, part] += self._rest @ (self._rest.T @ np.ascontiguousarray(columns[:, part]))

        on_all_threads(add, np.array_split(np.arange(columns.shape[1]), PARTS))
        return result

    def between(self, ones: slice, others: NDArray[np.int64]) -> Numbers:
        """The inner products of some rows with some others, shape (ones, others)."""
        common: Numbers = self._common[ones] @ self._common[others].T
        common += (self._rest[ones] @ self._rest[others].T).toarray()
        return common
