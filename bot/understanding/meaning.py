"""Likeness in meaning, as the classifiers see it: falls off quickly with distance, each encoder at its own pace."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoder import HALF

Numbers = NDArray[np.float32]

MINILM_SHARE, E5_SHARE = 0.5, 0.5
MINILM_SHARPNESS, E5_SHARPNESS = 3.0, 12.0
"""How quickly likeness falls off: the cosines of E5 lie between 0.7 and 1, those of MiniLM between -0.1 and 1. All four
were chosen by left-out scores of the training examples."""

MEANING_VERSION = f"{MINILM_SHARE} {MINILM_SHARPNESS} {E5_SHARE} {E5_SHARPNESS}"
"""Changes whenever a likeness could come out otherwise."""


def meaning_likeness(ones: Numbers, others: Numbers) -> Numbers:
    """Likeness from 0 to 1 of vectors of shape (a, 768) with vectors of shape (b, 768) or one of shape (768,): shape
    (a, b) or (a,)."""
    result = _fall_off(ones[:, :HALF], others[..., :HALF], MINILM_SHARPNESS)
    result *= MINILM_SHARE
    second = _fall_off(ones[:, HALF:], others[..., HALF:], E5_SHARPNESS)
    second *= E5_SHARE
    result += second
    return result


def _fall_off(ones: Numbers, others: Numbers, sharpness: float) -> Numbers:
    likeness = ones @ others.T
    likeness *= 2.0 * sharpness  # each half has the length √0.5, so twice the product is the cosine
    likeness -= sharpness
    return np.asarray(np.exp(likeness, out=likeness), dtype=np.float32)
