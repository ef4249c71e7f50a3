"""Likeness in meaning, as the classifiers see it: falls off quickly with distance, each encoder at its own pace."""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import HALVES

Numbers = NDArray[np.float32]

MINILM_SHARE, E5_SHARE = 0.5, 0.5
MINILM_SHARPNESS, E5_SHARPNESS = 3.0, 12.0
"""How quickly likeness falls off: the cosines of E5 lie between 0.7 and 1, those of MiniLM between -0.1 and 1. All four
were chosen by left-out scores of the training examples."""

MEANING_VERSION = f"{MINILM_SHARE} {MINILM_SHARPNESS} {E5_SHARE} {E5_SHARPNESS}"
"""Changes whenever a likeness could come out otherwise."""


def meaning_likeness(ones: Numbers, others: Numbers, room: tuple[Numbers, Numbers] | None = None) -> Numbers:
    """Likeness from 0 to 1 of vectors of shape (a, 768) with vectors of shape (b, 768): shape (a, b).

    In `room`, two arrays of that shape, it is worked out without asking for new memory; the first is the result.
    """
    first, second = room or (None, None)
    first = np.matmul(ones[:, HALVES[0]], others[:, HALVES[0]].T, out=first)
    second = np.matmul(ones[:, HALVES[1]], others[:, HALVES[1]].T, out=second)
    return _likeness(first, second)


def likeness_and_cosine(first: Numbers, second: Numbers) -> tuple[Numbers, Numbers]:
    """The likeness, and beside it the mean cosine by both encoders, from the inner products of each half of the
    vectors, which are used up."""
    cosine = first + second
    return _likeness(first, second), cosine


def _likeness(first: Numbers, second: Numbers) -> Numbers:
    result = _fall_off(first, MINILM_SHARPNESS, MINILM_SHARE)
    result += _fall_off(second, E5_SHARPNESS, E5_SHARE)
    return result


def _fall_off(products: Numbers, sharpness: float, share: float) -> Numbers:
    products *= 2.0 * sharpness  # each half has the length √0.5, so twice the product is the cosine
    result: Numbers = np.exp(products, out=products)
    result *= share * exp(-sharpness)
    return result
