"""A topic added to the library is answered by a running bot: in every process, without training, never half of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.build import build_library
from tests.commands.running_bot import Running, allowed_seconds, running_bot, said

QUESTION = "can I sit in a hot tub with clonus?"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The bot as `clonus run` starts it, with a second chat server beside the first."""
    with running_bot(tmp_path_factory.mktemp("running"), chats=2) as running:
        yield running


def topic_of(replies: list[dict[str, Any]]) -> str | None:
    """The topic that was answered."""
    topic = replies[0]["metadata"].get("topic")
    return str(topic) if topic else None


def add_topic(content: Path) -> dict[str, Any]:
    """Write a topic on hot tubs beside the others."""
    topic: dict[str, Any] = yaml.safe_load((content / "topics" / "help" / "footwear.yml").read_text(encoding="utf-8"))
    places = ("with clonus", "after a stroke", "at the gym")
    topic |= {
        "slug": "hot-tubs",
        "title": "Hot tubs",
        "short": "A hot tub is warm water. Ask your doctor first.",
        "questions": [
            f"{start} a hot tub {place}"
            for start in ("may I use", "is it fine to sit in", "how long can I stay in", "what about")
            for place in places
        ],
        "related": ["footwear"],
    }
    (content / "topics" / "help" / "hot-tubs.yml").write_text(yaml.safe_dump(topic), encoding="utf-8")
    return topic


@pytest.mark.timeout(600)
def test_a_new_topic_is_answered_by_every_process_and_a_changed_one_says_the_new_words(running: Running) -> None:
    assert [topic_of(said(port, "before", QUESTION)) for port in running.ports] != ["hot-tubs"] * 2
    topic = add_topic(running.content)
    allowed = allowed_seconds()
    build_library(running.content, running.library)
    built = time.monotonic()
    first: dict[int, list[dict[str, Any]]] = {}
    while len(first) < len(running.ports) and time.monotonic() - built < allowed:
        for port in running.ports:
            replies = said(port, f"after-{time.monotonic()}", QUESTION)
            assert replies[0]["metadata"]["kind"] in ("answer", "clarify", "fallback")
            if topic_of(replies) == "hot-tubs":
                first.setdefault(port, replies)
        time.sleep(0.2)

    assert sorted(first) == sorted(running.ports)
    assert [replies[0]["text"].startswith(topic["short"]) for replies in first.values()] == [True, True]

    path = running.content / "topics" / "help" / "hot-tubs.yml"
    topic["short"] = "Warm water can set off clonus. Ask your doctor first."
    path.write_text(yaml.safe_dump(topic), encoding="utf-8")
    build_library(running.content, running.library)
    replies = said(running.ports[0], "changed", "may I use a hot tub with clonus")
    assert replies[0]["text"].startswith(topic["short"])
