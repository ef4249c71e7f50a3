"""Classes of messages are told apart by labelled examples."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.understanding import classifier as classifier_module
from bot.understanding.classifier import ExampleClassifier
from bot.understanding.encoder import SentenceEncoder, Vectors
from bot.understanding.solving import conjugate_gradient

EXAMPLES = {
    "brace": ["do i need a brace", "my splint rubs", "is an afo any use", "brace for my foot", "the orthotic hurts"],
    "thanks": ["thank you", "thanks a lot", "cheers", "that was kind of you", "i am grateful"],
    "driving": [
        "may i drive",
        "when can i drive again",
        "is driving safe",
        "my car and my foot",
        "drive with a bad leg",
    ],
}
LABELS = [label for label, texts in EXAMPLES.items() for _ in texts][::-1]
TEXTS = [text for texts in EXAMPLES.values() for text in texts][::-1]


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    """The vectors of all examples."""
    from bot.shared import sentence_encoder

    return sentence_encoder().encode(TEXTS)


def taught(vectors: Vectors, **more: Any) -> ExampleClassifier:
    return ExampleClassifier(TEXTS, LABELS, lambda: vectors, **more)


@pytest.fixture(scope="module")
def trained(vectors: Vectors) -> ExampleClassifier:
    """Knows all examples."""
    return taught(vectors)


def test_classes_are_in_alphabetical_order_and_examples_keep_theirs(trained: ExampleClassifier) -> None:
    assert trained.classes == ["brace", "driving", "thanks"]
    assert [trained.classes[index] for index in trained.class_indices()] == LABELS


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("would a splint help me", "brace"),
        ("can i get behind the wheel", "driving"),
        ("many thanks", "thanks"),
        ("thnak you so much", "thanks"),
        ("drivng", "driving"),
    ],
)
def test_new_words_are_placed_with_the_examples_they_are_like(
    trained: ExampleClassifier, encoder: SentenceEncoder, text: str, label: str
) -> None:
    likeness = trained.likeness(text, encoder.encode_one(text))
    assert trained.classes[int(likeness.ridge.argmax())] == label


def test_an_example_said_again_is_fully_like_its_class(trained: ExampleClassifier, vectors: Vectors) -> None:
    for text, label, vector in zip(TEXTS, LABELS, vectors, strict=True):
        likeness = trained.likeness(text, vector)
        column = trained.classes.index(label)
        assert [likeness.nearest[column], likeness.spelling[column]] == pytest.approx([1.0, 1.0], abs=1e-3)
        assert likeness.stacked().argmax(axis=0)[:1] == column


def test_likeness_in_meaning_is_the_nearest_and_the_mean_of_the_three_nearest(
    trained: ExampleClassifier, vectors: Vectors, encoder: SentenceEncoder
) -> None:
    vector = encoder.encode_one("a brace for the car")
    likeness = trained.likeness("a brace for the car", vector)
    for column, label in enumerate(trained.classes):
        cosines = sorted((float(own @ vector) for own, name in zip(vectors, LABELS, strict=True) if name == label))
        assert likeness.nearest[column] == pytest.approx(cosines[-1], abs=2e-3)
        assert likeness.near_three[column] == pytest.approx(sum(cosines[-3:]) / 3, abs=2e-3)


def test_left_out_likenesses_are_those_of_really_leaving_out(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    """By meaning alone: spelling is measured against all examples, so leaving one out shifts it a little."""
    monkeypatch.setattr(classifier_module, "MEANING_SHARE", 1.0)
    wanted = [3, 0, 11, 14]
    left_out = taught(vectors).left_out_likenesses(wanted)
    assert left_out.shape == (4, 3, 4)
    for row, index in zip(left_out, wanted, strict=True):
        rest = [place for place in range(len(TEXTS)) if place != index]
        without = ExampleClassifier([TEXTS[i] for i in rest], [LABELS[i] for i in rest], partial(vectors.take, rest, 0))
        really = without.likeness(TEXTS[index], vectors[index]).stacked()
        np.testing.assert_allclose(row[:, :3], really[:, :3], atol=2e-3)
        assert row[:, 3].max() < 0.99, "its own spelling must not speak for it"


def test_a_solution_is_kept_and_found_again_for_equal_examples(tmp_path: Path, vectors: Vectors) -> None:
    first = taught(vectors, kept=tmp_path / "var")
    written = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "var").iterdir()}
    assert sorted(name.split("-")[0] + Path(name).suffix for name in written) == [
        "classifier.npz",
        "inverse.npz",
        "solved.json",
        "solved.npy",
        "spelling.npz",
        "weights.npy",
    ]
    second = taught(vectors, kept=tmp_path / "var")
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "var").iterdir()} == written
    expected = first.likeness("a brace", vectors[0]).stacked()
    np.testing.assert_allclose(second.likeness("a brace", vectors[0]).stacked(), expected, atol=1e-5)


def changed(vectors: Vectors) -> tuple[list[str], list[str], Vectors]:
    """The examples without four of them, with one moved to another class, and with two of a new class."""
    from bot.shared import sentence_encoder

    new = ["hot tubs", "may i sit in a hot tub"]
    texts, labels = [*TEXTS[2:-2], *new], [*LABELS[2:-3], "driving", "tubs", "tubs"]
    return texts, labels, np.vstack([vectors[2:-2], sentence_encoder().encode(new)])


def test_changed_examples_are_solved_from_what_was_solved_before_as_if_all_were_solved_anew(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By meaning alone: the weights of spelling stay those of the last full solve."""
    monkeypatch.setattr(classifier_module, "MEANING_SHARE", 1.0)
    monkeypatch.setattr(classifier_module, "TOLERANCE", 1e-4)
    taught(vectors, kept=tmp_path)
    texts, labels, meaning = changed(vectors)
    anew = ExampleClassifier(texts, labels, lambda: meaning)
    with monkeypatch.context() as patch:
        patch.setattr(classifier_module.ExampleClassifier, "_kernel", None)  # nothing is solved in full
        followed = ExampleClassifier(texts, labels, lambda: meaning, kept=tmp_path)
    assert followed.classes == anew.classes == ["brace", "driving", "thanks", "tubs"]
    for text, vector in zip(texts, meaning, strict=True):
        np.testing.assert_allclose(followed.likeness(text, vector).ridge, anew.likeness(text, vector).ridge, atol=1e-4)


def test_spelling_that_the_classifier_before_knew_is_taken_from_it_and_comes_out_the_same(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = taught(vectors, kept=tmp_path)
    texts, labels, meaning = changed(vectors)
    alone = ExampleClassifier(texts, labels, lambda: meaning, kept=tmp_path, keep=False)
    monkeypatch.setattr(classifier_module.Spelling, "learn", None)  # nothing is learned again
    monkeypatch.setattr(classifier_module.Spelling, "load", None)
    lent = ExampleClassifier(texts, labels, lambda: meaning, kept=tmp_path, keep=False, before=before)
    for text, vector in zip(["a brace", "hot tub", *texts], [meaning[0], meaning[-1], *meaning], strict=True):
        np.testing.assert_array_equal(lent.likeness(text, vector).stacked(), alone.likeness(text, vector).stacked())


def test_training_owes_nothing_to_what_was_solved_before(tmp_path: Path, vectors: Vectors) -> None:
    taught(vectors, kept=tmp_path)
    texts, labels, meaning = changed(vectors)
    trained = ExampleClassifier(texts, labels, lambda: meaning, kept=tmp_path, anew=True).likeness(
        "a brace", meaning[0]
    )
    np.testing.assert_array_equal(
        trained.stacked(), ExampleClassifier(texts, labels, lambda: meaning).likeness("a brace", meaning[0]).stacked()
    )


def test_many_changes_are_solved_anew_and_take_the_place_of_what_was_kept(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    taught(vectors, kept=tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr(classifier_module, "MOST_CHANGED", 5)
    texts, labels, meaning = changed(vectors)
    ExampleClassifier(texts, labels, lambda: meaning, kept=tmp_path)
    after = sorted(path.name for path in tmp_path.iterdir())
    assert len(after) == len(before) == 6
    assert not set(after) & set(before)


@pytest.mark.parametrize(
    "kept", ["classifier-*", "inverse-*", "solved-*.npy", "solved-*.json", "spelling-*", "weights-*"]
)
@pytest.mark.parametrize("garbage", [b"", b"garbage"])
def test_garbage_in_what_was_kept_is_solved_again(tmp_path: Path, vectors: Vectors, kept: str, garbage: bytes) -> None:
    expected = taught(vectors, kept=tmp_path).likeness("a brace", vectors[0]).stacked()
    (path,) = tmp_path.glob(kept)
    for weights in tmp_path.glob("classifier-*"):
        weights.unlink()
    path.write_bytes(garbage)
    again = taught(vectors, kept=tmp_path).likeness("a brace", vectors[0]).stacked()
    np.testing.assert_allclose(again, expected, atol=1e-5)
    assert [found.stat().st_size > len(garbage) for found in tmp_path.glob("classifier-*")] == [True]


@pytest.mark.parametrize("lost", ["inverse-*", "solved-*.npy"])
def test_a_change_is_solved_anew_when_what_was_solved_is_lost_or_cut_off(
    tmp_path: Path, vectors: Vectors, lost: str
) -> None:
    taught(vectors, kept=tmp_path)
    (path,) = tmp_path.glob(lost)
    path.write_bytes(path.read_bytes()[:-40])
    texts, labels, meaning = changed(vectors)
    expected = ExampleClassifier(texts, labels, lambda: meaning)
    found = ExampleClassifier(texts, labels, lambda: meaning, kept=tmp_path)
    for text, vector in zip(texts, meaning, strict=True):
        np.testing.assert_allclose(found.likeness(text, vector).ridge, expected.likeness(text, vector).ridge, atol=0.1)


def test_nothing_unfinished_is_left_behind(
    tmp_path: Path, vectors: Vectors, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(conjugate_gradient, "MOST_STEPS", 0)
    expected = taught(vectors).likeness("a brace", vectors[0]).stacked()
    found = taught(vectors, kept=tmp_path).likeness("a brace", vectors[0]).stacked()
    assert "Solving the examples takes longer than usual" in caplog.text
    np.testing.assert_array_equal(found, expected)
    kept = sorted(path.name.split("-")[0] + path.suffix for path in tmp_path.iterdir())
    assert kept == ["classifier.npz", "spelling.npz"]


def test_a_folder_that_cannot_be_written_costs_time_but_no_answer(tmp_path: Path, vectors: Vectors) -> None:
    occupied = tmp_path / "a-file"
    occupied.touch()
    expected = taught(vectors).likeness("a brace", vectors[0]).stacked()
    found = taught(vectors, kept=occupied / "var").likeness("a brace", vectors[0]).stacked()
    np.testing.assert_allclose(found, expected, atol=1e-5)
