"""Rounded vectors give nearly the products that exact ones give."""

from __future__ import annotations

import numpy as np
import pytest

from bot.shared import sentence_encoder
from bot.understanding.encoder import HALVES, Vectors
from bot.understanding.rounded import RoundedVectors

KNOWN = [
    "do i need a brace", "my splint rubs", "is an afo any use", "thank you", "when can i drive again", "hot tubs",
    "foot bounces when i stand", "my knee snaps back", "how often should i stretch", "????", "a",
]  # fmt: skip
ASKED = ["brace rubbing my ankle", "cheers", "y does my leg shake", "will the heat make it worse"]


@pytest.fixture(scope="module")
def known() -> Vectors:
    return sentence_encoder().encode(KNOWN)


@pytest.mark.parametrize("text", [*ASKED, *KNOWN])
def test_products_differ_from_exact_ones_by_thousandths_at_most(known: Vectors, text: str) -> None:
    vector = sentence_encoder().encode_one(text)
    found = RoundedVectors.of(known).products(vector)
    for half, products in zip(HALVES, found, strict=True):
        np.testing.assert_allclose(products, known[:, half] @ vector[half], atol=2.5e-3)
        assert products.dtype == np.float32


def test_a_vector_of_nothing_but_what_all_share_is_no_division_by_nothing(known: Vectors) -> None:
    alike = np.repeat(known[:1], 3, axis=0)
    for half, products in zip(HALVES, RoundedVectors.of(alike).products(known[0]), strict=True):
        np.testing.assert_allclose(products, alike[:, half] @ known[0][half], atol=1e-5)


def test_what_is_kept_gives_the_very_same_products(known: Vectors) -> None:
    rounded = RoundedVectors.of(known)
    again = RoundedVectors.from_arrays(rounded.arrays())
    for ours, theirs in zip(rounded.products(known[2]), again.products(known[2]), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_arrays_that_do_not_fit_together_are_refused(known: Vectors) -> None:
    arrays = RoundedVectors.of(known).arrays()
    with pytest.raises(KeyError):
        RoundedVectors.from_arrays({name: array for name, array in arrays.items() if name != "steps"})
    for broken in (
        {**arrays, "steps": arrays["steps"][:, 1:]},
        {**arrays, "rounded": arrays["rounded"].astype(np.float32)},
        {**arrays, "shared": arrays["shared"][1:]},
    ):
        with pytest.raises(ValueError, match="not rounded vectors"):
            RoundedVectors.from_arrays(broken)
