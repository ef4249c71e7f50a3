"""Kernel ridge regression in closed form, and again at little cost when few of many examples change.

With n examples a solve costs n³/3 steps. Its Cholesky factor is kept, so that m examples more or fewer cost n²·m.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, solve_triangular

Numbers = NDArray[np.float32]

RIDGE = 0.3
"""How strongly single examples are smoothed over. Chosen by left-out accuracy."""


def factor_of(kernel: Numbers) -> Numbers:
    """The lower Cholesky factor of a symmetric kernel of shape (n, n) with the ridge added. The kernel is used up."""
    kernel[np.diag_indices_from(kernel)] += RIDGE
    # the transpose of a symmetric array is the array itself in the order LAPACK works in place
    factor: Numbers = cho_factor(kernel.T, lower=True, overwrite_a=True, check_finite=False)[0]
    return factor


def solution(factor: Numbers, targets: Numbers) -> Numbers:
    """The weights of every example, shape (n, classes), for targets of that shape."""
    solved: Numbers = cho_solve((factor, True), targets, check_finite=False)
    return solved


def inverse_diagonal(factor: Numbers, wanted: NDArray[np.int64]) -> Numbers:
    """Some numbers on the diagonal of the inverse, shape (wanted,), from which left-out predictions follow."""
    columns = np.zeros((len(factor), len(wanted)), dtype=np.float32, order="F")
    columns[wanted, np.arange(len(wanted))] = 1.0
    halves = solve_triangular(factor, columns, lower=True, overwrite_b=True, check_finite=False)
    result: Numbers = np.square(halves).sum(axis=0)
    return result


def changed_solution(
    factor: Numbers, stay: Sequence[int], between: Numbers, among: Numbers, targets: Numbers
) -> Numbers:
    """The weights when of the factor's n examples only those at `stay` are left, and others were added after them.

    `between` is the kernel of those that stay with the added ones, shape (stay, added); `among` that of the added
    ones with each other; `targets`, shape (stay + added, classes), are those of the ones that stay, then of the added.
    """
    kept = np.asarray(stay, dtype=np.int64)
    gone = np.setdiff1d(np.arange(len(factor)), kept)
    columns = np.zeros((len(factor), len(gone)), dtype=np.float32, order="F")
    columns[gone, np.arange(len(gone))] = 1.0
    inverse_of_gone = solution(factor, columns) if len(gone) else columns

    def without_gone(right: Numbers) -> Numbers:
        whole = np.zeros((len(factor), right.shape[1]), dtype=np.float32, order="F")
        whole[kept] = right
        solved = solution(factor, whole)
        if len(gone):
            solved -= inverse_of_gone @ np.linalg.solve(inverse_of_gone[gone], solved[gone])
        return solved[kept]

    old, new = targets[: len(kept)], targets[len(kept) :]
    both = without_gone(np.hstack([old, between]))
    of_old, of_between = both[:, : old.shape[1]], both[:, old.shape[1] :]
    corner = among - between.T @ of_between
    corner[np.diag_indices_from(corner)] += RIDGE
    of_new = np.linalg.solve(corner, new - of_between.T @ old)
    return np.vstack([of_old - of_between @ of_new, of_new]).astype(np.float32)
