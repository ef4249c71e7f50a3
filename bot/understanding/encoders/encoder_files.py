"""What both encoders share: their vectors, and the check of files that come inside packages of small publishers."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class EncoderBroken(Exception):
    """A sentence model is missing or is not the expected one."""


def package_folder(package: str) -> Path:
    """Where an installed package keeps its files. Raises EncoderBroken when it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EncoderBroken(f"The package {package} is not installed. Run: make setup")
    return Path(spec.submodule_search_locations[0])


def verify_file(path: Path, sha256: str) -> None:
    """Raises EncoderBroken, naming the file, when it is missing or differs from the one that was measured."""
    if not path.is_file():
        raise EncoderBroken(f"The sentence model's file {path.name} is missing. Run: make setup")
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise EncoderBroken(f"The sentence model's file {path.name} is not the expected one. Run: make setup")
