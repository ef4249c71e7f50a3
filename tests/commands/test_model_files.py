"""Which model is used, and whether it still fits the files it was trained from."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path

import pytest

from bot.commands import understand
from bot.model_files import (
    FINGERPRINT,
    MessageReaderMissing,
    inputs_fingerprint,
    load_reader,
    model_is_fresh,
    newest_model,
    note_training,
)


def put_model(folder: Path, name: str, age: int = 0, **files: str) -> Path:
    """A model archive with these files, `age` seconds old."""
    (folder / "models").mkdir(exist_ok=True)
    path = folder / "models" / name
    with tarfile.open(path, "w:gz") as archive:
        for inner, text in files.items():
            member = tarfile.TarInfo(f"components/{inner}/reader.json")
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    os.utime(path, (1_800_000_000 - age, 1_800_000_000 - age))
    return path


def test_without_a_folder_there_is_no_model(elsewhere: Path) -> None:
    assert (newest_model(), model_is_fresh()) == (None, False)


def test_the_newest_model_counts_whatever_its_name(elsewhere: Path) -> None:
    put_model(elsewhere, "b-older.tar.gz", age=60)
    newest = put_model(elsewhere, "a-newer.tar.gz")
    (elsewhere / "models" / "notes.txt").write_text("not a model")
    assert newest_model() == newest


def test_a_model_nobody_noted_is_not_fresh(elsewhere: Path) -> None:
    put_model(elsewhere, "a.tar.gz")
    assert not model_is_fresh()


def test_a_model_is_fresh_after_its_training_was_noted(elsewhere: Path) -> None:
    note_training(put_model(elsewhere, "a.tar.gz"))
    assert model_is_fresh()


def test_a_newer_model_that_was_not_noted_is_not_fresh(elsewhere: Path) -> None:
    note_training(put_model(elsewhere, "a.tar.gz", age=60))
    put_model(elsewhere, "b.tar.gz")
    assert not model_is_fresh()


def test_a_model_trained_from_other_files_is_not_fresh(elsewhere: Path) -> None:
    model = put_model(elsewhere, "a.tar.gz")
    (elsewhere / "models" / FINGERPRINT).write_text(json.dumps({"model": model.name, "inputs": "0" * 16}))
    assert not model_is_fresh()


@pytest.mark.parametrize("note", ["", "{", "[]", "null"])
def test_an_unreadable_note_is_no_note(elsewhere: Path, note: str) -> None:
    put_model(elsewhere, "a.tar.gz")
    (elsewhere / "models" / FINGERPRINT).write_text(note)
    assert not model_is_fresh()


def test_the_fingerprint_of_the_inputs_is_the_same_every_time() -> None:
    assert inputs_fingerprint() == inputs_fingerprint()
    assert len(inputs_fingerprint()) == 16


def test_a_missing_model_says_what_to_run(elsewhere: Path) -> None:
    with pytest.raises(MessageReaderMissing) as caught:
        load_reader()
    assert str(caught.value) == f"There is no trained model in {elsewhere / 'models'}. Run: clonus train"


def test_a_model_without_a_reader_says_what_to_run(elsewhere: Path) -> None:
    put_model(elsewhere, "a.tar.gz")
    with pytest.raises(MessageReaderMissing) as caught:
        load_reader()
    assert str(caught.value) == "The model a.tar.gz holds no message reader. Run: clonus train --force"


def test_a_broken_model_says_what_to_run(elsewhere: Path) -> None:
    put_model(elsewhere, "a.tar.gz").write_bytes(b"cut short")
    with pytest.raises(MessageReaderMissing, match=r"a\.tar\.gz.*Run: clonus train --force"):
        load_reader()


def test_understand_without_a_model_says_what_to_run(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert understand.run() == 1
    assert capsys.readouterr() == ("", f"There is no trained model in {elsewhere / 'models'}. Run: clonus train\n")


def test_understand_without_a_library_says_what_to_run(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put_model(elsewhere, "a.tar.gz", reader='{"intents": {}, "weights": [1, 1, 1, 1, 1, 1, 1]}')
    assert understand.run() == 1
    assert "clonus knowledge build" in capsys.readouterr().err
