"""Kernel ridge regression in steps, against the plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from bot.understanding import conjugate_gradient
from bot.understanding.conjugate_gradient import TOLERANCE, columns_of, product, solution_in_steps
from tests.understanding.whole import packed

COUNTS = (1, 2, 3, 10, 11, 60, 61)
RIDGE = 0.1


def likenesses(count: int, sharpness: float = 1.0) -> np.ndarray:
    """The likenesses of points to each other, each 1 to itself; the less sharp, the worse they can be solved."""
    points = np.random.default_rng(count).standard_normal((count, 3))
    distances = np.square(points[:, None] - points[None]).sum(axis=2)
    return np.exp(-sharpness * distances).astype(np.float32)


def targets_of(count: int, classes: int = 4) -> np.ndarray:
    return np.sign(np.random.default_rng(count).standard_normal((count, classes))).astype(np.float32)


def exact(whole: np.ndarray, ridge: float, targets: np.ndarray) -> np.ndarray:
    return np.linalg.solve(whole.astype(np.float64) + ridge * np.eye(len(whole)), targets)


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conjugate_gradient, "TILE", 4)


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("count", COUNTS)
def test_the_product_is_that_of_the_whole(count: int) -> None:
    whole, columns = likenesses(count), targets_of(count)
    np.testing.assert_allclose(product(packed(whole), columns), whole @ columns, atol=1e-5)


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("count", COUNTS)
def test_columns_are_those_of_the_whole_in_the_order_asked_for(count: int) -> None:
    whole = likenesses(count)
    for chosen in (np.arange(count), np.arange(count)[::-3]):
        np.testing.assert_array_equal(columns_of(packed(whole), chosen), whole[:, chosen])


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("chosen", [1, 20, 1000])
@pytest.mark.parametrize("sharpness", [0.001, 0.1, 10.0])
@pytest.mark.parametrize("count", COUNTS)
def test_predictions_are_those_of_the_exact_solution(
    count: int, sharpness: float, chosen: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conjugate_gradient, "CHOSEN", chosen)
    whole, targets = likenesses(count, sharpness), targets_of(count)
    found = solution_in_steps(packed(whole), RIDGE, targets)
    assert found.dtype == np.float32
    np.testing.assert_allclose(whole @ found, whole @ exact(whole, RIDGE, targets), atol=TOLERANCE)


@pytest.mark.usefixtures("small_tiles")
def test_many_steps_are_as_exact_as_the_numbers_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conjugate_gradient, "CHOSEN", 5)
    monkeypatch.setattr(conjugate_gradient, "TOLERANCE", 1e-3)
    whole, targets = likenesses(61), targets_of(61)
    found = solution_in_steps(packed(whole), RIDGE, targets)
    np.testing.assert_allclose(found, exact(whole, RIDGE, targets), atol=1e-2)


def test_the_same_example_many_times_is_no_trouble() -> None:
    whole, targets = np.ones((30, 30), dtype=np.float32), targets_of(30)
    found = solution_in_steps(packed(whole), RIDGE, targets)
    np.testing.assert_allclose(whole @ found, whole @ exact(whole, RIDGE, targets), atol=TOLERANCE)


def test_a_column_with_nothing_to_solve_stays_nothing() -> None:
    targets = targets_of(11)
    targets[:, 1] = 0.0
    found = solution_in_steps(packed(likenesses(11)), RIDGE, targets)
    np.testing.assert_array_equal(found[:, 1], 0.0)
    assert np.isfinite(found).all()


def test_kernel_and_targets_stay_as_they_are() -> None:
    kernel, targets = packed(likenesses(10)), targets_of(10)
    before = kernel.numbers.copy(), targets.copy()
    solution_in_steps(kernel, RIDGE, targets)
    np.testing.assert_array_equal(kernel.numbers, before[0])
    np.testing.assert_array_equal(targets, before[1])


def test_the_same_comes_out_again() -> None:
    kernel, targets = packed(likenesses(61)), targets_of(61)
    np.testing.assert_array_equal(solution_in_steps(kernel, RIDGE, targets), solution_in_steps(kernel, RIDGE, targets))


def test_too_few_steps_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conjugate_gradient, "CHOSEN", 1)
    monkeypatch.setattr(conjugate_gradient, "MOST_STEPS", 2)
    with pytest.raises(np.linalg.LinAlgError, match="after 2 steps"):
        solution_in_steps(packed(likenesses(60)), RIDGE, targets_of(60))


def test_a_ridge_too_small_for_the_numbers_is_told() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        solution_in_steps(packed(likenesses(60, 0.001)), 1e-9, targets_of(60))


def test_likenesses_that_cannot_be_solved_are_told() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        solution_in_steps(packed(-np.eye(4, dtype=np.float32)), RIDGE, targets_of(4))
