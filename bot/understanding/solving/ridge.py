"""Kernel ridge regression in closed form: with n examples a solve costs n³/3 steps, and from the factor follows what
would be said of each example without it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import spftrf, spftri, spftrs

from bot.understanding.solving.packed import Packed

Numbers = NDArray[np.float32]

COLUMNS = 512
"""Columns of an inverse that are worked out at a time."""

STRIP = 1024
"""Rows of a factor that are solved at a time."""


def factor_of(kernel: Packed, ridge: float) -> Packed:
    """The Cholesky factor of a kernel with `ridge` added: how strongly single examples are smoothed over. The kernel is
    used up. Raises LinAlgError for a kernel that is none."""
    kernel.add_to_diagonal(ridge)
    factor, failed = spftrf(kernel.count, kernel.numbers, uplo="L", overwrite_a=1)
    _check(failed)
    return Packed(kernel.count, factor)


def solution(factor: Packed, targets: Numbers) -> Numbers:
    """The weights of every example, shape (n, classes), for targets of that shape."""
    solved, failed = spftrs(factor.count, factor.numbers, targets, uplo="L")
    _check(failed)
    found: Numbers = solved
    return found


def inverse_of(factor: Packed) -> Packed:
    """The inverse of the kernel with the ridge added. The factor is used up."""
    inverse, failed = spftri(factor.count, factor.numbers, uplo="L", overwrite_a=1)
    _check(failed)
    return Packed(factor.count, inverse)


def _check(failed: int) -> None:
    if failed:
        raise np.linalg.LinAlgError(f"the likenesses cannot be solved ({failed})")


def inverse_diagonal(factor: Packed, wanted: NDArray[np.int64]) -> Numbers:
    """Some numbers on the diagonal of the inverse, shape (wanted,), from which left-out predictions follow."""
    order = np.argsort(wanted, kind="stable")
    result = np.empty(len(wanted), dtype=np.float32)
    for start in range(0, len(wanted), COLUMNS):
        chosen = order[start : start + COLUMNS]
        first = int(wanted[chosen[0]])  # what stands before it stays zero, so only the factor's corner is needed
        columns = np.zeros((factor.count, len(chosen)), dtype=np.float32)
        columns[wanted[chosen], np.arange(len(chosen))] = 1.0
        _solve_below(factor, first, columns)
        result[chosen] = np.square(columns).sum(axis=0)
    return result


def _solve_below(factor: Packed, first: int, columns: Numbers) -> None:
    """Solve the factor's corner from row `first` on for `columns`, shape (n, columns), before which all are zero."""
    for here in factor.strips(STRIP, first):
        for half in factor.halves():
            above = slice(max(half.start, first), min(half.stop, here.start))
            if above.start < above.stop:
                columns[here] -= factor.block(here, above) @ columns[above]
        columns[here] = solve_triangular(factor.block(here, here), columns[here], lower=True, check_finite=False)
