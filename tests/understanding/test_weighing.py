"""Likenesses become probabilities, and the weights are learnt from examples."""

from __future__ import annotations

import numpy as np
import pytest

from bot.understanding.thresholds import Calibration
from bot.understanding.weighing import Weights, fit_calibration, fit_weights


@pytest.mark.parametrize("values", [(0.0, 0.0), (5.0, -3.0), (400.0, 400.0)])
def test_probabilities_sum_to_one(values: tuple[float, float]) -> None:
    features = np.random.default_rng(7).normal(size=(9, 2)).astype(np.float32)
    chances = Weights(values).probabilities(features)
    assert chances.shape == (9,)
    assert (chances >= 0).all()
    assert chances.sum() == pytest.approx(1.0, abs=1e-5)


def test_without_weights_every_class_is_as_likely() -> None:
    features = np.array([[1, 2], [3, 4], [5, 6], [7, 8]], dtype=np.float32)
    np.testing.assert_allclose(Weights((0.0, 0.0)).probabilities(features), [0.25] * 4)


def test_the_class_with_the_higher_score_is_likelier() -> None:
    features = np.array([[0.2, 0.9], [0.8, 0.1]], dtype=np.float32)
    assert Weights((2.0, 0.0)).probabilities(features).argmax() == 1
    assert Weights((0.0, 2.0)).probabilities(features).argmax() == 0


def test_fitting_recovers_which_features_matter_and_how() -> None:
    true = np.array([3.0, 1.0, 0.0, -2.0])
    random = np.random.default_rng(11)
    features = random.normal(size=(4000, 6, 4)).astype(np.float32)
    scores = features @ true + random.gumbel(size=(4000, 6))
    fitted = np.array(fit_weights(features, scores.argmax(axis=1)).values)
    assert list(fitted.argsort()) == list(true.argsort())
    np.testing.assert_allclose(fitted, true, atol=0.4)


def test_every_class_counts_alike_however_many_examples_it_has() -> None:
    """Class 0 (300 examples) is told by feature 0, class 1 (3 examples) by feature 1."""
    of_many, of_few = [[1.0, 0.0], [0.0, 1.0]], [[0.6, 0.0], [0.0, 0.6]]
    features = np.array([of_many] * 300 + [of_few] * 3, dtype=np.float32)
    right = np.array([0] * 300 + [1] * 3)
    alone = np.array([of_many, of_few], dtype=np.float32)
    np.testing.assert_allclose(
        fit_weights(features, right).values, fit_weights(alone, np.array([0, 1])).values, atol=1e-3
    )


def test_calibrated_weights_keep_the_order_of_topics_and_favour_what_is_none() -> None:
    weights = Weights((2.0, 0.5, 1.0)).calibrated(Calibration(sharpness=1.5, all_topics=4.0, no_topic=0.25))
    assert weights == Weights((3.0, 4.0, 1.75))


def test_the_calibration_that_the_chances_were_made_with_is_found_again() -> None:
    random = np.random.default_rng(5)
    features = random.normal(size=(6000, 5, 3)).astype(np.float32)
    no_topic = np.array([0.0, 0.0, 0.0, 1.0, 1.0], dtype=np.float32)
    features[:, :, 2] = no_topic
    features[:, :, 1] = features[:, :1, 1] * (1.0 - no_topic)  # the same for every topic
    fitted = Weights((1.0, 0.4, 0.2))
    true = Calibration(sharpness=1.8, all_topics=1.5, no_topic=0.7)
    scores = features @ np.array(fitted.calibrated(true).values) + random.gumbel(size=(6000, 5))
    right = np.eye(5, dtype=bool)[scores.argmax(axis=1)]
    found = fit_calibration(features, right, fitted)
    assert (found.sharpness, found.all_topics, found.no_topic) == pytest.approx((1.8, 1.5, 0.7), abs=0.15)
