"""A symmetric matrix in tiles is the matrix, in memory and in a file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.understanding.solving import tiles
from bot.understanding.solving.tiles import Tiles
from tests.understanding.whole import tiled

COUNTS = (1, 3, 4, 5, 8, 11)


@pytest.fixture(autouse=True)
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "TILE", 4)


def symmetric(count: int) -> np.ndarray:
    half = np.random.default_rng(count).standard_normal((count, count)).astype(np.float32)
    return half + half.T


@pytest.mark.parametrize("count", COUNTS)
def test_the_product_is_that_of_the_whole(count: int) -> None:
    whole = symmetric(count)
    columns = np.random.default_rng(1).standard_normal((count, 3)).astype(np.float32)
    np.testing.assert_allclose(tiled(whole).product(columns), whole @ columns, atol=1e-5)


@pytest.mark.parametrize("count", COUNTS)
def test_no_number_stands_in_two_tiles_and_none_in_no_tile(count: int) -> None:
    found = Tiles.empty(count)
    found.numbers[:] = 0.0
    for row in range(len(found.strips())):
        for column in range(row + 1):
            found.tile(row, column)[:] += 1.0
    np.testing.assert_array_equal(found.numbers, 1.0)


def test_what_is_told_in_a_file_is_found_there(tmp_path: Path) -> None:
    whole, path = symmetric(11), tmp_path / "tiles.npy"
    inside = Tiles.in_file(path, 11)
    inside.numbers[:] = tiled(whole).numbers
    np.testing.assert_array_equal(np.load(path), tiled(whole).numbers)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Tiles.in_file(tmp_path / "nowhere" / "tiles.npy", 11)
