"""A topic is written to its file so that only what changed differs."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.files import load_text
from knowledge.models import Topic
from knowledge.overlay import topic_fingerprint
from knowledge.topic_files import load_library
from knowledge.topic_writing import topic_text
from tests.conftest import ROOT

FILES = sorted((ROOT / "knowledge" / "topics").glob("*/*.yml"))
BOUNCE = ROOT / "knowledge" / "topics" / "walking" / "foot-bounce.yml"


def topic_at(path: Path, text: str | None = None) -> Topic:
    document = load_text(path, path.read_text(encoding="utf-8") if text is None else text)
    return Topic.parse_obj(document.data)


def changed(**changes: Any) -> Topic:
    return Topic.parse_obj({**json.loads(topic_at(BOUNCE).json()), **changes})


def diff(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_did_not_change_is_written_byte_for_byte(path: Path) -> None:
    before = path.read_text(encoding="utf-8")
    assert topic_text(topic_at(path), before) == before


def test_every_topic_can_be_written_anew() -> None:
    for topic in load_library(ROOT / "knowledge").topics.values():
        assert topic_fingerprint(topic_at(BOUNCE, topic_text(topic))) == topic_fingerprint(topic)


def test_each_change_shows_as_itself_alone() -> None:
    before = BOUNCE.read_text(encoding="utf-8")
    topic = topic_at(BOUNCE)
    answer = "\n\n".join([*topic.answer.split("\n\n")[:-1], "Rest more."])
    after = topic_text(
        changed(
            title='Foot bounce: "tap"',
            simple="Sit down.",
            answer=answer,
            steps=[*topic.steps, "Rest: sit."],
            cautions=[],
            questions=[*topic.questions[:3], "is it # bad?", *topic.questions[4:]],
            related=["afo", "heel-wedge"],
            reviewed={"date": "2026-12-01", "by": "A. Nurse (clinical reviewer)", "due": "2027-12-01"},
            status="published",
        ),
        before,
    )
    assert diff(before, after) == [
        '-title: "Foot bounce: the foot taps when it lands"',
        '+title: "Foot bounce: \\"tap\\""',
        "-  Your foot bounces when the toes land first. Stop. Hold on to something. Put your heel down slowly.",
        "+  Sit down.",
        *(f"-  {line}" for line in topic.answer.split("\n\n")[-1].splitlines()),
        "+  Rest more.",
        "-cautions:",
        f'-  - "{topic.cautions[0]}"',
        '+  - "Rest: sit."',
        '-  - "foot tapping by itself when i walk"',
        '+  - "is it # bad?"',
        "-related: [stop-an-episode, toe-first-landing, afo, heel-wedge]",
        "+related: [afo, heel-wedge]",
        '-reviewed: {date: 2026-11-22, by: "Content team; awaiting sign-off by a clinician", due: 2027-11-22}',
        "-status: awaiting-sign-off",
        '+reviewed: {date: 2026-12-01, by: "A. Nurse (clinical reviewer)", due: 2027-12-01}',
        "+status: published",
    ]


def test_comments_stay_and_a_field_that_was_missing_finds_its_place() -> None:
    before = "# Written by hand.\n" + BOUNCE.read_text(encoding="utf-8").replace("group:", "# the shelf\ngroup:")
    start = before.index("cautions:")
    without = before[:start] + before[before.index("questions:") :]
    after = topic_text(changed(cautions=["Hold on."]), without)
    assert diff(without, after) == ["+cautions:", '+  - "Hold on."']


def test_a_file_in_another_style_is_written_anew() -> None:
    flow = json.dumps(json.loads(topic_at(BOUNCE).json()))
    assert topic_text(changed(simple="Sit down."), flow).startswith("slug: foot-bounce\ntitle: ")


def test_where_lines_wrap_makes_no_difference() -> None:
    topic = topic_at(BOUNCE)
    assert topic_fingerprint(changed(answer=topic.answer.replace(". ", ".\n"))) == topic_fingerprint(topic)
