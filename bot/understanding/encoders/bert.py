"""The numbers of a BERT encoder, whatever file they came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Affine:
    """y = weight · x + bias; `weight` has the shape (outputs, inputs)."""

    weight: Numbers
    bias: Numbers


@dataclass(frozen=True)
class Norm:
    """The scale and the shift after a layer normalization."""

    scale: Numbers
    shift: Numbers


@dataclass(frozen=True)
class Layer:
    """One layer. `into_attention` gives queries, keys and values, one after the other."""

    into_attention: Affine
    out_of_attention: Affine
    attention_norm: Norm
    widening: Affine
    narrowing: Affine
    norm: Norm


@dataclass(frozen=True)
class Bert:
    """A whole encoder after its embeddings, which are looked up outside: `embedding_norm`, then the layers."""

    heads: int
    epsilon: float
    embedding_norm: Norm
    layers: tuple[Layer, ...]

    @property
    def width(self) -> int:
        """Numbers that stand for one word piece."""
        return len(self.embedding_norm.scale)
