"""Training writes a model that answers, without what only trains, or else nothing."""

from __future__ import annotations

import asyncio
import json
import tarfile
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.shared.exceptions import RasaException

from bot.engine.training import train

FILES = {
    "config.yml": """
        recipe: default.v1
        language: en
        assistant_id: small
        pipeline: [{name: KeywordIntentClassifier}]
        policies: [{name: RulePolicy}]
        """,
    "domain/domain.yml": """
        version: "3.1"
        intents: [greet, thank]
        responses:
          utter_greet: [{text: Hello there}]
        """,
    "data/nlu/small.yml": """
        version: "3.1"
        nlu:
        - intent: greet
          examples: |
            - hello
        - intent: thank
          examples: |
            - thanks
        """,
    "data/stories/rules.yml": """
        version: "3.1"
        rules:
        - rule: greet
          steps:
          - intent: greet
          - action: utter_greet
        """,
}


def project(folder: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_the_model_answers_and_does_not_name_what_trains(tmp_path: Path) -> None:
    model = tmp_path / "models" / "small.tar.gz"
    model.parent.mkdir()
    train(model, project(tmp_path / "project"))
    with tarfile.open(model) as archive:
        metadata = next(member for member in archive.getmembers() if Path(member.name) == Path("metadata.json"))
        about = json.load(archive.extractfile(metadata))  # type: ignore[arg-type]
    assert about["train_schema"] == {"nodes": {}}
    loop = asyncio.new_event_loop()  # asyncio.run would leave this thread without the loop that other tests use
    said = loop.run_until_complete(Agent.load(model).handle_text("hello"))
    loop.close()
    assert said == [{"recipient_id": "default", "text": "Hello there"}]
    assert [path.name for path in model.parent.iterdir()] == ["small.tar.gz"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("data/nlu/small.yml", "nlu: [{intent: greet, examples: 3}]"),
        ("domain/domain.yml", "version: '3.1'\nintents: [greet, greet]\n"),
        ("config.yml", "recipe: default.v1\nlanguage: en\npipeline: [{name: NoSuchPart}]\npolicies: []\n"),
    ],
    ids=["training data", "domain", "configuration"],
)
def test_what_cannot_be_trained_is_said_and_leaves_no_model(tmp_path: Path, file: str, text: str) -> None:
    with pytest.raises(RasaException):
        train(tmp_path / "small.tar.gz", project(tmp_path / "project", **{file: text}))
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_a_model_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    model = tmp_path / "small.tar.gz"
    model.mkdir()  # nothing can take the place of a folder
    (model / "before").write_text("the model before")
    with pytest.raises(OSError, match=r"small\.tar\.gz"):
        train(model, project(tmp_path / "project"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project", "small.tar.gz"]
