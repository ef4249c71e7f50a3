"""About the inverse of a kernel with a ridge: from the columns of a few examples, which takes the greatest eigenvalues
of the kernel away, and from the likeness of neighbours to each other, so that steps lead to the solution quickly.

(Frangella, Tropp, Udell: Randomized Nyström Preconditioning, SIAM J. Matrix Anal. Appl. 44(2), 2023. What the few
examples leave of the diagonal blocks stands in place of the ridge: examples of a class stand together, and are most
like each other.)
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular
from scipy.linalg.blas import ssyrk

from bot.understanding.solving.kernel import Kernel

Numbers = NDArray[np.float32]

CHOSEN = 1500
"""Examples whose columns approximate the kernel. Found by trying: with 1000 or 2000 it takes longer."""

BLOCK = 512
"""Examples in a row whose likeness to each other is taken as it is. A tile of the kernel holds a whole number of them.
With twice as many it takes as long."""

LOOSENED = 0.01
"""Share of the ridge by which the chosen examples' own kernel is loosened, as two of them may be the same."""


def chosen_of(count: int) -> NDArray[np.int64]:
    """Which of so many examples are chosen: some of them, spread evenly."""
    return np.linspace(0, count, min(CHOSEN, count), endpoint=False, dtype=np.int64)


def factors_shape(count: int) -> tuple[int, int]:
    """The shape of the blocks' factors of so many examples."""
    return count, min(BLOCK, count)


@dataclass(frozen=True)
class ApproximateInverse:
    """The inverse of `half` times itself, shape (n, chosen), which is never more than the kernel, plus its blocks.

    `corner` is the Cholesky factor of the chosen examples' own kernel. `factors`, shape (n, BLOCK), has those of what
    `half` leaves of each block with the ridge added, one below the other; examples behind them have only the ridge.
    `core`, shape (chosen, chosen), is `half` times the inverse of the blocks times `half`. What is `gone`, shape (n,),
    is given as zero and stays zero.
    """

    half: Numbers
    corner: Numbers
    factors: Numbers
    core: Numbers
    ridge: float
    gone: NDArray[np.bool_] | None = None

    @classmethod
    def of(cls, kernel: Kernel, ridge: float) -> ApproximateInverse:
        """That of a kernel with `ridge` added. Raises LinAlgError when the kernel is none."""
        chosen = chosen_of(kernel.count)
        columns = kernel.columns(chosen)
        own = columns[chosen]
        own[np.diag_indices_from(own)] += np.float32(LOOSENED * ridge)
        corner = cholesky(own, lower=True, overwrite_a=True)
        half: Numbers = solve_triangular(corner, columns.T, lower=True, overwrite_b=True).T
        factors = np.zeros(factors_shape(kernel.count), dtype=np.float32)
        core: Numbers = np.zeros((len(chosen), len(chosen)), dtype=np.float32, order="F")
        for here in _blocks(kernel.count):
            left = kernel.block(here) - half[here] @ half[here].T
            left[np.diag_indices_from(left)] += np.float32(ridge)
            factor = cholesky(left, lower=True, overwrite_a=True)
            factors[here, : len(factor)] = factor
            core = _with_own_products(core, solve_triangular(factor, half[here], lower=True))
        return cls(half, corner, factors, core, ridge)

    def __call__(self, columns: Numbers) -> Numbers:
        """About the inverse times columns of shape (n, columns)."""
        inside = self.half.T @ self._by_blocks(columns)
        found = self._by_blocks(columns - self.half @ cho_solve(self._factor, inside))
        if self.gone is not None:
            found[self.gone] = 0.0
        return found

    def changed(self, added: Numbers, gone: NDArray[np.bool_]) -> ApproximateInverse:
        """That of the kernel with more examples after the others, whose likeness to the chosen ones is `added`, shape
        (added, chosen), and without those that are `gone`, shape (all,)."""
        more = solve_triangular(self.corner, added.T, lower=True).T
        core = _with_own_products(self.core.copy(order="F"), more / np.float32(np.sqrt(self.ridge)))
        return ApproximateInverse(np.vstack([self.half, more]), self.corner, self.factors, core, self.ridge, gone)

    def _by_blocks(self, columns: Numbers) -> Numbers:
        """The inverse of the blocks times columns."""
        found = columns / np.float32(self.ridge)
        for here in _blocks(len(self.factors)):
            factor = self.factors[here, : here.stop - here.start]
            found[here] = cho_solve((factor, True), columns[here], check_finite=False)
        return found

    @cached_property
    def _factor(self) -> tuple[Numbers, bool]:
        core = self.core.copy(order="F")
        core[np.diag_indices_from(core)] += np.float32(1.0)
        factor: tuple[Numbers, bool] = cho_factor(core, lower=True, overwrite_a=True)
        return factor


def _blocks(count: int) -> Iterator[slice]:
    return (slice(start, min(start + BLOCK, count)) for start in range(0, count, BLOCK))


def _with_own_products(lower: Numbers, rows: Numbers) -> Numbers:
    """The lower half of a matrix with the products of the columns of `rows` added, of which only that half is worked
    out. The matrix is used up."""
    added: Numbers = ssyrk(1.0, np.asfortranarray(rows.T), beta=1.0, c=lower, lower=1, overwrite_c=1)
    return added
