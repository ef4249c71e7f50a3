"""Every class a message can belong to, with the examples and words that speak for it.

A class is a topic of the knowledge base or an intent of `data/nlu`. Topics are read from the library, so a topic
added there is found without training.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.understanding.classifier import ExampleClassifier
from bot.understanding.encoder import SentenceEncoder, Vectors
from bot.understanding.tidy import same_words, tidy
from bot.understanding.vector_cache import VectorCache
from knowledge.library import LibraryReader, Passage

TOPIC = "topic:"
INTENT = "intent:"

Numbers = NDArray[np.float32]

FIT_PER_CLASS = 16
"""Examples of each class that the weights are fitted on."""

EXAMPLE_KINDS = ("question", "title")
"""Passages that sound like a message. The others only speak through their words and their meaning."""


@dataclass(frozen=True)
class Example:
    """A labelled message: the label is a class, "topic:<slug>" or "intent:<name>"."""

    text: str
    label: str


class TopicIndex:
    """Measures how a message fits every class.

    `intent_examples` are the examples of `data/nlu` by intent; `library` gives the topics. `anew`, as in training,
    owes nothing to what was solved before. One that is soon thrown away does not `keep` its own solution. `before`, an
    index of mostly the same examples, makes it quicker.
    """

    def __init__(
        self,
        library: LibraryReader,
        intent_examples: Mapping[str, Sequence[str]],
        vectors: VectorCache,
        *,
        anew: bool = False,
        keep: bool = True,
        before: TopicIndex | None = None,
    ) -> None:
        passages = library.passages()
        self.version = library.version
        topics = library.topics()
        self.titles = {slug: topic.title for slug, topic in topics.items()}
        self._related = {slug: topic.related for slug, topic in topics.items()}
        self._library = library
        self.examples = self._examples(passages, intent_examples)
        tidied = [tidy(example.text) for example in self.examples]
        self._classifier: ExampleClassifier = ExampleClassifier(
            tidied,
            [example.label for example in self.examples],
            lambda: vectors.vectors(tidied),
            kept=vectors.folder,
            anew=anew,
            keep=keep,
            before=before._classifier if before is not None else None,
        )
        self.classes = self._classifier.classes
        self.topic_columns = np.array(
            [place for place, label in enumerate(self.classes) if label.startswith(TOPIC)], dtype=np.int64
        )
        self._is_intent = np.array([label.startswith(INTENT) for label in self.classes])
        self._column = {label: column for column, label in enumerate(self.classes)}
        self._exact = {same_words(example.text): example.label for example in self.examples}
        prose = [passage for passage in passages if passage.kind not in EXAMPLE_KINDS]
        self._words: dict[str, set[str]] = defaultdict(set)
        items = [(slug, item) for slug, topic in topics.items() for item in (*topic.steps, *topic.cautions)]
        for slug, told in [*((passage.topic, passage.text) for passage in passages), *items]:
            self._words[slug].update(same_words(told).split())
        self._prose_class = np.array([self._column[TOPIC + passage.topic] for passage in prose])
        self._prose = vectors.vectors([passage.text for passage in prose])

    @staticmethod
    def _examples(passages: Sequence[Passage], intents: Mapping[str, Sequence[str]]) -> list[Example]:
        asked = [Example(passage.text, TOPIC + passage.topic) for passage in passages if passage.kind in EXAMPLE_KINDS]
        done = [Example(text, INTENT + intent) for intent, texts in intents.items() for text in texts]
        return asked + done

    def exact(self, text: str) -> str | None:
        """The class whose example says just these words, if there is one."""
        return self._exact.get(same_words(text))

    def related(self, topic: str) -> tuple[str, ...]:
        """The topics that a topic names as related to it."""
        return self._related[topic]

    def words(self, topic: str) -> Collection[str]:
        """All words that a topic, or a question of it, has."""
        return self._words[topic]

    def features(self, text: str, vector: Vectors) -> Numbers:
        """How `text` fits every class, shape (classes, features)."""
        likeness = self._classifier.likeness(tidy(text), vector).stacked()
        return self._beside_all(np.hstack([likeness, self._words_and_prose(text, vector)]))

    def training_features(self, vectors: VectorCache) -> tuple[Numbers, NDArray[np.int64]]:
        """The features of examples as if each were not among the examples, and their right classes.

        At most FIT_PER_CLASS of every class, spread over its list: a handful of weights needs no more.
        """
        right = self._classifier.class_indices()
        chosen: list[int] = []
        for column in range(len(self.classes)):
            members = np.flatnonzero(right == column)
            picked = np.unique(np.linspace(0, len(members) - 1, FIT_PER_CLASS).round().astype(int))
            chosen.extend(int(index) for index in members[picked])
        likeness = self._classifier.left_out_likenesses(chosen)
        texts = [self.examples[index].text for index in chosen]
        encoded = vectors.vectors([tidy(text) for text in texts])
        others = np.stack(
            [self._words_and_prose(text, vector, leave_out=text) for text, vector in zip(texts, encoded, strict=True)]
        )
        return self._beside_all(np.concatenate([likeness, others], axis=2)), right[chosen]

    def _words_and_prose(self, text: str, vector: Vectors, leave_out: str | None = None) -> Numbers:
        """Shared words by BM25, and likeness in meaning to the written answers; shape (classes, 2)."""
        result = np.zeros((len(self.classes), 2), dtype=np.float32)
        for topic, score in self._library.word_scores(text, leave_out=leave_out).items():
            result[self._column[TOPIC + topic], 0] = np.log1p(score)
        if len(self._prose):
            meaning = self._prose @ vector
            np.maximum.at(result[:, 1], self._prose_class, meaning)
        return result

    def _beside_all(self, features: Numbers) -> Numbers:
        """Features of shape (..., classes, features), the first of them the ridge regression's, with two more: for
        topics the sum of the first over all topics, and a mark for intents.

        The sum tells what is like no topic in particular, but like what topics have in common, from what shares only a
        word with one of them.
        """
        more = np.zeros((*features.shape[:-1], 2), dtype=np.float32)
        more[..., self.topic_columns, 0] = features[..., self.topic_columns, 0].sum(axis=-1, keepdims=True)
        more[..., 1] = self._is_intent
        return np.concatenate([features, more], axis=-1)


def encode_tidied(encoder: SentenceEncoder, text: str) -> Vectors:
    """The sentence vector of a message in the form the examples were encoded in."""
    return encoder.encode_one(tidy(text))
