"""A trained model is kept without the plan of its training, which only loads what trains."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bot.model_files import METADATA, leave_training_out

PLAN = {"nodes": {"validate": {"uses": "rasa.graph_components.validators.default_recipe_validator"}}}
ABOUT = {"model_id": "one", "train_schema": PLAN, "predict_schema": {"nodes": {"read": {"uses": "reader"}}}}


def written(folder: Path) -> Path:
    (folder / "parts").mkdir()
    (folder / "parts" / "reader.json").write_text('{"weights": [1, 2]}')
    (folder / METADATA).write_text(json.dumps(ABOUT))
    model = folder / "model.tar.gz"
    with tarfile.open(model, "w:gz") as archive:
        archive.add(folder / "parts", arcname="parts")
        archive.add(folder / METADATA, arcname=METADATA)
    return model


def read(model: Path) -> dict[str, Any]:
    with tarfile.open(model) as archive:
        files = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
        return {name: json.load(file) for name, file in files.items() if file is not None}


def test_the_plan_of_the_training_is_left_out_and_all_else_stays(tmp_path: Path) -> None:
    model = written(tmp_path)
    leave_training_out(model)
    assert read(model) == {
        "parts/reader.json": {"weights": [1, 2]},
        METADATA: {**ABOUT, "train_schema": {"nodes": {}}},
    }
    assert [path.name for path in tmp_path.glob("model*")] == ["model.tar.gz"]


def test_a_model_that_cannot_be_read_stays_as_it_was_and_leaves_no_draft(tmp_path: Path) -> None:
    model = written(tmp_path)
    whole = model.read_bytes()
    model.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(EOFError):
        leave_training_out(model)
    assert model.read_bytes() == whole[: len(whole) // 2]
    assert [path.name for path in tmp_path.glob("model*")] == ["model.tar.gz"]
