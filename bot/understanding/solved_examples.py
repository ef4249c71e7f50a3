"""The examples that were last solved in full, kept on disk with factor and weights, so that a change costs little."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.understanding.packed import Packed
from bot.understanding.ridge import Numbers

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SolvedExamples:
    """`texts` are the tidied examples in the order of the factor's rows, `labels` their classes."""

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
            whole = len(labels) == len(texts) and examples.path.is_file() and examples.weights_path.is_file()
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
        factor: Packed,
        weights: Numbers,
    ) -> SolvedExamples | None:
        """Write them in place of older ones; None when the folder cannot be written: that costs time, not answers.

        `weights`, of shape (texts, classes), are those of the classes in alphabetical order.
        """
        key = solved_key(texts, version)
        examples = cls(key, tuple(texts), tuple(labels), folder / f"solved-{key}.npy")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            replace_file(examples.path, lambda path: np.save(path, factor.numbers))
            replace_file(examples.weights_path, lambda path: np.save(path, weights))
            told = json.dumps({"texts": list(texts), "labels": list(labels)}, ensure_ascii=False)
            replace_file(examples.path.with_suffix(".json"), lambda path: path.write_text(told, encoding="utf-8"))
            for old in [*folder.glob("solved-*"), *folder.glob("weights-*")]:
                if old.stem not in (examples.path.stem, examples.weights_path.stem):
                    old.unlink(missing_ok=True)
        except OSError as error:
            logger.warning("What was solved cannot be kept in %s (%s).", folder, error)
            return None
        return examples

    def factor(self) -> Packed:
        """The factor, read from disk as far as it is used. Raises OSError or ValueError when it cannot be read."""
        count, numbers = len(self.texts), np.load(self.path, mmap_mode="r")
        if numbers.shape != (count * (count + 1) // 2,):
            raise ValueError(f"{self.path} does not fit its examples")
        return Packed(count, numbers)

    @property
    def weights_path(self) -> Path:
        """Where the weights are kept."""
        return self.path.with_name(f"weights-{self.key}.npy")

    def targets_and_weights(self, classes: Sequence[str]) -> tuple[Numbers, Numbers]:
        """What the examples were solved for and the weights that were found, shape (texts, classes) each; nothing for
        a class that was none then. Raises OSError or ValueError when it cannot be read."""
        column = {label: place for place, label in enumerate(classes)}
        weights: Numbers = np.load(self.weights_path, mmap_mode="r")
        were = sorted(set(self.labels))
        if weights.shape != (len(self.texts), len(were)):
            raise ValueError(f"{self.weights_path} does not fit its examples")
        found = np.zeros((2, len(self.texts), len(classes)), dtype=np.float32)
        for place, label in enumerate(were):
            if label in column:
                found[1][:, column[label]] = weights[:, place]
        for row, label in enumerate(self.labels):
            if label in column:
                found[0][row, column[label]] = 1.0
        return found[0], found[1]

    def changes(self, texts: Sequence[str]) -> int:
        """How many examples would have to go or come to make these of them."""
        own, others = Counter(self.texts), Counter(texts)
        return (own - others).total() + (others - own).total()

    def places(self, texts: Sequence[str]) -> list[int | None]:
        """The factor's row of each text; None for one that is new."""
        rows: dict[str, list[int]] = defaultdict(list)
        for row in reversed(range(len(self.texts))):
            rows[self.texts[row]].append(row)
        return [rows[text].pop() if rows.get(text) else None for text in texts]


def replace_file(path: Path, write: Callable[[Path], object]) -> None:
    """Put a whole new file in the place of an old one. Raises OSError when the folder cannot be written."""
    unfinished = path.with_name(f"{os.getpid()}.unfinished{path.suffix}")
    write(unfinished)
    os.replace(unfinished, path)


def solved_key(texts: Sequence[str], version: str) -> str:
    """The name under which examples are kept that were solved in this `version` of the likeness."""
    return hashlib.sha256("\n".join([version, *texts]).encode()).hexdigest()[:16]
