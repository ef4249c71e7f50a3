"""Tell classes of messages apart by labelled examples: kernel ridge regression on meaning and spelling.

It is solved as equations, so that adding an example needs no training run. The last full solve is kept on disk; when
few examples have changed since, the new solution follows from it within seconds, with the spelling's weights as they
were. Meaning is the cosine of sentence vectors, spelling the cosine of character n-grams, which keeps misspelt
words close to their right form.
"""

from __future__ import annotations

import hashlib
import logging
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.understanding.encoder import DIMENSIONS, ENCODERS_VERSION, Vectors
from bot.understanding.meaning import MEANING_VERSION, likeness_and_cosine, meaning_likeness
from bot.understanding.rounded import RoundedVectors
from bot.understanding.solving.approximate_inverse import ApproximateInverse, chosen_of
from bot.understanding.solving.conjugate_gradient import solution_in_steps
from bot.understanding.solving.kernel import ChangedKernel, Kernel, NgramRows
from bot.understanding.solving.ridge import factor_of, inverse_diagonal, solution
from bot.understanding.solving.solved_examples import SolvedExamples, replace_file, room_for_meaning, solved_key
from bot.understanding.solving.threads import on_all_threads
from bot.understanding.solving.tiles import Tiles
from bot.understanding.spelling import Spelling

Numbers = NDArray[np.float32]

logger = logging.getLogger(__name__)

MEANING_SHARE = 0.7
"""Weight of meaning against spelling (0 to 1). Chosen by left-out accuracy."""

RIDGE = 0.3
"""How strongly single examples are smoothed over. Chosen by left-out accuracy."""

TOLERANCE = 0.5
"""Where the steps of a class's solution end. Of 1,100 development messages none came out further than 0.02 from a
solution ten times as fine, and two had another class first."""

NEAR = 3
"""Nearest examples of a class that are looked at together."""

BLOCK = 256
"""Examples whose likeness to all others is worked out at a time."""

MOST_CHANGED = 600
"""Examples that may come or go before all is solved anew: up to here that is several times quicker."""


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

    `texts` are tidied messages, `labels` their classes; `read_vectors` gives their meaning, shape (examples, 768), and
    is only asked when something is to be solved. The solution is kept in the folder `kept` and found again there for
    equal examples. `anew` solves all of them as if nothing had been kept of others, so that equal examples give an
    equal classifier. With `keep` False what was kept is used, and nothing is kept. `before`, a classifier of mostly the
    same examples, lends what it knows of spelling.
    """

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        read_vectors: Callable[[], Vectors],
        kept: Path | None = None,
        *,
        anew: bool = False,
        keep: bool = True,
        before: ExampleClassifier | None = None,
    ) -> None:
        self.classes: list[str] = sorted(set(labels))
        position = {label: column for column, label in enumerate(self.classes)}
        class_of = np.array([position[label] for label in labels])
        # examples of one class stand together, so that the best of each class is found in one sweep
        self._order = np.argsort(class_of, kind="stable")
        self._class_of = class_of[self._order]
        self._starts = np.searchsorted(self._class_of, np.arange(len(self.classes)))
        self._sizes = np.bincount(self._class_of)
        self._read_vectors = read_vectors
        self._exact: Vectors | None = None
        self._texts = [texts[index] for index in self._order]
        self._folder = kept
        self._kept = kept if keep else None
        self._solved = self._usable(SolvedExamples.find(kept, _version()), anew)
        self._spelling = self._known_spelling(before)
        self._letters = self._spelling.of(self._texts)
        self._by_ngram = self._letters.T.tocsr()
        weights, self._meanings = self._kept_solution(self._solution_path(labels))
        self._weights = np.asfortranarray(weights)  # in this order they are multiplied with one message quickest
        self._meanings.make_ready()
        if not anew:
            self._exact = None  # only training asks for more of them

    def _known_spelling(self, before: ExampleClassifier | None) -> Spelling:
        """The spelling of the examples that were solved last, or of these when they are solved anew."""
        spelt = self._solved.texts if self._solved else tuple(self._texts)
        if before is not None and before._spelling.texts == spelt:
            return before._spelling
        path = self._folder / f"spelling-{solved_key(spelt, _version())}.npz" if self._folder else None
        known = Spelling.load(path, spelt) if path is not None else None
        if known is not None:
            return known
        learned = Spelling.learn(spelt)
        if path is not None and self._kept is not None:
            try:
                learned.keep(path)
            except OSError as error:
                logger.warning("What was learned of spelling cannot be kept (%s).", error)
        return learned

    def _usable(self, solved: SolvedExamples | None, anew: bool) -> SolvedExamples | None:
        """The examples solved last, if these can be solved from them."""
        if solved is None or (solved.texts == tuple(self._texts) and solved.labels == tuple(self._labels())):
            return solved
        return solved if not anew and solved.changes(self._texts) <= MOST_CHANGED else None

    def _vectors(self) -> Vectors:
        """The vectors of the examples, not rounded, in the order in which they are solved."""
        if self._exact is None:
            self._exact = self._read_vectors()[self._order]
        return self._exact

    def _labels(self) -> list[str]:
        """The class of each example, in the order in which they are solved."""
        return [self.classes[column] for column in self._class_of]

    def _solution_path(self, labels: Sequence[str]) -> Path | None:
        if self._kept is None:
            return None
        told = [f"{labels[index]}\t{text}" for index, text in zip(self._order, self._texts, strict=True)]
        of = self._solved.key if self._solved and self._solved.texts != tuple(self._texts) else ""
        key = hashlib.sha256("\n".join([_version(), of, *told]).encode()).hexdigest()
        return self._kept / f"classifier-{key[:16]}.npz"

    def likeness(self, text: str, vector: Vectors) -> Likeness:
        """How like `text`, with its sentence `vector` of shape (768,), is to every class."""
        ngrams, weights = self._spelling.ngrams(text)
        letters = self._by_ngram[ngrams].T @ weights
        meaning, cosine = likeness_and_cosine(*self._meanings.products(vector))
        return self._per_class(_kernel(meaning, letters) @ self._weights, cosine, letters)

    def left_out_likenesses(self, wanted: Sequence[int]) -> NDArray[np.float32]:
        """The likeness of some examples, by their place in the order given, as if each had not been among the
        examples; shape (wanted, classes, 4).

        For ridge regression the left-out prediction follows from the full solution, without solving again.
        """
        factor = factor_of(self._kernel().packed(), RIDGE)
        place = np.empty_like(self._order)
        place[self._order] = np.arange(len(self._order))
        places = place[list(wanted)]
        left_out = self._targets()[places] - self._weights[places] / inverse_diagonal(factor, places)[:, None]
        vectors = self._vectors()
        rows = np.empty((len(wanted), len(self.classes), 4), dtype=np.float32)

        def fill(start: int) -> None:
            chosen = places[start : start + BLOCK]
            meaning = vectors[chosen] @ vectors.T
            letters = (self._letters[chosen] @ self._letters.T).toarray()
            for row, index in enumerate(chosen):
                meaning[row, index], letters[row, index] = -1.0, 0.0
                rows[start + row] = self._per_class(left_out[start + row], meaning[row], letters[row]).stacked()

        on_all_threads(fill, range(0, len(wanted), BLOCK))
        return rows

    def class_indices(self) -> NDArray[np.int64]:
        """The class of every example, in the order they were given, as a position in `classes`."""
        result = np.empty_like(self._class_of)
        result[self._order] = self._class_of
        return result

    def _kept_solution(self, path: Path | None) -> tuple[Numbers, RoundedVectors]:
        """The weights of the examples, and their meaning."""
        if path is not None and path.is_file():
            try:
                with np.load(path, allow_pickle=False) as kept:
                    arrays = dict(kept)
                weights: Numbers = arrays.pop("weights")
                if weights.shape == (len(self._class_of), len(self.classes)):
                    return weights, RoundedVectors.from_arrays(arrays)
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                path.unlink(missing_ok=True)
        weights = self._solve()
        meanings = RoundedVectors.of(self._vectors())
        if path is not None:
            try:
                replace_file(path, lambda unfinished: np.savez(unfinished, weights=weights, **meanings.arrays()))
                for old in path.parent.glob("classifier-*"):
                    if old != path:
                        old.unlink(missing_ok=True)
            except OSError:
                return weights, meanings  # a folder we may not write to costs time, not answers
        return weights, meanings

    def _solve(self) -> Numbers:
        if self._solved is not None:
            try:
                return self._solve_from(self._solved)
            except (OSError, ValueError, np.linalg.LinAlgError) as error:
                logger.warning("What was solved last is of no use (%s). All is solved anew.", error)
        with room_for_meaning(self._kept, len(self._texts)) as (meaning, path):
            kernel, targets = self._kernel(meaning), self._targets()
            try:
                inverse = ApproximateInverse.of(kernel, RIDGE)
                weights = solution_in_steps(kernel, RIDGE, targets, inverse, TOLERANCE)
            except np.linalg.LinAlgError as error:
                logger.warning("Solving the examples takes longer than usual: %s", error)
                return solution(factor_of(kernel.packed(), RIDGE), targets)
            if self._kept is not None and path is not None:
                self._solved = SolvedExamples.keep(
                    self._kept, _version(), self._texts, self._labels(), path, inverse, weights
                )
        return weights

    def _solve_from(self, solved: SolvedExamples) -> Numbers:
        """The solution for these examples from that of others, of which most are the same: steps from where those
        stood, each of few columns, as most are as good as solved.

        All that were solved keep their places, also those that are gone; new ones stand after them.
        """
        if solved.texts == tuple(self._texts) and solved.labels == tuple(self._labels()):
            return solved.weights(self.classes)
        before, count = solved.places(self._texts), len(solved.texts)
        new = [row for row, place in enumerate(before) if place is None]
        place_of = np.array([count + new.index(row) if place is None else place for row, place in enumerate(before)])
        gone = np.ones(count + len(new), dtype=bool)
        gone[place_of] = False
        kernel = self._changed_kernel(solved, place_of, gone, new)
        targets, left, weights = np.zeros((3, len(gone), len(self.classes)), dtype=np.float32)
        targets[place_of], weights[:count] = self._targets(), solved.weights(self.classes)
        left[:count] = targets[:count] - solved.targets(self.classes)
        left[count:] = targets[count:]
        left[gone] = 0.0
        left -= kernel.change_of_product(weights)
        weights[gone] = 0.0
        chosen = chosen_of(count)
        likeness = kernel.added[:, chosen] + kernel.ngrams.between(slice(count, None), chosen)
        inverse = solved.inverse(RIDGE).changed(likeness, gone)
        return solution_in_steps(kernel, RIDGE, targets, inverse, TOLERANCE, (weights, left))[place_of]

    def _changed_kernel(
        self, solved: SolvedExamples, place_of: NDArray[np.int64], gone: NDArray[np.bool_], new: Sequence[int]
    ) -> ChangedKernel:
        """The likeness of all that were solved and of the new ones. Of those that are gone the meaning is not known any
        more, which only matters where they help to approximate."""
        vectors = np.zeros((len(gone), DIMENSIONS), dtype=np.float32)
        vectors[place_of] = self._vectors()
        added = meaning_likeness(vectors[len(solved.texts) :], vectors)
        added *= MEANING_SHARE
        letters = sparse.vstack([self._spelling.letters, self._letters[new]], format="csr")
        return ChangedKernel(solved.meaning(), added, NgramRows(self._weighed(letters)), gone)

    def _targets(self) -> Numbers:
        return np.eye(len(self.classes), dtype=np.float32)[self._class_of]

    def _kernel(self, meaning: Tiles | None = None) -> Kernel:
        """The likeness of all examples to each other; that in meaning in the tiles, if there are some."""
        return Kernel.of(self._vectors(), MEANING_SHARE, self._weighed(self._letters), meaning)

    @staticmethod
    def _weighed(letters: sparse.csr_matrix) -> sparse.csr_matrix:
        """N-grams of which the inner products count what spelling counts."""
        return letters * np.float32(np.sqrt(1.0 - MEANING_SHARE))

    def _per_class(self, ridge: Numbers, meaning: Numbers, letters: Numbers) -> Likeness:
        nearest = np.maximum.reduceat(meaning, self._starts)
        spelling = np.maximum.reduceat(letters, self._starts)
        near_three = np.zeros(len(self.classes), dtype=np.float32)
        left, best = meaning.copy(), nearest
        for place in range(NEAR):
            if place > 0:
                # the first of the best in every class is taken out, so that the next best comes to the front
                at = np.flatnonzero(left == np.repeat(best, self._sizes))
                _, first = np.unique(self._class_of[at], return_index=True)
                left[at[first]] = -np.inf
                best = np.maximum.reduceat(left, self._starts)
            has_more = self._sizes > place
            near_three[has_more] += best[has_more]
        near_three /= np.minimum(self._sizes, NEAR)
        return Likeness(np.asarray(ridge, dtype=np.float32), nearest, near_three, spelling)


def _kernel(meaning: Numbers, letters: Numbers) -> Numbers:
    """Likeness in meaning and in spelling as one. The first is used up."""
    meaning *= MEANING_SHARE
    meaning += (1.0 - MEANING_SHARE) * letters
    return meaning


def _version() -> str:
    """Changes whenever a likeness, and with it a solution, could come out otherwise, or is kept in another form."""
    return f"{ENCODERS_VERSION} {MEANING_VERSION} {MEANING_SHARE} {RIDGE} {TOLERANCE} blocks"
