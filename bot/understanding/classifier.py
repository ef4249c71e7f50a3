"""Tell classes of messages apart by labelled examples: kernel ridge regression on meaning and spelling.

Solved in closed form, so that adding an example needs no training run, only a new solve (about a second for
five thousand examples). Meaning is the cosine of sentence vectors, spelling the cosine of character n-grams,
which keeps misspelt words close to their right form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.understanding.encoder import Vectors
from bot.understanding.tidy import tidy

Numbers = NDArray[np.float32]

MEANING_SHARE = 0.7
"""Weight of meaning against spelling (0 to 1)."""

SHARPNESS = 3.0
"""How quickly likeness in meaning falls off with distance."""

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
    """Compares messages with labelled examples."""

    def __init__(self, texts: Sequence[str], labels: Sequence[str], vectors: Vectors) -> None:
        self.classes: list[str] = sorted(set(labels))
        position = {label: column for column, label in enumerate(self.classes)}
        self._class_of = np.array([position[label] for label in labels])
        self._members = [np.flatnonzero(self._class_of == column) for column in range(len(self.classes))]
        self._vectors = vectors.astype(np.float32)
        self._spelling = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=1, dtype=np.float32, preprocessor=tidy
        )
        self._letters = self._spelling.fit_transform(texts)
        meaning = self._vectors @ self._vectors.T
        letters = (self._letters @ self._letters.T).toarray()
        self._solve(meaning, letters)
        self._train_meaning, self._train_letters = meaning, letters

    def likeness(self, text: str, vector: Vectors) -> Likeness:
        """How like `text`, with its sentence `vector` of shape (384,), is to every class."""
        meaning = self._vectors @ vector
        letters = (self._letters @ self._spelling.transform([text]).T).toarray()[:, 0]
        return self._per_class(self._kernel(meaning, letters) @ self._weights, meaning, letters)

    def left_out_likenesses(self) -> NDArray[np.float32]:
        """The likeness of every example as if it had not been among the examples, shape (examples, classes, 4).

        For ridge regression the left-out prediction follows from the full solution, without solving again.
        """
        targets = np.eye(len(self.classes), dtype=np.float64)[self._class_of]
        ridge = targets - self._weights / self._inverse_diagonal[:, None]
        rows = []
        for index in range(len(self._class_of)):
            meaning, letters = self._train_meaning[index].copy(), self._train_letters[index].copy()
            meaning[index], letters[index] = -1.0, 0.0
            rows.append(self._per_class(ridge[index], meaning, letters).stacked())
        return np.stack(rows).astype(np.float32)

    def forget_training(self) -> None:
        """Free what only left_out_likenesses needs."""
        self._train_meaning = self._train_letters = np.zeros((0, 0), dtype=np.float32)

    def class_indices(self) -> NDArray[np.int64]:
        """The class of every example as a position in `classes`."""
        return self._class_of

    def _solve(self, meaning: Numbers, letters: Numbers) -> None:
        kernel = self._kernel(meaning, letters).astype(np.float64)
        kernel[np.diag_indices_from(kernel)] += RIDGE
        factor = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
        inverse = cho_solve(factor, np.eye(len(kernel)), overwrite_b=True, check_finite=False)
        self._inverse_diagonal = np.diag(inverse).copy()
        self._weights = inverse @ np.eye(len(self.classes))[self._class_of]

    @staticmethod
    def _kernel(meaning: Numbers, letters: Numbers) -> Numbers:
        likeness = np.exp(SHARPNESS * (meaning - 1.0))
        return MEANING_SHARE * likeness + (1.0 - MEANING_SHARE) * letters

    def _per_class(self, ridge: Numbers, meaning: Numbers, letters: Numbers) -> Likeness:
        nearest = np.empty(len(self.classes), dtype=np.float32)
        near_three = np.empty(len(self.classes), dtype=np.float32)
        spelling = np.empty(len(self.classes), dtype=np.float32)
        for column, members in enumerate(self._members):
            values = meaning[members]
            best = values if len(values) <= 3 else np.partition(values, -3)[-3:]
            nearest[column], near_three[column] = best.max(), best.mean()
            spelling[column] = letters[members].max()
        return Likeness(np.asarray(ridge, dtype=np.float32), nearest, near_three, spelling)
