"""Ridge regression in closed form, against the plain formulas."""

from __future__ import annotations

import numpy as np
import pytest

from bot.understanding.solving import ridge
from bot.understanding.solving.ridge import factor_of, inverse_diagonal, inverse_of, solution
from tests.understanding.whole import lower_half, packed

COUNT, RIDGE = 23, 0.3


@pytest.fixture
def kernel() -> np.ndarray:
    points = np.random.default_rng(3).standard_normal((COUNT, 9))
    return (points @ points.T).astype(np.float32)


def test_the_weights_solve_the_kernel_with_the_ridge_added(kernel: np.ndarray) -> None:
    targets = np.random.default_rng(4).standard_normal((COUNT, 3)).astype(np.float32)
    expected = np.linalg.solve(kernel + RIDGE * np.eye(COUNT), targets)
    np.testing.assert_allclose(solution(factor_of(packed(kernel), RIDGE), targets), expected, atol=1e-3)


@pytest.mark.parametrize("strip", [1, 5, 100])
@pytest.mark.parametrize("columns", [1, 4, 100])
@pytest.mark.parametrize("wanted", [[0], [22], [3, 4, 5], [20, 1, 7, 22, 0], list(range(COUNT))], ids=str)
def test_numbers_of_the_inverse_come_in_the_order_asked_for(
    kernel: np.ndarray, wanted: list[int], columns: int, strip: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ridge, "COLUMNS", columns)
    monkeypatch.setattr(ridge, "STRIP", strip)
    expected = np.diag(np.linalg.inv(kernel.astype(np.float64) + RIDGE * np.eye(COUNT)))[wanted]
    found = inverse_diagonal(factor_of(packed(kernel), RIDGE), np.array(wanted))
    np.testing.assert_allclose(found, expected, rtol=1e-3)


def test_the_inverse_is_that_of_the_kernel_with_the_ridge_added(kernel: np.ndarray) -> None:
    expected = np.linalg.inv(kernel.astype(np.float64) + RIDGE * np.eye(COUNT))
    found = inverse_of(factor_of(packed(kernel), RIDGE))
    np.testing.assert_allclose(lower_half(found), np.tril(expected), atol=1e-3)


def test_likenesses_that_cannot_be_solved_are_told() -> None:
    with pytest.raises(np.linalg.LinAlgError):
        factor_of(packed(-np.eye(4, dtype=np.float32)), RIDGE)
