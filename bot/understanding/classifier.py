"""Tell classes of messages apart by labelled examples: kernel ridge regression on meaning and spelling.

Solved in closed form, so that adding an example needs no training run, only a new solve (a few seconds for eight
thousand examples, kept on disk). Meaning is the cosine of sentence vectors, spelling the cosine of character
n-grams, which keeps misspelt words close to their right form.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import spotri
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.understanding.encoder import ENCODERS_VERSION, Vectors
from bot.understanding.meaning import MEANING_VERSION, meaning_likeness

Numbers = NDArray[np.float32]

MEANING_SHARE = 0.7
"""Weight of meaning against spelling (0 to 1). This and the next were chosen by left-out accuracy."""

RIDGE = 0.3
"""How strongly single examples are smoothed over."""


@dataclass(frozen=True)
class Likeness:
    """How like one message is to every class, each array of shape (classes,)."""

    ridge: Numbers
    nearest: Numbers
    near_three: Numbers
    spelling: Numbers

    def stacked(self) -> Numbers:
        """All of it as one array of shape (classes, 4)."""
        return np.stack([self.ridge, self.nearest, self.near_three, self.spelling], axis=1)


class ExampleClassifier:
    """Compares messages with labelled examples.

    `texts` are tidied messages, `labels` their classes, `vectors` of shape (examples, 768) their meaning. The
    solution is kept in the folder `kept` and found again there for equal examples.
    """

    def __init__(self, texts: Sequence[str], labels: Sequence[str], vectors: Vectors, kept: Path | None = None) -> None:
        self.classes: list[str] = sorted(set(labels))
        position = {label: column for column, label in enumerate(self.classes)}
        class_of = np.array([position[label] for label in labels])
        # examples of one class stand together, so that the best of each class is found in one sweep
        self._order = np.argsort(class_of, kind="stable")
        self._class_of = class_of[self._order]
        self._starts = np.searchsorted(self._class_of, np.arange(len(self.classes)))
        self._vectors = np.ascontiguousarray(vectors[self._order], dtype=np.float32)
        self._spelling = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, dtype=np.float32, lowercase=False
        )
        self._letters = self._spelling.fit_transform([texts[index] for index in self._order])
        key = hashlib.sha256("\n".join(f"{label}\t{text}" for label, text in zip(labels, texts, strict=True)).encode())
        key.update(f"{ENCODERS_VERSION} {MEANING_VERSION} {MEANING_SHARE} {RIDGE}".encode())
        path = kept / f"classifier-{key.hexdigest()[:16]}.npy" if kept else None
        self._weights = self._kept_weights(path)

    def likeness(self, text: str, vector: Vectors) -> Likeness:
        """How like `text`, with its sentence `vector` of shape (768,), is to every class."""
        letters = self._letters.dot(self._spelling.transform([text]).toarray()[0])
        ridge = self._kernel(vector, letters) @ self._weights
        return self._per_class(ridge, self._vectors @ vector, letters)

    def left_out_likenesses(self, wanted: Sequence[int]) -> NDArray[np.float32]:
        """The likeness of some examples, by their place in the order given, as if each had not been among the
        examples; shape (wanted, classes, 4).

        For ridge regression the left-out prediction follows from the full solution, without solving again.
        """
        letters = self._letters_between_examples()
        factor, _ = self._factor(self._kernel(self._vectors, letters))
        inverse, failed = spotri(factor, lower=1, overwrite_c=1)
        if failed:
            raise np.linalg.LinAlgError("the examples' likenesses cannot be inverted")
        diagonal = np.diag(inverse)
        ridge = self._targets() - self._weights / diagonal[:, None]
        meaning = self._vectors @ self._vectors.T
        place = np.empty_like(self._order)
        place[self._order] = np.arange(len(self._order))
        rows = np.empty((len(wanted), len(self.classes), 4), dtype=np.float32)
        for row, index in enumerate(place[list(wanted)]):
            meaning[index, index], letters[index, index] = -1.0, 0.0
            rows[row] = self._per_class(ridge[index], meaning[index], letters[index]).stacked()
        return rows

    def class_indices(self) -> NDArray[np.int64]:
        """The class of every example, in the order they were given, as a position in `classes`."""
        result = np.empty_like(self._class_of)
        result[self._order] = self._class_of
        return result

    def _kept_weights(self, path: Path | None) -> Numbers:
        if path is not None and path.is_file():
            try:
                weights: Numbers = np.load(path)
                if weights.shape == (len(self._class_of), len(self.classes)):
                    return weights
            except (OSError, ValueError):
                path.unlink(missing_ok=True)
        weights = cho_solve(
            self._factor(self._kernel(self._vectors, self._letters_between_examples())),
            self._targets(),
            check_finite=False,
        )
        if path is not None:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                for old in path.parent.glob("classifier-*.npy"):
                    old.unlink(missing_ok=True)
                unfinished = path.with_name(f"{os.getpid()}.unfinished.npy")
                np.save(unfinished, weights)
                os.replace(unfinished, path)
            except OSError:
                return weights  # a folder we may not write to costs time, not answers
        return weights

    def _letters_between_examples(self) -> Numbers:
        letters: Numbers = (self._letters @ self._letters.T).toarray()
        return letters

    def _targets(self) -> Numbers:
        return np.eye(len(self.classes), dtype=np.float32)[self._class_of]

    @staticmethod
    def _factor(kernel: Numbers) -> tuple[Numbers, bool]:
        kernel[np.diag_indices_from(kernel)] += RIDGE
        factor: tuple[Numbers, bool] = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
        return factor

    def _kernel(self, vectors: Vectors, letters: Numbers) -> Numbers:
        likeness = meaning_likeness(self._vectors, vectors)
        likeness *= MEANING_SHARE
        likeness += (1.0 - MEANING_SHARE) * letters
        return likeness

    def _per_class(self, ridge: Numbers, meaning: Numbers, letters: Numbers) -> Likeness:
        nearest = np.maximum.reduceat(meaning, self._starts)
        spelling = np.maximum.reduceat(letters, self._starts)
        near_three = np.empty(len(self.classes), dtype=np.float32)
        ends = np.append(self._starts[1:], len(meaning))
        for column, (start, end) in enumerate(zip(self._starts, ends, strict=True)):
            values = meaning[start:end]
            near_three[column] = values.mean() if len(values) <= 3 else np.partition(values, -3)[-3:].mean()
        return Likeness(np.asarray(ridge, dtype=np.float32), nearest, near_three, spelling)
