"""Messages that measure the bot are not among those it learns from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bot.settings import ROOT
from knowledge.files import load_yaml
from tests.data import nlu_examples, topics, wording

FILES = sorted((ROOT / "tests" / "held_out").glob("*.jsonl"))


def held_out() -> Iterator[tuple[str, str]]:
    """The file and the text of every held-out message."""
    for path in FILES:
        for line in path.read_text(encoding="utf-8").splitlines():
            message = json.loads(line)
            # a follow-up is a message together with those before it: "how often?" alone is everybody's
            before = message.get("before", [])
            yield path.name, " ".join([*([before] if isinstance(before, str) else before), message["text"]])


def messages_in(data: Any) -> Iterator[str]:
    """Every text of a look-alike, danger or example message inside a red flag file."""
    for entry in data:
        yield entry["text"] if isinstance(entry, dict) else entry


def trained() -> dict[str, str]:
    """Where each training message stands, by its words."""
    found: dict[str, str] = {}
    for intent, examples in nlu_examples().items():
        found |= {wording(example): f"data/nlu, {intent}" for example in examples}
    for slug, topic in topics().items():
        found |= {wording(text): f"topic {slug}" for text in [topic["title"], *topic["questions"]]}
    return found


def seen_by_the_screen() -> dict[str, str]:
    """Where each message that the safety screen was made with stands, by its words."""
    found: dict[str, str] = {}
    folder = ROOT / "knowledge" / "red_flags"
    for path in folder.rglob("*.yml"):
        if path.parent.name == "shared":
            continue
        data = load_yaml(path).data
        for field, entries in data.items():
            if field in ("example_messages", "not_this") or (
                path.parent.name in ("messages", "calibration") and isinstance(entries, list)
            ):
                found |= {wording(text): f"{path.relative_to(folder)}, {field}" for text in messages_in(entries)}
    return found


def test_there_are_held_out_messages_of_every_sort() -> None:
    assert [path.stem for path in FILES] == [
        "danger", "danger_questions", "follow_ups", "intents", "look_alikes", "out_of_scope", "several",
        "told_before", "topics",
    ]  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_held_out_line_is_a_message(path) -> None:  # type: ignore[no-untyped-def]
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= 60
    assert [line for line in lines if not str(line["text"]).strip()] == []


def test_no_held_out_message_is_trained_on() -> None:
    known = trained()
    clashes = [(file, text, known[wording(text)]) for file, text in held_out() if wording(text) in known]
    assert clashes == []


def test_no_held_out_message_stands_in_the_danger_content() -> None:
    known = seen_by_the_screen()
    assert len(known) > 500
    clashes = [(file, text, known[wording(text)]) for file, text in held_out() if wording(text) in known]
    assert clashes == []


def test_every_topic_has_at_least_three_held_out_phrasings() -> None:
    counts = dict.fromkeys(topics(), 0)
    for line in (ROOT / "tests" / "held_out" / "topics.jsonl").read_text(encoding="utf-8").splitlines():
        for slug in json.loads(line)["topics"]:
            counts[slug] += 1
    assert {slug: count for slug, count in counts.items() if count < 3} == {}
