"""Kernel ridge regression in closed form, and again at little cost when few of many examples change.

With n examples a solve costs n³/3 steps. Its Cholesky factor and the weights are kept, so that m examples more, fewer
or in another class cost n²·m.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.linalg.lapack import spftrf, spftri, spftrs

from bot.understanding.packed import Packed

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


@dataclass(frozen=True)
class Solved:
    """A factor's n examples as they were solved: `targets` and `weights`, of shape (n, classes) each."""

    factor: Packed
    targets: Numbers
    weights: Numbers


def changed_solution(
    solved: Solved, stay: Sequence[int], between: Numbers, among: Numbers, targets: Numbers, ridge: float
) -> Numbers:
    """The weights when of the n examples that were solved only those at `stay` are left, and others were added after
    them. What was solved is not solved again, so the cost follows from the changes and not from the classes.

    `between` is the kernel of those that stay with the added ones, shape (stay, added); `among` that of the added
    ones with each other; `targets`, shape (stay + added, classes), are those of the ones that stay, then of the added;
    `ridge` is the one they were solved with.
    """
    count, kept = solved.factor.count, np.asarray(stay, dtype=np.int64)
    gone = np.setdiff1d(np.arange(count), kept)
    old, new = targets[: len(kept)], targets[len(kept) :]
    wanted = np.zeros_like(solved.targets)
    wanted[kept] = old
    changed = np.union1d(gone, np.flatnonzero((wanted != solved.targets).any(axis=1)))

    columns = np.zeros((count, len(changed) + between.shape[1]), dtype=np.float32, order="F")
    columns[changed, np.arange(len(changed))] = 1.0
    columns[kept, len(changed) :] = between
    found = solution(solved.factor, columns) if columns.shape[1] else columns
    inverse, of_between = found[:, : len(changed)], found[:, len(changed) :]
    of_old = solved.weights + inverse @ (wanted - solved.targets)[changed]
    inverse_of_gone = inverse[:, np.isin(changed, gone)]

    def without_gone(whole: Numbers) -> Numbers:
        if len(gone):
            whole = whole - inverse_of_gone @ np.linalg.solve(inverse_of_gone[gone], whole[gone])
        rest: Numbers = whole[kept]
        return rest

    of_old, of_between = without_gone(of_old), without_gone(of_between)
    corner = among - between.T @ of_between
    corner[np.diag_indices_from(corner)] += ridge
    of_new = np.linalg.solve(corner, new - of_between.T @ old)
    return np.vstack([of_old - of_between @ of_new, of_new]).astype(np.float32)
