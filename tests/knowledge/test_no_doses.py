"""Nothing a person reads says how much of a medicine to take."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.doses import AMOUNT
from knowledge.files import load_yaml
from tests.conftest import ROOT

HEARD = {
    "asked",
    "questions",
    "phrases",
    "says",
    "examples",
    "not_this",
    "danger",
    "look_alikes",
    "signs",
    "concepts",
    "rules",
}
"""What people say to the bot, and what staff read: no advice."""


def files() -> list[Path]:
    """The content from which every reply is made."""
    folder = ROOT / "knowledge"
    return sorted([*folder.glob("topics/*/*.yml"), *folder.glob("red_flags/*.yml"), *folder.glob("*.yml")])


def texts(value: Any) -> Iterator[str]:
    """Every text in a value but those that are heard."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name not in HEARD:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize(
    "advice",
    ["Take 10 mg at night.", "Take half a tablet more.", "One pill now", "2.5 milligrams", "Take another dose."],
)
def test_an_amount_is_recognized(advice: str) -> None:
    assert AMOUNT.search(advice)


def test_no_amount_of_a_medicine_stands_in_anything_that_is_said() -> None:
    read = {path: list(texts(load_yaml(path).data)) for path in files()}
    said = [f"{path.name}: {text}" for path, all_texts in read.items() for text in all_texts if AMOUNT.search(text)]
    assert sum(map(len, read.values())) > 2000
    assert said == []
