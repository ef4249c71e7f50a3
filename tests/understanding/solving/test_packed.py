"""The packed form holds what the whole holds, and lies as LAPACK wants it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.linalg.lapack import strttf

from bot.understanding.solving.packed import Packed
from tests.understanding.whole import lower_half, packed

COUNTS = (1, 2, 3, 10, 11)


def symmetric(count: int) -> np.ndarray:
    numbers = np.random.default_rng(count).standard_normal((count, count)).astype(np.float32)
    return numbers + numbers.T


@pytest.mark.parametrize("count", COUNTS)
def test_it_is_what_lapack_makes_of_the_whole(count: int) -> None:
    whole = symmetric(count)
    np.testing.assert_array_equal(packed(whole).numbers, strttf(whole, transr="N", uplo="L")[0])


@pytest.mark.parametrize("count", COUNTS)
def test_the_lower_half_comes_out_as_it_went_in(count: int) -> None:
    whole = symmetric(count)
    np.testing.assert_array_equal(lower_half(packed(whole)), np.tril(whole))


@pytest.mark.parametrize("count", COUNTS)
def test_the_diagonal_can_be_read_and_added_to(count: int) -> None:
    whole = symmetric(count)
    found = packed(whole)
    found.add_to_diagonal(0.5)
    np.testing.assert_array_equal(found.diagonal(), np.diag(whole) + np.float32(0.5))
    np.testing.assert_array_equal(lower_half(found), np.tril(whole + np.float32(0.5) * np.eye(count, dtype=np.float32)))


@pytest.mark.parametrize("first", [0, 2, 6, 10])
@pytest.mark.parametrize("length", [1, 4, 100])
@pytest.mark.parametrize("count", [10, 11])
def test_strips_cover_all_from_the_first_on_and_none_crosses_the_middle(count: int, length: int, first: int) -> None:
    found = Packed.empty(count)
    strips = list(found.strips(length, first))
    assert [row for strip in strips for row in range(strip.start, strip.stop)] == list(range(first, count))
    assert all(strip.stop <= found.middle or strip.start >= found.middle for strip in strips)
    assert all(strip.stop - strip.start <= length for strip in strips)


@pytest.mark.parametrize("count", [10, 11])
def test_writing_a_block_on_the_diagonal_leaves_what_shares_its_place_alone(count: int) -> None:
    found = packed(symmetric(count))
    before = lower_half(found)
    for strip in found.strips(3):
        found.write(strip, strip, np.full((strip.stop - strip.start,) * 2, 7.0, dtype=np.float32))
    expected = before.copy()
    for strip in found.strips(3):
        rows = np.arange(strip.start, strip.stop)
        expected[np.ix_(rows, rows)] = np.where(np.tri(len(rows), dtype=bool), 7.0, 0.0)
    np.testing.assert_array_equal(lower_half(found), expected)
