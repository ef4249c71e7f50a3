"""The examples that were last solved in full, kept on disk with all the solution came from, so that a change costs
little."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.solving.approximate_inverse import ApproximateInverse, chosen_of, factors_shape
from bot.understanding.solving.tiles import Tiles

Numbers = NDArray[np.float32]

logger = logging.getLogger(__name__)

INVERSE_ARRAYS = ("half", "corner", "factors", "core")
"""What is kept of an approximate inverse."""


@dataclass(frozen=True)
class SolvedExamples:
    """`texts` are the tidied examples in the order in which they were solved, `labels` their classes; `path` holds
    their likeness in meaning."""

    key: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    path: Path

    @classmethod
    def find(cls, folder: Path | None, version: str) -> SolvedExamples | None:
        """The newest ones in a folder that were solved in this `version` of the likeness; None when there are none."""
        found = sorted(folder.glob("solved-*.json"), key=lambda path: path.name) if folder else []
        for path in found:
            try:
                kept = json.loads(path.read_text(encoding="utf-8"))
                texts, labels = tuple(kept["texts"]), tuple(kept["labels"])
                examples = cls(solved_key(texts, version), texts, labels, path.with_suffix(".npy"))
            except (OSError, ValueError, KeyError, TypeError):
                continue
            whole = len(labels) == len(texts) and all(file.is_file() for file in examples.files())
            if path.stem == f"solved-{examples.key}" and whole:
                return examples
        return None

    @classmethod
    def keep(
        cls,
        folder: Path,
        version: str,
        texts: Sequence[str],
        labels: Sequence[str],
        meaning: Path,
        inverse: ApproximateInverse,
        weights: Numbers,
    ) -> SolvedExamples | None:
        """Write them in place of older ones; None when the folder cannot be written: that costs time, not answers.

        `meaning` is the file their likeness in meaning was worked out in, which is moved; `weights`, of shape
        (texts, classes), are those of the classes in alphabetical order.
        """
        key = solved_key(texts, version)
        examples = cls(key, tuple(texts), tuple(labels), folder / f"solved-{key}.npy")
        try:
            os.replace(meaning, examples.path)
            arrays = {name: getattr(inverse, name) for name in INVERSE_ARRAYS}
            replace_file(examples.inverse_path, lambda path: np.savez(path, **arrays))
            replace_file(examples.weights_path, lambda path: np.save(path, weights))
            told = json.dumps({"texts": list(texts), "labels": list(labels)}, ensure_ascii=False)
            replace_file(examples.path.with_suffix(".json"), lambda path: path.write_text(told, encoding="utf-8"))
            own = {examples.path.stem, *(path.stem for path in examples.files())}
            for old in (path for kind in ("solved", "inverse", "weights") for path in folder.glob(f"{kind}-*")):
                if old.stem not in own:
                    old.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("What was solved cannot be kept in %s (%s).", folder, error)
            return None
        return examples

    def files(self) -> tuple[Path, ...]:
        """Where all of it is kept but the texts and labels themselves."""
        return self.path, self.inverse_path, self.weights_path

    def meaning(self) -> Tiles:
        """Their likeness in meaning, read from disk as far as it is used. Raises OSError or ValueError when it cannot
        be read."""
        count, numbers = len(self.texts), np.load(self.path, mmap_mode="r")
        if numbers.shape != Tiles.shape(count):
            raise ValueError(f"{self.path} does not fit its examples")
        return Tiles(count, numbers)

    def inverse(self, ridge: float) -> ApproximateInverse:
        """About the inverse of their kernel with this `ridge`. Raises OSError or ValueError when it cannot be read."""
        try:
            with np.load(self.inverse_path, allow_pickle=False) as kept:
                found = ApproximateInverse(**{name: kept[name] for name in INVERSE_ARRAYS}, ridge=ridge)
        except (KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"{self.inverse_path} cannot be read: {error}") from error
        chosen = len(chosen_of(len(self.texts)))
        shapes = [(len(self.texts), chosen), (chosen, chosen), factors_shape(len(self.texts)), (chosen, chosen)]
        if [getattr(found, name).shape for name in INVERSE_ARRAYS] != shapes:
            raise ValueError(f"{self.inverse_path} does not fit its examples")
        return found

    @property
    def inverse_path(self) -> Path:
        """Where what is about the inverse of their kernel is kept."""
        return self.path.with_name(f"inverse-{self.key}.npz")

    @property
    def weights_path(self) -> Path:
        """Where the weights are kept."""
        return self.path.with_name(f"weights-{self.key}.npy")

    def weights(self, classes: Sequence[str]) -> Numbers:
        """The weights that were found, shape (texts, classes); nothing for a class that was none then.

        Raises OSError or ValueError when they cannot be read."""
        weights: Numbers = np.load(self.weights_path)
        were = sorted(set(self.labels))
        if weights.shape != (len(self.texts), len(were)):
            raise ValueError(f"{self.weights_path} does not fit its examples")
        column = {label: place for place, label in enumerate(were)}
        known = [place for place, label in enumerate(classes) if label in column]
        found = np.zeros((len(self.texts), len(classes)), dtype=np.float32)
        found[:, known] = weights[:, [column[classes[place]] for place in known]]
        return found

    def targets(self, classes: Sequence[str]) -> Numbers:
        """What they were solved for, shape (texts, classes); nothing for a class that is none any more."""
        column = {label: place for place, label in enumerate(classes)}
        found = np.zeros((len(self.texts), len(classes)), dtype=np.float32)
        for row, label in enumerate(self.labels):
            if label in column:
                found[row, column[label]] = 1.0
        return found

    def changes(self, texts: Sequence[str]) -> int:
        """How many examples would have to go or come to make these of them."""
        own, others = Counter(self.texts), Counter(texts)
        return (own - others).total() + (others - own).total()

    def places(self, texts: Sequence[str]) -> list[int | None]:
        """The place of each text among them; None for one that is new."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row in reversed(range(len(self.texts))):
            rows[self.texts[row]].append(row)
        return [rows[text].pop() if rows.get(text) else None for text in texts]


@contextmanager
def room_for_meaning(folder: Path | None, count: int) -> Iterator[tuple[Tiles, Path | None]]:
    """Tiles for the likeness of so many examples, in a file of `folder` that SolvedExamples.keep may take; in memory,
    without a file, where none can be written or there is no folder."""
    if folder is None:
        yield Tiles.empty(count), None
        return
    path = unfinished_path(folder / "meaning.npy")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tiles = Tiles.in_file(path, count)
    except OSError as error:
        logger.warning("What is solved cannot be kept in %s (%s).", folder, error)
        with suppress(OSError):
            path.unlink(missing_ok=True)
        yield Tiles.empty(count), None
        return
    try:
        yield tiles, path
    finally:
        path.unlink(missing_ok=True)


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Put a whole new file in the place of an old one. Raises OSError when the folder cannot be written."""
    unfinished = unfinished_path(path)
    write(unfinished)
    os.replace(unfinished, path)


def unfinished_path(path: Path) -> Path:
    """Where this process writes a file that takes the place of `path` when it is whole."""
    return path.with_name(f"{os.getpid()}.unfinished{path.suffix}")


def solved_key(texts: Sequence[str], version: str) -> str:
    """The name under which examples are kept that were solved in this `version` of the likeness."""
    return hashlib.sha256("\n".join([version, *texts]).encode()).hexdigest()[:16]
