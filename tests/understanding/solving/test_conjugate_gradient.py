"""Kernel ridge regression in steps, against the plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from bot.understanding.solving import approximate_inverse, conjugate_gradient, tiles
from bot.understanding.solving.approximate_inverse import ApproximateInverse
from bot.understanding.solving.conjugate_gradient import solution_in_steps
from bot.understanding.solving.kernel import ChangedKernel, Kernel, NgramRows
from tests.understanding.whole import no_ngrams, tiled

COUNTS = (1, 2, 3, 10, 11, 60, 61)
RIDGE, TOLERANCE = 0.1, 0.05


def likenesses(count: int, sharpness: float = 1.0) -> np.ndarray:
    """The likenesses of points to each other, each 1 to itself; the less sharp, the worse they can be solved."""
    points = np.random.default_rng(count).standard_normal((count, 3))
    distances = np.square(points[:, None] - points[None]).sum(axis=2)
    return np.exp(-sharpness * distances).astype(np.float32)


def targets_of(count: int, classes: int = 4) -> np.ndarray:
    return np.sign(np.random.default_rng(count).standard_normal((count, classes))).astype(np.float32)


def exact(whole: np.ndarray, ridge: float, targets: np.ndarray) -> np.ndarray:
    return np.linalg.solve(whole.astype(np.float64) + ridge * np.eye(len(whole)), targets)


def exact_weights(kernel: Kernel, targets: np.ndarray) -> np.ndarray:
    whole = kernel.columns(np.arange(kernel.count))
    return exact(whole, RIDGE, targets).astype(np.float32)


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "TILE", 4)
    monkeypatch.setattr(approximate_inverse, "BLOCK", 2)


def kernel_of(whole: np.ndarray) -> Kernel:
    return Kernel(tiled(whole), NgramRows(no_ngrams(len(whole))))


def solved(whole: np.ndarray, targets: np.ndarray, ridge: float = RIDGE, tolerance: float = TOLERANCE) -> np.ndarray:
    kernel = kernel_of(whole)
    return solution_in_steps(kernel, ridge, targets, ApproximateInverse.of(kernel, ridge), tolerance)


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("chosen", [1, 20, 1000])
@pytest.mark.parametrize("sharpness", [0.001, 0.1, 10.0])
@pytest.mark.parametrize("count", COUNTS)
def test_predictions_are_those_of_the_exact_solution(
    count: int, sharpness: float, chosen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(approximate_inverse, "CHOSEN", chosen)
    whole, targets = likenesses(count, sharpness), targets_of(count)
    found = solved(whole, targets)
    assert found.dtype == np.float32
    np.testing.assert_allclose(whole @ found, whole @ exact(whole, RIDGE, targets), atol=TOLERANCE)


@pytest.mark.usefixtures("small_tiles")
def test_many_steps_are_as_exact_as_the_numbers_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approximate_inverse, "CHOSEN", 5)
    whole, targets = likenesses(61), targets_of(61)
    found = solved(whole, targets, tolerance=1e-3)
    np.testing.assert_allclose(found, exact(whole, RIDGE, targets), atol=1e-2)


def test_the_same_example_many_times_is_no_trouble() -> None:
    whole, targets = np.ones((30, 30), dtype=np.float32), targets_of(30)
    found = solved(whole, targets)
    np.testing.assert_allclose(whole @ found, whole @ exact(whole, RIDGE, targets), atol=TOLERANCE)


def test_a_column_with_nothing_to_solve_stays_nothing() -> None:
    targets = targets_of(11)
    targets[:, 1] = 0.0
    found = solved(likenesses(11), targets)
    np.testing.assert_array_equal(found[:, 1], 0.0)
    assert np.isfinite(found).all()


def test_a_class_of_one_example_is_learned_however_wide_the_tolerance() -> None:
    whole, targets = likenesses(11), np.zeros((11, 1), dtype=np.float32)
    targets[4] = 1.0
    found = solved(whole, targets, tolerance=100.0)
    np.testing.assert_allclose(whole @ found, whole @ exact(whole, RIDGE, targets), atol=0.1)


def test_kernel_targets_and_start_stay_as_they_are() -> None:
    kernel, targets = kernel_of(likenesses(10)), targets_of(10)
    start = np.zeros_like(targets), targets.copy()
    before = kernel.meaning.numbers.copy(), targets.copy(), np.copy(start)
    solution_in_steps(kernel, RIDGE, targets, ApproximateInverse.of(kernel, RIDGE), TOLERANCE, start)
    np.testing.assert_array_equal(kernel.meaning.numbers, before[0])
    np.testing.assert_array_equal(targets, before[1])
    np.testing.assert_array_equal(start, before[2])


def test_the_same_comes_out_again() -> None:
    whole, targets = likenesses(61), targets_of(61)
    np.testing.assert_array_equal(solved(whole, targets), solved(whole, targets))


@pytest.mark.usefixtures("small_tiles")
def test_from_a_solution_of_other_targets_only_what_changed_is_multiplied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approximate_inverse, "CHOSEN", 20)
    kernel, targets = kernel_of(likenesses(61)), targets_of(61)
    inverse = ApproximateInverse.of(kernel, RIDGE)
    before = solution_in_steps(kernel, RIDGE, targets, inverse, TOLERANCE)
    changed = targets.copy()
    changed[3, 1] *= -1.0
    widths: list[int] = []

    class Counted:
        def product(self, columns: np.ndarray) -> np.ndarray:
            widths.append(columns.shape[1])
            return kernel.product(columns)

    found = solution_in_steps(Counted(), RIDGE, changed, inverse, TOLERANCE, (before, changed - targets))
    assert set(widths) == {1}
    np.testing.assert_array_equal(found[:, [0, 2, 3]], before[:, [0, 2, 3]])
    np.testing.assert_allclose(kernel.product(found), kernel.product(exact_weights(kernel, changed)), atol=TOLERANCE)


@pytest.mark.usefixtures("small_tiles")
def test_with_examples_gone_and_others_added_it_is_the_exact_solution_of_those_that_are_there() -> None:
    whole, targets = likenesses(61), targets_of(61)
    first = kernel_of(whole[:50, :50])
    before = ApproximateInverse.of(first, RIDGE)
    gone = np.isin(np.arange(61), [0, 7, 49])
    targets[gone] = 0.0
    changed = ChangedKernel(first.meaning, whole[50:], NgramRows(no_ngrams(61)), gone)
    inverse = before.changed(whole[50:, :50], gone)
    weights = np.vstack([solution_in_steps(first, RIDGE, targets_of(61)[:50], before, TOLERANCE), np.zeros((11, 4))])
    left = targets - np.vstack([targets_of(61)[:50], np.zeros((11, 4))]) * ~gone[:, None]
    left -= changed.change_of_product(weights)
    weights[gone] = 0.0
    start = weights.astype(np.float32), left.astype(np.float32)
    found = solution_in_steps(changed, RIDGE, targets, inverse, TOLERANCE, start)
    there = np.flatnonzero(~gone)
    own = whole[np.ix_(there, there)]
    np.testing.assert_array_equal(found[gone], 0.0)
    np.testing.assert_allclose(own @ found[there], own @ exact(own, RIDGE, targets[there]), atol=TOLERANCE)


def test_too_few_steps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approximate_inverse, "CHOSEN", 1)
    monkeypatch.setattr(approximate_inverse, "BLOCK", 1)
    monkeypatch.setattr(conjugate_gradient, "MOST_STEPS", 2)
    with pytest.raises(np.linalg.LinAlgError, match="after 2 steps"):
        solved(likenesses(60), targets_of(60))


def test_a_ridge_too_small_for_the_numbers_is_told() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        solved(likenesses(60, 0.001), targets_of(60), ridge=1e-9)


def test_likenesses_that_cannot_be_solved_are_told() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        solved(-np.eye(4, dtype=np.float32), targets_of(4))
