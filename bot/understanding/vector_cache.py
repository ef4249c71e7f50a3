"""Keep the vectors of the library's passages on disk, so that only new or changed passages are encoded."""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import sqlite_utils
from filelock import FileLock

from bot.understanding.encoder import DIMENSIONS, ENCODERS_VERSION, SentenceEncoder, Vectors

logger = logging.getLogger(__name__)

AT_ONCE = 512
"""Texts that are encoded before they are kept and progress is told, so that stopping it loses little."""

WANTED = "select key, vector from vectors where key in (select value from json_each(?))"


class VectorCache:
    """A table of vectors by text. It is only a cache: an unreadable file is replaced, a read-only one ignored."""

    def __init__(self, path: Path, encoder: SentenceEncoder) -> None:
        self._path = path
        self._encoder = encoder

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    @property
    def folder(self) -> Path:
        """Where other things that can be worked out again may be kept."""
        return self._path.parent

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of `texts`, shape (len(texts), 768), encoding only those not seen before."""
        keys = [hashlib.sha256(f"{ENCODERS_VERSION}\n{text}".encode()).hexdigest() for text in texts]
        known = self._read(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if len(missing) <= AT_ONCE:
            known.update(self._encoded(missing))
        else:
            with self._by_itself():
                known.update(self._read(list(missing)))  # another process may just have encoded them
                known.update(self._encoded({key: text for key, text in missing.items() if key not in known}))
        result = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for row, key in enumerate(keys):
            result[row] = known[key]
        return result

    def _encoded(self, missing: Mapping[str, str]) -> dict[str, Vectors]:
        """The vectors of texts by key, encoded now and kept."""
        found: dict[str, Vectors] = {}
        texts = list(missing.items())
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + AT_ONCE]
            fresh = self._encoder.encode([text for _, text in part])
            added = {key: fresh[row] for row, (key, _) in enumerate(part)}
            found.update(added)
            self._write(added)
            if len(texts) > AT_ONCE:
                logger.info("Read %d of %d new sentences", start + len(part), len(texts))
        return found

    @contextmanager
    def _by_itself(self) -> Iterator[None]:
        """While no other process encodes many texts for this file: they are often the same."""
        lock = FileLock(self._path.with_suffix(".lock"))
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except OSError:
            pass  # a folder we may not write to costs time, not answers
        try:
            yield
        finally:
            lock.release()

    def _read(self, keys: Sequence[str]) -> dict[str, Vectors]:
        if not self._path.is_file():
            return {}
        try:
            connection = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=2)
            database = sqlite_utils.Database(connection)
            try:
                rows = database.execute(WANTED, [json.dumps(keys)])
                return {key: np.frombuffer(vector, np.float32) for key, vector in rows}
            finally:
                database.close()
        except sqlite3.DatabaseError:
            return {}

    def _write(self, added: dict[str, Vectors]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite_utils.Database(sqlite3.connect(self._path, timeout=2))
            try:
                database.table("vectors").insert_all(
                    ({"key": key, "vector": vector.astype(np.float32).tobytes()} for key, vector in added.items()),
                    pk="key",
                    replace=True,
                )
            finally:
                database.close()
        except (sqlite3.OperationalError, OSError):
            return  # locked by another process, or not ours to write: that costs time, not answers
        except sqlite3.DatabaseError:
            self._path.unlink(missing_ok=True)  # not a database: made anew the next time
