"""Read one message: what the person is doing, and which topics it is about."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, Extra

from bot.understanding.encoder import SentenceEncoder
from bot.understanding.tidy import same_words, tidy
from bot.understanding.topic_index import INTENT, TOPIC, TopicIndex, encode_tidied
from bot.understanding.vector_cache import VectorCache
from bot.understanding.weighing import Numbers, Weights, fit_weights
from knowledge.files import load_yaml, parse_model
from knowledge.library import LibraryReader, is_locked

logger = logging.getLogger(__name__)

ASK = "ask_question"
REPORT = "report_problem"
NOT_PLACED = "not_placed"
"""The message fits nothing: say so honestly."""

START_CHECK = "start_check"
CHECK_WORDS = 3
"""Shortest way of asking for the check-in, in words, that counts inside a longer message."""

MOST_TOPICS = 5
EXACT = 0.99
"""Score of a topic whose title or question was said word for word."""


class Thresholds(BaseModel):
    """When a score is high enough (see knowledge/understanding.yml)."""

    answer_at: float
    alone_at: float
    offer_at: float
    most_offers: int
    in_scope_at: float
    intent_at: float

    class Config:
        extra = Extra.forbid


def load_thresholds(path: Path) -> Thresholds:
    """Raises knowledge.files.ContentError when the file is missing or malformed."""
    return parse_model(load_yaml(path), Thresholds)


@dataclass(frozen=True)
class RankedTopic:
    """A topic and the chance, 0 to 1, that the message is about it."""

    slug: str
    score: float


@dataclass(frozen=True)
class Reading:
    """What was understood: the intent with its confidence (0 to 1), the likeliest topics, and whether the
    message is one the bot has an answer for."""

    intent: str
    confidence: float
    topics: tuple[RankedTopic, ...]
    in_scope: bool


class Reader:
    """Reads messages with examples by intent, fitted weights, and the topics of the library."""

    def __init__(
        self,
        intents: Mapping[str, Sequence[str]],
        weights: Weights,
        encoder: SentenceEncoder,
        library_path: Path,
        vectors_path: Path,
        thresholds: Thresholds,
    ) -> None:
        self._intents = {name: list(texts) for name, texts in intents.items() if name not in (ASK, REPORT)}
        self._manner = {name: list(intents[name]) for name in (ASK, REPORT) if intents.get(name)}
        self._weights = weights
        self._encoder = encoder
        self._cache = VectorCache(vectors_path, encoder)
        self._library_path = library_path
        self._thresholds = thresholds
        self._stamp: tuple[int, int] | None = None
        self._check_words = [
            words for words in map(same_words, self._intents.get(START_CHECK, ())) if len(words.split()) >= CHECK_WORDS
        ]
        self._load_manner()
        self.refresh()

    @classmethod
    def train(
        cls,
        intents: Mapping[str, Sequence[str]],
        encoder: SentenceEncoder,
        library_path: Path,
        vectors_path: Path,
        thresholds: Thresholds,
    ) -> Reader:
        """Fit the weights on the library's questions and the intents' examples, each scored as if unseen."""
        cache = VectorCache(vectors_path, encoder)
        library = LibraryReader(library_path)
        own = {name: texts for name, texts in intents.items() if name not in (ASK, REPORT)}
        features, right = TopicIndex(library, own, cache).training_features(cache)
        library.close()
        return cls(intents, fit_weights(features, right), encoder, library_path, vectors_path, thresholds)

    def save(self, folder: Path) -> None:
        """Write what training found; the library and the encoder stay where they are."""
        data = {"intents": {**self._intents, **self._manner}, "weights": list(self._weights.values)}
        (folder / "reader.json").write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(
        cls, folder: Path, encoder: SentenceEncoder, library_path: Path, vectors_path: Path, thresholds: Thresholds
    ) -> Reader:
        """Load what `save` wrote."""
        data = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        weights = Weights(tuple(data["weights"]))
        return cls(data["intents"], weights, encoder, library_path, vectors_path, thresholds)

    def refresh(self) -> None:
        """Take in the library again when its file was replaced. Keeps the old one when the new one is unreadable."""
        try:
            status = self._library_path.stat()
        except OSError:
            if self._stamp is None:
                LibraryReader(self._library_path)  # raises LibraryMissing with what to do
            return
        stamp = (status.st_mtime_ns, status.st_ino)
        if stamp == self._stamp:
            return
        try:
            library = LibraryReader(self._library_path)
            self._index = TopicIndex(library, self._intents, self._cache)
        except Exception as error:
            if self._stamp is None:
                raise
            logger.exception("The new knowledge base cannot be read; the last one stays in use.")
            if is_locked(error):
                return  # it is tried again: the file will not change when it is let go
        self._stamp = stamp

    def read(self, text: str) -> Reading:
        """Understand one message. Never raises for any text; an empty one is not placed."""
        self.refresh()
        if not same_words(text):
            return Reading("nothing", 1.0, (), in_scope=False)
        index = self._index
        vector = encode_tidied(self._encoder, text)
        chances = self._weights.probabilities(index.features(text, vector))
        exact = index.exact(text)
        if exact is not None:
            column = index.classes.index(exact)
            chances = chances * (1.0 - EXACT) / max(1.0 - float(chances[column]), 1e-6)
            chances[column] = EXACT
        topics = sorted(
            (
                RankedTopic(label[len(TOPIC) :], round(float(chance), 4))
                for label, chance in zip(index.classes, chances, strict=True)
                if label.startswith(TOPIC)
            ),
            key=lambda topic: -topic.score,
        )
        about_clonus = float(sum(topic.score for topic in topics))
        best = int(np.argmax([0.0 if label.startswith(TOPIC) else chance for label, chance in self._pairs(chances)]))
        doing, certainty = index.classes[best][len(INTENT) :], float(chances[best])
        top = tuple(topics[:MOST_TOPICS])
        if self._asks_for_check(text):
            return Reading(START_CHECK, EXACT, top, in_scope=False)
        limits = self._thresholds
        if about_clonus >= limits.in_scope_at and top and top[0].score >= limits.offer_at:
            if certainty > top[0].score and certainty >= limits.intent_at:
                return Reading(doing, certainty, top, in_scope=False)
            return Reading(self._asks_or_reports(text), about_clonus, top, in_scope=True)
        if certainty >= limits.intent_at:
            return Reading(doing, certainty, top, in_scope=False)
        return Reading(NOT_PLACED, 1.0 - max(about_clonus, certainty), top, in_scope=False)

    def left_out_examples(self) -> tuple[Numbers, NDArray[np.int64], list[str], Weights]:
        """Examples measured as if each were not among them, their right classes, all classes, and the weights."""
        features, right = self._index.training_features(self._cache)
        return features, right, self._index.classes, self._weights

    def title(self, slug: str) -> str | None:
        """The title of a topic; None when the library has no such topic."""
        return self._index.titles.get(slug)

    def _pairs(self, chances: np.ndarray) -> list[tuple[str, float]]:
        return [(label, float(chance)) for label, chance in zip(self._index.classes, chances, strict=True)]

    def _load_manner(self) -> None:
        texts = [tidy(text) for examples in self._manner.values() for text in examples]
        self._manner_vectors = self._cache.vectors(texts)
        self._manner_is_report = np.array(
            [name == REPORT for name, examples in self._manner.items() for _ in examples], dtype=bool
        )

    def _asks_for_check(self, text: str) -> bool:
        """Whether a message that also tells something asks for the check-in in so many words."""
        said = f" {same_words(text)} "
        return any(f" {words} " in said for words in self._check_words)

    def _asks_or_reports(self, text: str) -> str:
        """Whether a message about a topic asks something or tells of a problem: by its five nearest examples."""
        if not len(self._manner_vectors):
            return ASK
        nearest = np.argsort(-(self._manner_vectors @ encode_tidied(self._encoder, text)))[:5]
        return REPORT if self._manner_is_report[nearest].sum() >= 3 else ASK
