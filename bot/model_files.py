"""Find the trained model, and tell whether it still fits the files it was trained from."""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import ROOT, Settings, settings
from bot.understanding.thresholds import load_thresholds
from knowledge.library import LibraryMissing

if TYPE_CHECKING:  # with it come spaCy and scikit-learn, which whoever only asks for a file does not need
    from bot.understanding.reader import Reader

INPUTS = ("config.yml", "domain/**/*.yml", "data/**/*.yml", "knowledge/understanding.yml",
          "bot/understanding/**/*.py", "bot/safety/component.py", "bot/safety/policy.py")  # fmt: skip
"""What a model is trained from. Topics are not among them: a new topic is found without training."""

FINGERPRINT = "trained-from.json"


class MessageReaderMissing(Exception):
    """No trained model holds a message reader."""


def inputs_fingerprint() -> str:
    """A short fingerprint of everything a model is trained from."""
    digest = hashlib.sha256()
    for pattern in INPUTS:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(f"{path.relative_to(ROOT)}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def newest_model() -> Path | None:
    """The newest trained model; None when there is none."""
    models = sorted(settings().models_folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    return models[-1] if models else None


def model_is_fresh() -> bool:
    """Whether the newest model was trained from the files as they are now."""
    model = newest_model()
    record = settings().models_folder / FINGERPRINT
    if model is None or not record.is_file():
        return False
    try:
        trained = json.loads(record.read_text())
    except json.JSONDecodeError:
        return False
    return bool(trained == {"model": model.name, "inputs": inputs_fingerprint()})


def note_training(model: Path) -> None:
    """Remember what `model` was trained from."""
    record = settings().models_folder / FINGERPRINT
    record.write_text(json.dumps({"model": model.name, "inputs": inputs_fingerprint()}))


def load_reader() -> Reader:
    """The message reader of the newest model, without loading Rasa.

    Raises MessageReaderMissing when there is no model or it holds no reader.
    """
    model = newest_model()
    if model is None:
        raise MessageReaderMissing(f"There is no trained model in {settings().models_folder}. Run: clonus train")
    here = settings()
    try:
        return _reader_inside(model, here)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise MessageReaderMissing(f"The model {model.name} cannot be read. Run: clonus train --force") from error
    except LibraryMissing as error:
        raise MessageReaderMissing(str(error)) from error


def _reader_inside(model: Path, here: Settings) -> Reader:
    from bot.shared import sentence_encoder
    from bot.understanding.reader import Reader

    with tempfile.TemporaryDirectory() as folder, tarfile.open(model) as archive:
        for member in archive.getmembers():
            if member.isfile() and member.name.endswith("/reader.json"):
                member.name = "reader.json"
                archive.extract(member, folder)
                return Reader.load(
                    Path(folder),
                    sentence_encoder(),
                    here.library_path,
                    here.vectors_path,
                    load_thresholds(here.knowledge_folder / "understanding.yml"),
                )
    raise MessageReaderMissing(f"The model {model.name} holds no message reader. Run: clonus train --force")
