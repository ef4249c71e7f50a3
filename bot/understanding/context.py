"""What a message means in its conversation: whether it stays with the topic last told, or turns to another.

"How often?" says nothing by itself. The chance that a message stays with the last topic is a logistic of a few plain
signs; its weights are content (knowledge/understanding.yml, derived by benchmarks/follow_ups.py).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.thresholds import FollowUpRules, FollowUpWeights
from bot.understanding.tidy import same_words

Numbers = NDArray[np.float32]

LEAST = 1e-3
"""Chances below this count alike when their logarithm is taken."""


@dataclass(frozen=True)
class Context:
    """What a message may lean on: the topic last told, the topics offered as choices just before it, and the message
    before it."""

    topic: str | None = None
    offered: tuple[str, ...] = ()
    before: str = ""


@dataclass(frozen=True)
class Signs:
    """What speaks for a message to stay with the last topic. Chances and the fit are those of the message alone.

    `another_is_related`: the likeliest other topic is one that the last one names as related, so that what is asked
    may well stand in both. `words`: how many the message has.
    """

    sounds_like_one: float
    last_topic_alone: float
    another_topic: float
    another_intent: float
    points_back: bool
    sentence_fits: float
    another_is_related: bool
    words: int

    def values(self) -> tuple[float, ...]:
        """The signs as the numbers that are weighed, in the order of FollowUpWeights without its start.

        The longer a message, the less it means that it points back; a related topic that is named outright is meant.
        """
        words, points, related = math.log(self.words + 1), float(self.points_back), float(self.another_is_related)
        return (
            self.sounds_like_one,
            math.log(self.last_topic_alone + LEAST),
            self.another_topic,
            self.another_intent,
            points,
            points * words,
            self.sentence_fits,
            words,
            related * points,
            related * (1.0 - self.another_topic),
        )


def points_back(text: str, rules: FollowUpRules) -> bool:
    """Whether a message speaks of something said before: "it", "that one"."""
    return not set(same_words(text).split()).isdisjoint(rules.points_back)


def names_another(text: str, told: Collection[str], rules: FollowUpRules) -> bool:
    """Whether a message names a thing that is not among the words `told` of the topic before: "he's on baclofen, what
    is that for", after the brace."""
    return any(word in rules.names and word not in told for word in same_words(text).split())


def number_of_words(text: str) -> int:
    """How many words a message has: the fewer, the less it can stand alone."""
    return len(same_words(text).split())


def chance_of_staying(signs: Signs, weights: FollowUpWeights) -> float:
    """The chance, 0 to 1, that a message is about the topic last told."""
    given = list(weights.dict().values())
    total = given[0] + sum(weight * value for weight, value in zip(given[1:], signs.values(), strict=True))
    return 1.0 / (1.0 + math.exp(-total))


def moved(chances: Numbers, follow_up: int | None, last: int | None, stays: float) -> Numbers:
    """The chances of all classes once the context is known; they still sum to 1.

    `follow_up` is the position of the class of follow-ups, which says no topic of its own, `last` that of the last
    topic, `stays` the chance that the message is about it.
    """
    result = np.array(chances, dtype=np.float32)
    if follow_up is not None:
        rest = max(1.0 - float(result[follow_up]), LEAST)
        result[follow_up] = 0.0
        result /= rest
    if last is not None:
        result *= 1.0 - stays
        result[last] += stays
    return result


def favoured(chances: Numbers, offered: Sequence[int], times: float) -> Numbers:
    """The chances once the topics at the positions `offered` are on the screen as choices: each that many times as
    likely as it was. They still sum to 1."""
    result = np.array(chances, dtype=np.float32)
    result[list(offered)] *= times
    weighed: Numbers = result / result.sum()
    return weighed
