"""The second view of danger: learned from curated messages, for words that no rule foresaw.

Kernel ridge regression on three likenesses between messages: meaning (sentence vectors), spelling (character n-grams)
and wording (words and word pairs). It is solved as equations and kept on disk. The two last are inner products, so
a solved model needs only one weight for every n-gram and class, not the n-grams of every example.
"""

from __future__ import annotations

import json
import logging
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import HashingVectorizer

from bot.safety.curated import CuratedMessage
from bot.safety.verdict import level_rank
from bot.understanding.encoder import Vectors
from bot.understanding.meaning import likeness_and_cosine
from bot.understanding.rounded import RoundedVectors
from bot.understanding.solving.approximate_inverse import ApproximateInverse
from bot.understanding.solving.conjugate_gradient import solution_in_steps
from bot.understanding.solving.kernel import Kernel
from bot.understanding.solving.packed import Packed
from bot.understanding.solving.ridge import factor_of, inverse_of, solution
from bot.understanding.spelling import rarity_of, weighted
from bot.understanding.tidy import tidy

logger = logging.getLogger(__name__)

Numbers = NDArray[np.float32]

MEANING, SPELLING, WORDING = 0.5, 0.2, 0.3
"""Shares of the three likenesses. These and the next were chosen by scores of curated messages that were left out."""

RIDGE = 0.1
"""How strongly single examples are smoothed over."""

TOLERANCE = 1.0
"""Where the steps of a class's solution end. Of 750 development messages none came out further than 0.006 from a
solution fifty times as fine."""

LONGEST = 2000
"""Characters that are looked at; a longer message keeps its beginning and its end."""

FORMAT = 2
"""Changes when a kept model can no longer be read."""

DANGER, ANY, EMERGENCY = 0, 1, 2
"""Columns of the solution: urgent or worse; any level; an emergency. The categories follow."""
GENERAL = 3

_SPELLING_SIZE = 2**17
_WORDING_SIZE = 2**16
_NUMBERS = frozenset({"weights", "spelling_rarity", "spelling_weights", "wording_rarity", "wording_weights"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_COMMON = frozenset(
    """a an and are as at be been but by can did do does for from get got had has have he her him his i i'm if in is it
    it's its just like me my no not now of off on one or our out she since so some that the their them then there they
    this to too up was we were what when will with you your""".split()  # noqa: SIM905
)
"""Words that say nothing about a danger by themselves."""


FEWEST_WORDS = 2
"""Words a message needs for the learned view to say anything; single words are left to the rules."""


class Encoder(Protocol):
    """What turns a text into a sentence vector of shape (768,), and remembers recent ones."""

    def encode_one(self, text: str) -> Vectors:
        """The vector of one text."""


class ModelUnreadable(Exception):
    """A kept model is missing, cut off or of another version."""


@dataclass(frozen=True)
class Opinion:
    """How a message looks to the learned view. Scores are about 1 for the curated messages of a class and about -1
    (danger, any, emergency) or 0 (categories) for others.

    categories: the likeliest first. nearest: the curated danger message most like it; shared: the person's own words
    that speak for it, never empty.
    """

    danger: float
    any_level: float
    emergency: float
    categories: tuple[tuple[str, float], ...]
    nearest: str
    shared: tuple[str, ...]

    def of(self, category: str) -> float:
        """The score of one category; 0 for an unknown one."""
        return dict(self.categories).get(category, 0.0)


class Ngrams:
    """Character or word n-grams of a text as a row of length 1, weighted by how rare they are among the examples."""

    def __init__(self, analyzer: str, lengths: tuple[int, int], size: int, rarity: Numbers | None = None) -> None:
        self._counts = HashingVectorizer(
            analyzer=analyzer,
            ngram_range=lengths,
            n_features=size,
            alternate_sign=False,
            norm=None,
            lowercase=False,
            token_pattern=r"(?u)\b\w+\b",
            dtype=np.float32,
        )
        self.rarity = np.ones(size, dtype=np.float32) if rarity is None else rarity

    def learn(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learn how rare each n-gram is in `texts`; their rows, shape (texts, size)."""
        counts = self._counts.transform(texts)
        self.rarity = rarity_of(counts)
        return weighted(counts, self.rarity)

    def rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Shape (texts, size)."""
        return weighted(self._counts.transform(texts), self.rarity)


def seen_text(text: str) -> str:
    """The part of a message that is looked at, in the form the examples were learned in."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    return tidy(text)


def targets(messages: Sequence[CuratedMessage], categories: Sequence[str]) -> Numbers:
    """What the model should say of each message, shape (messages, GENERAL + categories)."""
    wanted = np.full((len(messages), GENERAL + len(categories)), -1.0, dtype=np.float32)
    wanted[:, GENERAL:] = 0.0
    column = {slug: GENERAL + number for number, slug in enumerate(categories)}
    for row, message in enumerate(messages):
        if message.category is None:
            continue
        rank = level_rank(message.level)
        wanted[row, column[message.category]] = 1.0
        wanted[row, ANY] = 1.0
        if rank >= level_rank("urgent"):
            wanted[row, DANGER] = 1.0
        if rank >= level_rank("emergency"):
            wanted[row, EMERGENCY] = 1.0
    return wanted


class LearnedView:
    """Says how much a message is like the curated dangers, and which one."""

    def __init__(
        self,
        categories: Sequence[str],
        meanings: RoundedVectors,
        weights: Numbers,
        spelling: Ngrams,
        spelling_weights: Numbers,
        wording: Ngrams,
        wording_weights: Numbers,
        dangers: Sequence[tuple[str, str]],
    ) -> None:
        """`meanings` of the examples and their `weights` (examples, classes) with the dangers first; `dangers` are
        their texts and categories; the n-gram weights have the shape (n-grams, classes)."""
        self.categories = tuple(categories)
        self._meanings = meanings
        self._meanings.make_ready()
        self._weights = np.asfortranarray(weights)  # in this order they are multiplied with one message quickest
        self._spelling, self._spelling_weights = spelling, spelling_weights
        self._wording, self._wording_weights = wording, wording_weights
        self._dangers = dangers
        self._category_of = np.array([self.categories.index(category) for _, category in dangers])

    @classmethod
    def fit(cls, messages: Sequence[CuratedMessage], vectors: Vectors) -> LearnedView:
        """Solve for curated messages, dangers first, and their sentence vectors, shape (messages, 768)."""
        problem = Problem.of(messages, vectors)
        weights = problem.weights()
        return cls(
            problem.categories,
            RoundedVectors.of(vectors),
            weights,
            problem.spelling,
            np.ascontiguousarray(SPELLING * (problem.spelling_rows.T @ weights), dtype=np.float32),
            problem.wording,
            np.ascontiguousarray(WORDING * (problem.wording_rows.T @ weights), dtype=np.float32),
            [(message.text, message.category) for message in messages if message.category is not None],
        )

    def scores(self, text: str, vector: Vectors) -> tuple[Numbers, Numbers]:
        """The score of every class, shape (classes,), and the likeness in meaning to every example."""
        likeness, meaning = likeness_and_cosine(*self._meanings.products(vector))
        likeness *= MEANING
        scores = likeness @ self._weights
        for ngrams, weights in ((self._spelling, self._spelling_weights), (self._wording, self._wording_weights)):
            row = ngrams.rows([text])
            scores = scores + row.data @ weights[row.indices]
        return scores, meaning

    def opinion(self, text: str, encoder: Encoder) -> Opinion | None:
        """How `text` looks; None when it holds too few words to look like anything ("n", "swollen")."""
        seen = seen_text(text)
        words = _WORD.findall(seen)
        if len(words) < FEWEST_WORDS:
            return None
        scores, meaning = self.scores(seen, encoder.encode_one(seen))
        order = np.argsort(-scores[GENERAL:], kind="stable")
        best = int(order[0])
        of_best = np.flatnonzero(self._category_of == best)
        nearest = self._dangers[int(of_best[np.argmax(meaning[of_best])])][0]
        return Opinion(
            danger=float(scores[DANGER]),
            any_level=float(scores[ANY]),
            emergency=float(scores[EMERGENCY]),
            categories=tuple((self.categories[place], float(scores[GENERAL + place])) for place in order),
            nearest=nearest,
            shared=_shared(words, nearest),
        )

    def save(self, path: Path) -> None:
        """Write the model to one file, all of it or nothing. Raises OSError."""
        about = {"format": FORMAT, "categories": self.categories, "dangers": self._dangers}
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            np.savez(
                file,
                about=np.frombuffer(json.dumps(about).encode(), dtype=np.uint8),
                **self._meanings.arrays(),
                weights=self._weights,
                spelling_rarity=self._spelling.rarity,
                spelling_weights=self._spelling_weights.astype(np.float16),
                wording_rarity=self._wording.rarity,
                wording_weights=self._wording_weights.astype(np.float16),
            )
        os.replace(unfinished, path)

    @classmethod
    def load(cls, path: Path) -> LearnedView:
        """Read what `save` wrote. Raises ModelUnreadable."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                about: dict[str, Any] = json.loads(kept["about"].tobytes())
                if about["format"] != FORMAT:
                    raise ModelUnreadable(f"{path.name} was written by another version")
                arrays = dict(kept)
            numbers = {name: array.astype(np.float32) for name, array in arrays.items() if name in _NUMBERS}
            spelling, wording = _ngrams(numbers["spelling_rarity"], numbers["wording_rarity"])
            return cls(
                about["categories"],
                RoundedVectors.from_arrays(arrays),
                numbers["weights"],
                spelling,
                numbers["spelling_weights"],
                wording,
                numbers["wording_weights"],
                [(text, category) for text, category in about["dangers"]],
            )
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelUnreadable(f"{path} cannot be read: {error}") from error


def _ngrams(spelling: Numbers | None = None, wording: Numbers | None = None) -> tuple[Ngrams, Ngrams]:
    return (
        Ngrams("char_wb", (2, 4), _SPELLING_SIZE, spelling),
        Ngrams("word", (1, 2), _WORDING_SIZE, wording),
    )


def _shared(words: Sequence[str], nearest: str) -> tuple[str, ...]:
    """The person's words that the curated message also has, telling ones first; else their telling words."""
    known = set(_WORD.findall(tidy(nearest)))
    telling = list(dict.fromkeys(word for word in words if word not in _COMMON))
    return tuple([word for word in telling if word in known] or telling[:5] or list(dict.fromkeys(words))[:5])


@dataclass(frozen=True)
class Problem:
    """The equations of the ridge regression over all curated messages."""

    categories: tuple[str, ...]
    vectors: Vectors
    spelling: Ngrams
    spelling_rows: sparse.csr_matrix
    wording: Ngrams
    wording_rows: sparse.csr_matrix
    targets: Numbers

    @classmethod
    def of(cls, messages: Sequence[CuratedMessage], vectors: Vectors) -> Problem:
        """Raises ValueError unless dangers stand first."""
        flags = [message.category is not None for message in messages]
        if flags != sorted(flags, reverse=True):
            raise ValueError("dangers must stand before other messages")
        categories = tuple(sorted({message.category for message in messages if message.category is not None}))
        texts = [seen_text(message.text) for message in messages]
        spelling, wording = _ngrams()
        return cls(
            categories, vectors, spelling, spelling.learn(texts), wording, wording.learn(texts),
            targets(messages, categories),
        )  # fmt: skip

    def kernel(self) -> Kernel:
        """The messages' likenesses to each other."""
        shares = ((self.spelling_rows, SPELLING), (self.wording_rows, WORDING))
        ngrams = sparse.hstack([rows * np.float32(np.sqrt(share)) for rows, share in shares], format="csr")
        return Kernel.of(self.vectors, MEANING, ngrams)

    def factor(self) -> Packed:
        """The Cholesky factor of the messages' likenesses plus ridge."""
        return factor_of(self.kernel().packed(), RIDGE)

    def weights(self) -> Numbers:
        """The weight of every message for every class: in steps, or with the factor if they lead nowhere."""
        kernel = self.kernel()
        try:
            return solution_in_steps(kernel, RIDGE, self.targets, ApproximateInverse.of(kernel, RIDGE), TOLERANCE)
        except np.linalg.LinAlgError as error:
            logger.warning("Learning what danger looks like takes longer than usual: %s", error)
            return solution(factor_of(kernel.packed(), RIDGE), self.targets)

    def left_out_scores(self) -> Numbers:
        """The score of every class for every message as if that message had not been learned from.

        For ridge regression the left-out prediction follows from the full solution, without solving again.
        """
        factor = self.factor()
        weights = solution(factor, self.targets)
        return np.asarray(self.targets - weights / inverse_of(factor).diagonal()[:, None], dtype=np.float32)
