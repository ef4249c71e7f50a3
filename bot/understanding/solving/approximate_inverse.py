"""About the inverse of a kernel with a ridge, from the columns of a few examples: takes the greatest eigenvalues of the
kernel away, so that steps lead to the solution quickly.

(Frangella, Tropp, Udell: Randomized Nyström Preconditioning, SIAM J. Matrix Anal. Appl. 44(2), 2023.)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular

from bot.understanding.solving.kernel import Kernel

Numbers = NDArray[np.float32]

CHOSEN = 2000
"""Examples whose columns approximate the kernel. Found by trying: with half or twice as many it takes longer."""

LOOSENED = 0.01
"""Share of the ridge by which the chosen examples' own kernel is loosened, as two of them may be the same."""


def chosen_of(count: int) -> NDArray[np.int64]:
    """Which of so many examples are chosen: some of them, spread evenly."""
    return np.linspace(0, count, min(CHOSEN, count), endpoint=False, dtype=np.int64)


@dataclass(frozen=True)
class ApproximateInverse:
    """The kernel is never less than `half` times itself, shape (n, chosen), so this inverse is never less than the
    true one. `corner` is the Cholesky factor of the chosen examples' own kernel, `core` the inner products of `half`,
    shape (chosen, chosen) each."""

    half: Numbers
    corner: Numbers
    core: Numbers
    ridge: float

    @classmethod
    def of(cls, kernel: Kernel, ridge: float) -> ApproximateInverse:
        """That of a kernel with `ridge` added. Raises LinAlgError when the kernel is none."""
        chosen = chosen_of(kernel.count)
        columns = kernel.columns(chosen)
        own = columns[chosen]
        own[np.diag_indices_from(own)] += np.float32(LOOSENED * ridge)
        corner = cholesky(own, lower=True, overwrite_a=True)
        half: Numbers = solve_triangular(corner, columns.T, lower=True, overwrite_b=True).T
        return cls(half, corner, half.T @ half, ridge)

    def __call__(self, columns: Numbers) -> Numbers:
        """About the inverse times columns of shape (n, columns)."""
        found: Numbers = (columns - self.half @ cho_solve(self._factor, self.half.T @ columns)) / np.float32(self.ridge)
        return found

    def changed(self, added: Numbers, gone: NDArray[np.bool_]) -> ApproximateInverse:
        """That of the kernel with more examples after the others, whose likeness to the chosen ones is `added`, shape
        (added, chosen), and without those that are `gone`, shape (all,)."""
        more = solve_triangular(self.corner, added.T, lower=True).T
        half = np.vstack([self.half, more])
        left = half[gone]
        half[gone] = 0.0
        return ApproximateInverse(half, self.corner, self.core - left.T @ left + more.T @ more, self.ridge)

    @cached_property
    def _factor(self) -> tuple[Numbers, bool]:
        core = self.core.copy()
        core[np.diag_indices_from(core)] += np.float32(self.ridge)
        factor: tuple[Numbers, bool] = cho_factor(core, overwrite_a=True)
        return factor
