"""Rounded encoders stay close to what their weights say, and their graphs are kept whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.encoders import bert_runner
from bot.understanding.encoders.bert import Affine, Bert, Layer, Norm
from bot.understanding.encoders.bert_runner import BertRunner, Pieces, built_from

WIDTH, WIDER, HEADS, EPSILON, WORDS = 32, 64, 4, 1e-12, 50


def random_bert(seed: int) -> Bert:
    """A small encoder of two layers; some of its states are far larger than the others, as in real ones."""
    numbers = np.random.default_rng(seed)

    def affine(outputs: int, inputs: int) -> Affine:
        weight = numbers.normal(0, inputs**-0.5, (outputs, inputs))
        return Affine(weight.astype(np.float32), numbers.normal(0, 0.1, outputs).astype(np.float32))

    def norm() -> Norm:
        scale = numbers.uniform(0.5, 1.5, WIDTH)
        scale[3] = 12.0
        return Norm(scale.astype(np.float32), numbers.normal(0, 0.1, WIDTH).astype(np.float32))

    def layer() -> Layer:
        return Layer(
            affine(3 * WIDTH, WIDTH), affine(WIDTH, WIDTH), norm(), affine(WIDER, WIDTH), affine(WIDTH, WIDER), norm()
        )

    return Bert(HEADS, EPSILON, norm(), (layer(), layer()))


EMBEDDINGS = np.random.default_rng(1).normal(0, 1, (WORDS, WIDTH)).astype(np.float32)


def embedded(pieces: np.ndarray) -> np.ndarray:
    """The embeddings of word pieces."""
    return EMBEDDINGS[pieces]


def cut(text: str) -> list[int]:
    """A text as word pieces: one a character."""
    return [ord(character) % WORDS for character in text] or [0]


def by_hand(bert: Bert, pieces: Pieces) -> np.ndarray:
    """The vector of one text in full precision, as BERT is defined."""
    from scipy.special import erf, softmax

    def normed(states: np.ndarray, norm: Norm) -> np.ndarray:
        apart = states - states.mean(axis=1, keepdims=True)
        return apart / np.sqrt((apart**2).mean(axis=1, keepdims=True) + EPSILON) * norm.scale + norm.shift

    def through(affine: Affine, states: np.ndarray) -> np.ndarray:
        return states @ affine.weight.T + affine.bias

    states = normed(EMBEDDINGS[list(pieces)], bert.embedding_norm)
    for layer in bert.layers:
        query, key, value = (
            part.reshape(len(pieces), HEADS, -1).swapaxes(0, 1)
            for part in np.split(through(layer.into_attention, states), 3, axis=1)
        )
        attention = softmax(query @ key.swapaxes(1, 2) / np.sqrt(query.shape[2]), axis=2) @ value
        out = through(layer.out_of_attention, attention.swapaxes(0, 1).reshape(len(pieces), WIDTH))
        states = normed(states + out, layer.attention_norm)
        wide = through(layer.widening, states)
        states = normed(states + through(layer.narrowing, wide * (1 + erf(wide / np.sqrt(2))) / 2), layer.norm)
    mean = states.mean(axis=0)
    return mean / np.linalg.norm(mean)


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for graphs of its own."""
    folder = tmp_path / "encoders"
    monkeypatch.setattr(bert_runner, "KEPT", folder)
    return folder


TEXTS = ["my foot bounces", "a", "why does it beat when I am tired and the toes touch the floor", "yes", "no"] * 8


@pytest.mark.parametrize(("exact", "at_least"), [((), 0.99), (("into", "out", "wide", "narrow"), 0.999999)])
def test_vectors_are_those_of_the_weights(kept: Path, exact: tuple[str, ...], at_least: float) -> None:
    bert = random_bert(5)
    vectors = BertRunner("small", ["a"], lambda: bert, embedded, cut, exact).vectors([cut(text) for text in TEXTS])
    right = np.array([by_hand(bert, cut(text)) for text in TEXTS])
    assert (vectors.shape, vectors.dtype) == ((40, WIDTH), np.float32)
    assert (vectors * right).sum(axis=1).min() > at_least


def never() -> Bert:
    """For a graph that must be there already."""
    raise AssertionError("the graph was built again")


def runner(weights: Callable[[], Bert], files: list[str]) -> BertRunner:
    """An encoder from these files."""
    return BertRunner("small", files, weights, embedded, cut)


def names(kept: Path) -> list[str]:
    """The graphs that are kept, each without the digest of what it holds."""
    return [path.name.rpartition("-")[0] for path in kept.iterdir()]


def test_a_graph_is_built_once_for_the_same_files(kept: Path) -> None:
    first = runner(lambda: random_bert(5), ["a"]).vectors([cut("yes")])
    np.testing.assert_array_equal(runner(never, ["a"]).vectors([cut("yes")]), first)
    assert names(kept) == [f"small-{built_from(['a'])}"]


def test_other_files_build_another_graph_and_the_old_one_goes(kept: Path) -> None:
    first = runner(lambda: random_bert(5), ["a"]).vectors([cut("yes")])
    second = runner(lambda: random_bert(6), ["b"]).vectors([cut("yes")])
    assert not np.allclose(first, second, atol=0.01)
    assert names(kept) == [f"small-{built_from(['b'])}"]


@pytest.mark.parametrize(
    "damage", [lambda content: content[:-7], lambda content: content[:-1] + b"\x00", lambda _: b""]
)
def test_a_damaged_graph_is_built_again(kept: Path, damage: Callable[[bytes], bytes]) -> None:
    first = runner(lambda: random_bert(5), ["a"]).vectors([cut("yes")])
    (path,) = kept.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    np.testing.assert_array_equal(runner(lambda: random_bert(5), ["a"]).vectors([cut("yes")]), first)
    np.testing.assert_array_equal(runner(never, ["a"]).vectors([cut("yes")]), first)


def test_a_folder_that_cannot_be_written_costs_time_but_no_vector(kept: Path) -> None:
    kept.write_text("a file stands in its place")
    vectors = runner(lambda: random_bert(5), ["a"]).vectors([cut("yes")])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert kept.read_text() == "a file stands in its place"
