"""Every topic is found for at least three messages that are in none of its files (tests/held_out/topics.jsonl).

Through the trained model's message reader and the same decision the answer action takes.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import islice
from pathlib import Path

import pytest

from bot.model_files import load_reader
from bot.replies.content import content
from bot.replies.topics import answer_topics
from bot.understanding.reader import Reader

HELD_OUT = Path(__file__).resolve().parent.parent / "held_out" / "topics.jsonl"
FEWEST = 3


def held_out_messages() -> dict[str, list[str]]:
    """The messages written for each topic: those that name it as the best answer."""
    messages: dict[str, list[str]] = defaultdict(list)
    for line in HELD_OUT.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        messages[entry["topics"][0]].append(entry["text"])
    return dict(messages)


def answered_topic(reader: Reader, text: str) -> str | None:
    """The topic that `text` is answered with; None when the bot asks back or says it does not know."""
    read = reader.read(text)
    reading = {
        "intent": read.intent,
        "in_scope": read.in_scope,
        "topics": [{"slug": topic.slug, "score": topic.score} for topic in read.topics],
    }
    return answer_topics(content(), reading, None).topic


@pytest.fixture(scope="module")
def answered() -> dict[str, list[str]]:
    """The first messages of each topic that led to it, as many as are needed."""
    reader = load_reader()
    return {
        slug: list(islice((text for text in texts if answered_topic(reader, text) == slug), FEWEST))
        for slug, texts in held_out_messages().items()
    }


def test_every_topic_has_messages_of_its_own() -> None:
    assert sorted(held_out_messages()) == sorted(content().topics)


def test_at_least_three_messages_lead_to_every_topic(answered: dict[str, list[str]]) -> None:
    texts = held_out_messages()
    missed = {
        slug: {"led there": led, "did not": [text for text in texts[slug] if text not in led]}
        for slug, led in answered.items()
        if len(led) < FEWEST
    }

    assert missed == {}, f"found by fewer than {FEWEST} messages: {', '.join(sorted(missed))}"
