"""Kernel ridge regression in steps: one solution of many examples without their Cholesky factor.

With n examples a factor costs n³/3 steps. Conjugate gradients multiply the kernel with all columns of the solution some
ten to twenty times instead, and a few times with few columns where the solution of nearly the same examples is known.
(Saad: Iterative Methods for Sparse Linear Systems, 2003, algorithm 9.1.) scipy's own solver takes one column at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]

ENOUGH = 0.01
"""What of each example may be left at most: for a class of few examples the tolerance may be all there is to solve."""

MOST_STEPS = 60
"""Steps after which the factor would have been as quick."""


class Symmetric(Protocol):
    """A symmetric matrix."""

    def product(self, columns: Numbers) -> Numbers:
        """It times columns of shape (n, columns)."""


def solution_in_steps(
    kernel: Symmetric,
    ridge: float,
    targets: Numbers,
    approximately: Callable[[Numbers], Numbers],
    tolerance: float,
    start: tuple[Numbers, Numbers] | None = None,
) -> Numbers:
    """The weights of every example, shape (n, classes), for targets of that shape: what solves the kernel with `ridge`
    added to its diagonal. `approximately` multiplies with about its inverse. The steps begin at `start`: weights and
    what of the targets these leave unsolved, shape (n, classes) each.

    `tolerance` is where the steps of a column end, or sooner where there is little to solve. If no text's likeness to
    itself is above 1, no prediction is further than twice this from the exact one, once for the steps and once for
    rounding. That holds for the worst text there could be; real ones come some hundred times nearer.

    A column that is solved is not multiplied any more. Raises LinAlgError when MOST_STEPS are not enough, rounding
    keeps the solution away or the kernel is none: what solves it then is the factor, if anything.
    """
    weights, left = (np.zeros_like(targets), targets.copy()) if start is None else (part.copy() for part in start)
    direction = approximately(left)
    height = _inner(left, direction)
    enough = np.minimum(tolerance**2, ENOUGH * _inner(targets, targets))
    for _ in range(MOST_STEPS):
        going = np.flatnonzero(height > enough)
        if not len(going):
            break
        ahead, before = direction[:, going], height[going]
        image = _image(kernel, ridge, ahead)
        length = (before / _inner(ahead, image)).astype(np.float32)
        weights[:, going] += length * ahead
        left[:, going] -= length * image
        towards = approximately(left[:, going])
        height[going] = _inner(left[:, going], towards)
        direction[:, going] = towards + (height[going] / before).astype(np.float32) * ahead

    # what rounding added up to, of all columns at once: mixed with random signs each of them counts by itself
    signs = np.random.default_rng(0).choice(np.array([-1.0, 1.0], dtype=np.float32), (targets.shape[1], 1))
    left = targets @ signs - _image(kernel, ridge, weights @ signs)
    rounded_well = _inner(left, approximately(left))[0] <= 4.0 * enough.sum()
    if not (rounded_well and (height <= enough).all()):
        raise np.linalg.LinAlgError(f"the likenesses are not solved after {MOST_STEPS} steps")
    return weights


def _image(kernel: Symmetric, ridge: float, columns: Numbers) -> Numbers:
    """The kernel with the ridge added times columns."""
    return kernel.product(columns) + np.float32(ridge) * columns


def _inner(ones: Numbers, others: Numbers) -> NDArray[np.float64]:
    """The inner product of each column with its like, added up in double precision."""
    result: NDArray[np.float64] = np.einsum("ij,ij->j", ones, others, dtype=np.float64)
    return result
