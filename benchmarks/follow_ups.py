"""Derive how follow-ups and details are read, and show how well that fits the messages it was tuned on.

    .venv/bin/python -m benchmarks.follow_ups

Prints the weights for `follow_up` in knowledge/understanding.yml, fitted on tests/development/follow_ups.yml against
messages that turn to another subject. For several values of `details.say_at` it prints how often a sentence is told,
and how often that is right.
These messages were tuned on: the figures describe the fit and promise nothing about new messages.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from bot.evaluation.held_out import load_anybodys
from bot.evaluation.thresholds import DEVELOPMENT_MESSAGES
from bot.model_files import load_reader
from bot.settings import ROOT, settings
from bot.shared import sentence_encoder
from bot.understanding.context import Context, number_of_words, points_back
from bot.understanding.details import DetailFinder
from bot.understanding.reader import Reader
from bot.understanding.thresholds import FollowUpRules, FollowUpWeights, load_thresholds
from bot.understanding.topic_index import encode_tidied
from bot.understanding.vector_cache import VectorCache
from knowledge.files import load_yaml
from knowledge.library import LibraryReader

DEVELOPMENT = ROOT / "tests" / "development"
APART_EACH = 3
"""Topics that each message on another subject is put after."""

WEIGHT_APART, WEIGHT_SHORT = 0.4, 0.25
"""How much a message on another subject, and a short question that names a topic outright, counts beside a follow-up:
there are many more of them."""

FEW_WORDS = 5
SHORT_EACH = 6
"""Short messages of every topic and intent."""

LEANING = {"ask_question", "report_problem", "ask_follow_up", "choose_option"}
"""Intents whose examples may be follow-ups, or are there already."""

SMOOTHNESS = 3.0
"""The inverse of the penalty on large weights."""

FOLDS = 10


def follow_ups() -> list[dict[str, Any]]:
    """The follow-ups with what is right for each."""
    return list(load_yaml(DEVELOPMENT / "follow_ups.yml").data)


def questions_alone() -> list[dict[str, Any]]:
    """Messages on their own."""
    return list(load_yaml(DEVELOPMENT / "details.yml").data)


def other_subjects(library: LibraryReader, rules: FollowUpRules) -> Iterator[tuple[str, str, float]]:
    """Messages that stand alone, each after topics that it has nothing to do with, and how much it counts beside a
    follow-up."""
    chance = random.Random(3)
    topics = library.topics()
    slugs = sorted(topics)
    questions = defaultdict(list)
    for passage in library.passages():
        if passage.kind == "question" and number_of_words(passage.text) <= FEW_WORDS:
            questions[passage.topic].append(passage.text)
    examples = {
        entry["intent"]: [line[2:] for line in entry["examples"].splitlines()]
        for path in sorted((ROOT / "data" / "nlu").glob("*.yml"))
        for entry in load_yaml(path).data["nlu"]
    }
    for intent in ("ask_question", "report_problem"):
        for text in examples[intent]:
            for slug in chance.sample(slugs, APART_EACH):
                yield text, slug, WEIGHT_APART
    for message in (one for part in load_anybodys(DEVELOPMENT_MESSAGES) for one in part):
        yield message.text, chance.choice([slug for slug in slugs if slug not in message.right]), WEIGHT_APART
    for intent in sorted(set(examples) - LEANING):
        short = [text for text in examples[intent] if number_of_words(text) <= FEW_WORDS]
        for text in chance.sample(short, min(SHORT_EACH, len(short))):
            yield text, chance.choice(slugs), WEIGHT_APART
    for slug in slugs:
        outright = [text for text in questions[slug] if not points_back(text, rules)]
        near = [other for other in slugs if slug in topics[other].related]
        others = [other for other in slugs if other != slug]
        for text in chance.sample(outright, min(SHORT_EACH, len(outright))):
            yield text, chance.choice(others), WEIGHT_SHORT
            if near:
                yield text, chance.choice(near), WEIGHT_SHORT


def fit(reader: Reader, library: LibraryReader, rules: FollowUpRules) -> None:
    """Print the weights and how often they are right on left-out tenths."""
    rows = follow_ups()
    stays = [(row["text"], row["after"], row["after"] in row["topics"], 1.0) for row in rows]
    for text, topic, counts in other_subjects(library, rules):
        if reader.signs(text, topic).last_topic_alone < 0.05:
            stays.append((text, topic, False, counts))
    signs = np.array([reader.signs(text, topic).values() for text, topic, _, _ in stays])
    right = np.array([stay for _, _, stay, _ in stays])
    weight = np.array([each for _, _, _, each in stays])
    model = LogisticRegression(C=SMOOTHNESS, max_iter=1000).fit(signs, right, sample_weight=weight)
    names = list(FollowUpWeights.__fields__)
    for name, value in zip(names, [model.intercept_[0], *model.coef_[0]], strict=True):
        print(f"    {name}: {value:.2f}")
    left_out = cross_val_predict(LogisticRegression(C=SMOOTHNESS, max_iter=1000), signs, right, cv=FOLDS)
    print(f"left out: follow-ups {np.mean(left_out[: len(rows)] == right[: len(rows)]):.0%} on the right side, "
          f"other subjects {np.mean(left_out[len(rows) :] == right[len(rows) :]):.0%}")  # fmt: skip
    readings = [(row, reader.read(row["text"], Context(row["after"]))) for row in rows]
    led = sum(reading.in_scope and reading.topics[0].slug in row["topics"] for row, reading in readings)
    print(f"with the weights in use: {led} of {len(rows)} lead to a right topic")


def details(finder: DetailFinder, topics: list[str]) -> None:
    """Print what a threshold for telling a sentence would do."""
    chance = random.Random(1)
    rows = [(row["text"], row["topics"][0] if len(row["topics"]) == 1 else row["after"], row["says"])
            for row in follow_ups() if "says" in row]  # fmt: skip
    rows += [(row["text"], row["topic"], row["says"]) for row in questions_alone() if "says" in row]
    own, wrong = [], []
    for text, topic, says in rows:
        vector = encode_tidied(sentence_encoder(), text)
        found = finder.find(topic, text, vector)
        assert found is not None
        told = " ".join(found.sentences).casefold()
        own.append((found.fit, any(words.casefold() in told for words in says)))
        for other in chance.sample([slug for slug in topics if slug != topic], 6):
            apart = finder.find(other, text, vector)
            assert apart is not None
            wrong.append(apart.fit)
    print("say_at  told  right of those  told of another topic")
    for at in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        told_right = [right for fit_, right in own if fit_ >= at]
        apart_share = np.mean(np.array(wrong) >= at)
        print(f"{at:6.1f}  {len(told_right) / len(own):4.0%}  {np.mean(told_right):14.0%}  {apart_share:21.0%}")


def main() -> None:
    """Derive everything with the newest trained model."""
    here = settings()
    library = LibraryReader(here.library_path)
    topics = library.topics()
    thresholds = load_thresholds(here.knowledge_folder / "understanding.yml")
    fit(load_reader(), library, thresholds.follow_up)
    details(
        DetailFinder(topics, VectorCache(here.vectors_path, sentence_encoder()), thresholds.details), sorted(topics)
    )


if __name__ == "__main__":
    main()
