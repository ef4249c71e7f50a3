"""Kernel ridge regression in steps, for one solution of many examples without their Cholesky factor.

With n examples a factor costs n³/3 steps, which is most of the time a training takes. Conjugate gradients multiply the
kernel with all columns of the solution some twenty-five times instead, which takes about half as long. So few are
enough because the kernel is first approximated by the columns of a few of its examples, which takes its greatest
eigenvalues away.
(Frangella, Tropp, Udell: Randomized Nyström Preconditioning, SIAM J. Matrix Anal. Appl. 44(2), 2023; Saad: Iterative
Methods for Sparse Linear Systems, 2003, algorithm 9.1.) scipy's own solver takes one column at a time.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular
from scipy.linalg.blas import ssymm

from bot.understanding.packed import Packed
from bot.understanding.threads import on_all_threads

Numbers = NDArray[np.float32]

TOLERANCE = 0.05
"""Where the steps of a column end. If no text's likeness to itself is above 1, no prediction is further than twice this
from the exact one: once for the steps, once for rounding. That holds for the worst text there could be; with
0.02, of eight thousand real ones none was off by a twentieth of it."""

MOST_STEPS = 60
"""Steps after which the factor would have been as quick."""

CHOSEN = 2000
"""Examples whose columns approximate the kernel. Found by trying: with half or twice as many it takes longer."""

TILE = 512
"""Rows and columns of the kernel that are multiplied at a time: small enough for a core's cache."""

LOOSENED = 0.01
"""Share of the ridge by which the chosen examples' own kernel is loosened, as two of them may be the same."""


def solution_in_steps(kernel: Packed, ridge: float, targets: Numbers) -> Numbers:
    """The weights of every example, shape (n, classes), for targets of that shape: what solves the kernel with `ridge`
    added to its diagonal. The kernel stays as it is.

    A column that is solved is not multiplied any more. Raises LinAlgError when MOST_STEPS are not enough, rounding
    keeps the solution away or the kernel is none: what solves it then is the factor, if anything.
    """
    approximately = _approximate_inverse(kernel, ridge)
    weights, left = np.zeros_like(targets), targets.copy()
    direction = approximately(left)
    height = _inner(left, direction)
    for _ in range(MOST_STEPS):
        going = np.flatnonzero(height > TOLERANCE**2)
        if not len(going):
            break
        ahead, before = direction[:, going], height[going]
        image = product(kernel, ahead) + np.float32(ridge) * ahead
        length = (before / _inner(ahead, image)).astype(np.float32)
        weights[:, going] += length * ahead
        left[:, going] -= length * image
        towards = approximately(left[:, going])
        height[going] = _inner(left[:, going], towards)
        direction[:, going] = towards + (height[going] / before).astype(np.float32) * ahead

    left = targets - product(kernel, weights) - np.float32(ridge) * weights  # without what rounding added up to
    if not (_inner(left, approximately(left)) <= (2 * TOLERANCE) ** 2).all():
        raise np.linalg.LinAlgError(f"the likenesses are not solved after {MOST_STEPS} steps")
    return weights


def product(kernel: Packed, columns: Numbers) -> Numbers:
    """The whole symmetric kernel times columns of shape (n, columns).

    On as many threads as the linear algebra has. How many does not change the result.
    """
    strips = list(kernel.strips(TILE))

    def times(row: int) -> Numbers:
        here = strips[row]
        part = np.zeros((here.stop, columns.shape[1]), dtype=np.float32)
        for there in strips[:row]:
            block = kernel.block(here, there)
            part[here] += block @ columns[there]
            part[there] += block.T @ columns[here]
        part[here] += ssymm(1.0, kernel.block(here, here), columns[here], lower=1)
        return part

    result = np.zeros_like(columns)
    for part in on_all_threads(times, reversed(range(len(strips)))):  # the longest rows first
        result[: len(part)] += part
    return result


def columns_of(kernel: Packed, chosen: NDArray[np.int64]) -> Numbers:
    """Some columns of the whole symmetric kernel, shape (n, chosen)."""
    result = np.empty((kernel.count, len(chosen)), dtype=np.float32)
    strips = list(kernel.strips(TILE))
    for here in strips:
        places = np.flatnonzero((chosen >= here.start) & (chosen < here.stop))
        inside = chosen[places] - here.start
        for there in strips:
            block = kernel.block(here, there).T if there.start < here.start else kernel.block(there, here)
            if there == here:
                block = np.tril(block) + np.tril(block, -1).T
            result[there, places] = block[:, inside]
    return result


def _approximate_inverse(kernel: Packed, ridge: float) -> Callable[[Numbers], Numbers]:
    """What multiplies columns with about the inverse of the kernel with the ridge added.

    The kernel is never less than what the chosen columns make of it, so this inverse is never less than the true one:
    that is why TOLERANCE holds.
    """
    chosen = np.linspace(0, kernel.count, min(CHOSEN, kernel.count), endpoint=False, dtype=np.int64)
    columns = columns_of(kernel, chosen)
    own = columns[chosen]
    own[np.diag_indices_from(own)] += np.float32(LOOSENED * ridge)
    half = solve_triangular(cholesky(own, lower=True), columns.T, lower=True, overwrite_b=True).T
    core = half.T @ half
    core[np.diag_indices_from(core)] += np.float32(ridge)
    factor = cho_factor(core, overwrite_a=True)

    def multiply(columns: Numbers) -> Numbers:
        result: Numbers = (columns - half @ cho_solve(factor, half.T @ columns)) / np.float32(ridge)
        return result

    return multiply


def _inner(ones: Numbers, others: Numbers) -> NDArray[np.float64]:
    """The inner product of each column with its like, added up in double precision."""
    result: NDArray[np.float64] = np.einsum("ij,ij->j", ones, others, dtype=np.float64)
    return result
