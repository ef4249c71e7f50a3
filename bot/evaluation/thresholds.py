"""Derive the weights, the calibration and the thresholds of knowledge/understanding.yml on messages of our own.

The weights are fitted on the training examples themselves, the others follow from rates. The development messages are
in no training file, and are not those that measure the bot: docs/understanding.md has the figures on held-out messages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.held_out import LabelledMessage
from bot.settings import ROOT
from bot.understanding.thresholds import Calibration, LikenessWeights, Thresholds
from bot.understanding.topic_index import INTENT, TOPIC
from bot.understanding.weighing import Numbers, Weights

DEVELOPMENT_MESSAGES: Path = ROOT / "tests" / "development" / "messages.jsonl"

ANSWERED_RIGHTLY = 0.97
"""Share of the topics answered outright that must be right ones."""
TOLD_RIGHTLY = 0.99
"""Share of the topics answered without saying first what the message is taken to ask that must be right ones."""
TOPICS_KEPT = 0.988
"""Share of the messages about a topic that must be taken as being about clonus."""
PERSONAL_FIRST = 0.03
"""Share of the messages about a topic, at most, before whose answer stands that only the person's own clinician can say
it: those that ask for it are among them."""

DERIVED = ("answer_at", "sure_at", "in_scope_at", "personal_at")
SECTIONS = {LikenessWeights: "weights", Calibration: "calibration"}
"""What else is derived, and where it stands."""

_STEPS = 100


@dataclass(frozen=True)
class Chances:
    """The chances of messages, of shape (messages,) each.

    `about`: all topics together; `best`: the likeliest topic; `right`: whether that is a right one; `is_topic`: whether
    any topic is right; `personal`: the likeliest of the intents that ask for what only a clinician can say.
    """

    about: NDArray[np.float32]
    best: NDArray[np.float32]
    right: NDArray[np.bool_]
    is_topic: NDArray[np.bool_]
    personal: NDArray[np.float32]


def right_classes(messages: Sequence[LabelledMessage], classes: Sequence[str]) -> NDArray[np.bool_]:
    """Which classes are right for each message, shape (messages, classes): its topics, or all that are no topic."""
    is_topic = [name.startswith(TOPIC) for name in classes]
    return np.array(
        [
            [
                name[len(TOPIC) :] in one.right if topic else not one.right
                for name, topic in zip(classes, is_topic, strict=True)
            ]
            for one in messages
        ]
    )


def chances_of(
    features: Numbers, right: NDArray[np.bool_], classes: Sequence[str], weights: Weights, personal: Sequence[str]
) -> Chances:
    """What calibrated `weights` make of messages with these features, shape (messages, classes, features); `personal`
    are the intents of Thresholds."""
    columns = np.flatnonzero([name.startswith(TOPIC) for name in classes])
    of_all = np.stack([weights.probabilities(rows) for rows in features])
    chances = of_all[:, columns]
    right_topics = right[:, columns]
    return Chances(
        about=chances.sum(axis=1),
        best=chances.max(axis=1),
        right=right_topics[np.arange(len(chances)), chances.argmax(axis=1)],
        is_topic=right_topics.any(axis=1),
        personal=of_all[:, [classes.index(INTENT + name) for name in personal]].max(axis=1),
    )


def derive(messages: Chances, now: Thresholds) -> Thresholds:
    """`now` with what is DERIVED replaced by what the rates ask for."""
    in_scope_at = _highest_keeping(messages.about[messages.is_topic], TOPICS_KEPT)
    inside = (messages.about >= in_scope_at) & (messages.best >= now.offer_at)
    answer_at = _lowest_right(messages, inside, ANSWERED_RIGHTLY, now.offer_at)
    sure_at = _lowest_right(messages, inside, TOLD_RIGHTLY, answer_at)
    personal_at = _lowest_said(messages.personal[messages.is_topic], PERSONAL_FIRST)
    found = {"in_scope_at": in_scope_at, "answer_at": answer_at, "sure_at": sure_at, "personal_at": personal_at}
    return now.copy(update=found)


def refused_rate(messages: Chances, in_scope_at: float) -> float:
    """Share, 0 to 1, of the messages about no topic that are not taken as being about clonus."""
    return float((messages.about[~messages.is_topic] < in_scope_at).mean())


def _highest_keeping(about: NDArray[np.float32], share: float) -> float:
    """The highest threshold, in steps of 0.01, that at least `share` of the messages reach."""
    return max(step / _STEPS for step in range(_STEPS) if (about >= step / _STEPS).mean() >= share)


def _lowest_right(messages: Chances, among: NDArray[np.bool_], share: float, start: float) -> float:
    """The lowest threshold, in steps of 0.01, from which at least `share` of those answered are right; 1 if none."""
    for step in range(round(start * _STEPS), _STEPS):
        answered = among & (messages.best >= step / _STEPS)
        if answered.any() and messages.right[answered].mean() >= share:
            return step / _STEPS
    return 1.0


def _lowest_said(personal: NDArray[np.float32], share: float) -> float:
    """The lowest threshold, in steps of 0.01, that at most `share` of the messages reach."""
    return min(step / _STEPS for step in range(1, _STEPS + 1) if (personal >= step / _STEPS).mean() <= share)


def renewed_file(content: str, found: Thresholds) -> str:
    """`content` of knowledge/understanding.yml with what was derived in place of the old.

    Raises ValueError naming a number or section that `content` does not have on a line of its own.
    """
    content = _with_numbers(content, {name: getattr(found, name) for name in DERIVED})
    for section in (found.weights, found.calibration):
        content = _with_section(content, SECTIONS[type(section)], section.dict())
    return content


def _with_section(content: str, section: str, numbers: Mapping[str, float]) -> str:
    """`content` with the numbers that stand indented below the name of a section."""
    found = re.search(rf"^{section}:.*\n(?:(?: .*)?\n)+", content, flags=re.MULTILINE)
    if found is None:
        raise ValueError(f"{section} must stand on a line of its own, with its numbers below")
    below = _with_numbers(found.group(), numbers, indent="  ")
    return content[: found.start()] + below + content[found.end() :]


def _with_numbers(content: str, numbers: Mapping[str, float], indent: str = "") -> str:
    for name, value in numbers.items():
        line = rf"^{indent}{name}: *-?[0-9.]+"
        content, times = re.subn(line, f"{indent}{name}: {value}", content, flags=re.MULTILINE)
        if times != 1:
            raise ValueError(f"{name} must stand once, on a line of its own")
    return content
