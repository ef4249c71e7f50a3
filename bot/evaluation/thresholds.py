"""Derive the thresholds of knowledge/understanding.yml from rates, on the training examples alone.

Every example is scored as if it were not among the examples. People's own messages are easier than these: an example
is in the list because it says its thing in a way of its own. So the rates hold with room to spare;
docs/understanding.md has the figures on held-out messages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.reader import Thresholds
from bot.understanding.topic_index import TOPIC
from bot.understanding.weighing import Weights

ANSWERED_RIGHTLY = 0.85
"""Share of the topics answered outright that must be the right ones."""
ALONE_RIGHTLY = 0.60
"""The same for a topic that is answered because no other one is in sight, though it is not likely by itself."""
TOPICS_KEPT = 0.97
"""Share of the topics' own questions that must be taken as being about clonus."""

DERIVED = ("answer_at", "alone_at", "in_scope_at")
_STEPS = 100


@dataclass(frozen=True)
class LeftOut:
    """The chances of left-out examples: of shape (examples,) each.

    `about`: all topics together; `best`: the likeliest topic; `likely`: how many topics reach `offer_at`; `right`:
    whether the likeliest topic is the example's own; `is_topic`: whether the example belongs to a topic at all.
    """

    about: NDArray[np.float32]
    best: NDArray[np.float32]
    likely: NDArray[np.int64]
    right: NDArray[np.bool_]
    is_topic: NDArray[np.bool_]


def left_out(
    features: NDArray[np.float32], right: NDArray[np.int64], classes: Sequence[str], weights: Weights, offer_at: float
) -> LeftOut:
    """What the reader would make of examples, from TopicIndex.training_features and the fitted weights."""
    columns = np.flatnonzero([name.startswith(TOPIC) for name in classes])
    chances = np.stack([weights.probabilities(rows) for rows in features])[:, columns]
    return LeftOut(
        about=chances.sum(axis=1),
        best=chances.max(axis=1),
        likely=(chances >= offer_at).sum(axis=1),
        right=columns[chances.argmax(axis=1)] == right,
        is_topic=np.isin(right, columns),
    )


def derive(examples: LeftOut, now: Thresholds) -> Thresholds:
    """`now` with `in_scope_at`, `answer_at` and `alone_at` replaced by what the rates ask for."""
    in_scope_at = _highest_keeping(examples.about[examples.is_topic], TOPICS_KEPT)
    inside = (examples.about >= in_scope_at) & (examples.best >= now.offer_at)
    answer_at = _lowest_right(examples, inside, ANSWERED_RIGHTLY, now.offer_at)
    alone = inside & (examples.likely < 2) & (examples.best < answer_at)
    alone_at = min(_lowest_right(examples, alone, ALONE_RIGHTLY, now.offer_at), answer_at)
    return now.copy(update={"in_scope_at": in_scope_at, "answer_at": answer_at, "alone_at": alone_at})


def refused_rate(examples: LeftOut, in_scope_at: float) -> float:
    """Share, 0 to 1, of the examples of no topic that are not taken as being about clonus."""
    return float((examples.about[~examples.is_topic] < in_scope_at).mean())


def _highest_keeping(about: NDArray[np.float32], share: float) -> float:
    """The highest threshold, in steps of 0.01, that at least `share` of the examples reach."""
    return max(step / _STEPS for step in range(_STEPS) if (about >= step / _STEPS).mean() >= share)


def _lowest_right(examples: LeftOut, among: NDArray[np.bool_], share: float, start: float) -> float:
    """The lowest threshold, in steps of 0.01, from which at least `share` of those answered are right; 1 if none."""
    for step in range(round(start * _STEPS), _STEPS):
        answered = among & (examples.best >= step / _STEPS)
        if answered.any() and examples.right[answered].mean() >= share:
            return step / _STEPS
    return 1.0


def renewed_file(content: str, found: Thresholds) -> str:
    """`content` of knowledge/understanding.yml with the derived thresholds in place of the old ones.

    Raises ValueError naming a threshold that `content` does not have on a line of its own.
    """
    for name in DERIVED:
        content, times = re.subn(rf"^{name}: *[0-9.]+", f"{name}: {getattr(found, name)}", content, flags=re.MULTILINE)
        if times != 1:
            raise ValueError(f"{name} must stand once, on a line of its own")
    return content
