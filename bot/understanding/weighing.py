"""Weigh the likenesses of a message to every class into probabilities that sum to 1.

A conditional logit: one weight a kind of likeness, the same for every class, so that a class that was added
after the weights were fitted is weighed like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, logsumexp, softmax

from bot.understanding.thresholds import Calibration

Numbers = NDArray[np.float32]

FIRST_BEFORE_NEXT = 0.05
"""How much less likely each further choice is that a bare word offers: only so much that their order is kept."""

PENALTY = 1e-3
"""Keeps the weights small where the data do not decide them."""


@dataclass(frozen=True)
class Weights:
    """One weight a feature. The last feature marks the classes that are no topic; the one before it says how like a
    message is to all topics together."""

    values: tuple[float, ...]

    def calibrated(self, by: Calibration) -> Weights:
        """The weights under which probabilities are chances."""
        *others, _, last = (by.sharpness * value for value in self.values)
        return Weights((*others, by.all_topics, last + by.no_topic))

    def probabilities(self, features: Numbers) -> Numbers:
        """Features of shape (classes, features) to probabilities of shape (classes,)."""
        return softmax(features @ np.asarray(self.values, dtype=np.float32))


def fit_weights(features: Numbers, right: NDArray[np.int64]) -> Weights:
    """The weights under which the right class is likeliest.

    `features` has the shape (messages, classes, features), `right` (messages,): the position of the right class.
    Every class counts alike, however many examples it has.
    """
    messages, _, count = features.shape
    rows = np.arange(messages)
    per_class = np.bincount(right, minlength=features.shape[1]).astype(np.float64)
    importance = 1.0 / per_class[right]
    importance /= importance.sum()

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = features @ weights.astype(np.float32)
        logs = log_softmax(scores, axis=1)
        chances = np.exp(logs)
        value = -(importance * logs[rows, right]).sum() + PENALTY * (weights @ weights)
        chosen = features[rows, right]
        expected = np.einsum("mc,mcf->mf", chances, features)
        slope = -(importance[:, None] * (chosen - expected)).sum(axis=0) + 2 * PENALTY * weights
        return float(value), slope.astype(np.float64)

    found = minimize(loss, np.ones(count), jac=True, method="L-BFGS-B")
    return Weights(tuple(round(float(value), 3) for value in found.x))


def fit_calibration(features: Numbers, right: NDArray[np.bool_], weights: Weights) -> Calibration:
    """The calibration under which what is right about messages is likeliest.

    `features` has the shape (messages, classes, features), `right` (messages, classes): every class that is right.
    """

    def loss(given: NDArray[np.float64]) -> float:
        scores = features @ np.asarray(weights.calibrated(_calibration(given)).values)
        return float(-logsumexp(np.where(right, log_softmax(scores, axis=1), -np.inf), axis=1).mean())

    start = np.array([1.0, weights.values[-2], 0.0])
    return _calibration([round(float(number), 2) for number in minimize(loss, start, method="Nelder-Mead").x])


def _calibration(numbers: Sequence[float] | NDArray[np.float64]) -> Calibration:
    sharpness, all_topics, no_topic = numbers
    return Calibration(sharpness=sharpness, all_topics=all_topics, no_topic=no_topic)


def said_outright(chances: np.ndarray, columns: Sequence[int], sure: float) -> np.ndarray:
    """The chances when the class at `columns` was said word for word; when it may be any of several, the first is a
    little likelier than the second. `sure` is the chance of them together."""
    result: np.ndarray = chances * (1.0 - sure) / max(1.0 - float(chances[list(columns)].sum()), 1e-6)
    shares = 1.0 - FIRST_BEFORE_NEXT * np.arange(len(columns))
    result[list(columns)] = sure * shares / shares.sum()
    return result
