"""How texts are spelt: their character n-grams, weighted by how rare they are, so that misspelt words stay close."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from bot.understanding.solving.solved_examples import replace_file

Numbers = NDArray[np.float32]

LENGTHS = (2, 4)
"""Characters of the shortest and the longest n-gram."""


def rarity_of(counts: sparse.csr_matrix) -> Numbers:
    """How rare each n-gram is, from the counts of texts, shape (texts, n-grams)."""
    seen = np.asarray((counts > 0).sum(axis=0)).ravel()
    rarity: Numbers = (np.log((1 + counts.shape[0]) / (1 + seen)) + 1.0).astype(np.float32)
    return rarity


def weighted(counts: sparse.csr_matrix, rarity: Numbers) -> sparse.csr_matrix:
    """Counts of n-grams as rows of length 1, in which rare ones weigh more. The counts are used up."""
    counts.data = (1.0 + np.log(counts.data)) * rarity[counts.indices]
    lengths = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)).ravel())
    counts.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(counts.indptr)).astype(np.float32)
    return counts.astype(np.float32)


class Spelling:
    """The n-grams of `texts`, and `letters`, the spelling of these texts, shape (texts, n-grams)."""

    def __init__(self, texts: Sequence[str], vocabulary: dict[str, int], rarity: Numbers, letters: sparse.csr_matrix):
        self.texts = tuple(texts)
        self.letters = letters
        self._vocabulary = vocabulary
        self._rarity = rarity
        self._counts = _counter(vocabulary)
        self._cut = self._counts.build_analyzer()
        self._row = {text: row for row, text in enumerate(texts)}

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Spelling:
        """The spelling of texts, from these texts."""
        counter = _counter()
        counts = counter.fit_transform(texts)
        rarity = rarity_of(counts)
        return cls(texts, counter.vocabulary_, rarity, weighted(counts, rarity))

    @classmethod
    def load(cls, path: Path, texts: Sequence[str]) -> Spelling | None:
        """What was kept of these texts; None when it is not there or cannot be read."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                ngrams: list[str] = json.loads(kept["ngrams"].tobytes())
                rarity = kept["rarity"]
                shape = (len(texts), len(ngrams))
                letters = sparse.csr_matrix((kept["data"], kept["indices"], kept["indptr"]), shape=shape)
            letters.check_format()
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        if rarity.shape != (len(ngrams),):
            return None
        return cls(texts, {ngram: place for place, ngram in enumerate(ngrams)}, rarity, letters)

    def keep(self, path: Path) -> None:
        """Write it, in place of what was kept of other texts. Raises OSError."""
        ngrams = sorted(self._vocabulary, key=self._vocabulary.__getitem__)

        def write(unfinished: Path) -> None:
            np.savez(
                unfinished,
                ngrams=np.frombuffer(json.dumps(ngrams).encode(), dtype=np.uint8),
                rarity=self._rarity,
                data=self.letters.data,
                indices=self.letters.indices,
                indptr=self.letters.indptr,
            )

        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, write)
        for old in path.parent.glob("spelling-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """The spelling of any texts, one row each. Only that of unknown texts is worked out."""
        if tuple(texts) == self.texts:
            return self.letters
        row = dict(self._row)
        new = [text for text in dict.fromkeys(texts) if text not in row]
        row |= {text: len(self.texts) + place for place, text in enumerate(new)}
        known = sparse.vstack([self.letters, self._worked_out(new)], format="csr") if new else self.letters
        return known[[row[text] for text in texts]]

    def ngrams(self, text: str) -> tuple[NDArray[np.int64], Numbers]:
        """The spelling of one text as the n-grams it has and their weights, shape (n-grams of the text,) each."""
        found = Counter(place for ngram in self._cut(text) if (place := self._vocabulary.get(ngram)) is not None)
        places = np.fromiter(found, dtype=np.int64, count=len(found))
        weights = (1.0 + np.log(np.fromiter(found.values(), dtype=np.float32, count=len(found)))) * self._rarity[places]
        weights /= max(float(np.linalg.norm(weights)), 1e-9)
        return places, weights.astype(np.float32)

    def _worked_out(self, texts: Sequence[str]) -> sparse.csr_matrix:
        return weighted(self._counts.transform(texts), self._rarity)


def _counter(vocabulary: dict[str, int] | None = None) -> CountVectorizer:
    return CountVectorizer(
        analyzer="char_wb", ngram_range=LENGTHS, lowercase=False, dtype=np.float32, vocabulary=vocabulary
    )
