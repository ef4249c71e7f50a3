"""What staff have at hand while they answer: ready answers, answers of topics, and the person's check-in."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.replies.check_in import interview
from bot.replies.content import Content
from bot.replies.last_check_in import state_in
from bot.replies.where import filled
from bot.triage.summary import Section, sections
from knowledge.library import LibraryMissing, LibraryReader, TopicEntry
from knowledge.staff_answers import load_staff_answers

logger = logging.getLogger(__name__)

MOST_TOPICS = 5


@dataclass(frozen=True)
class Ready:
    """Words to put into the reply."""

    name: str
    title: str
    text: str
    topic: str = ""


def ready_answers(content: Content, region: str | None) -> list[Ready]:
    """The ready answers, with the numbers of the person's region."""
    found = load_staff_answers(content.here.knowledge_folder / "staff_answers.yml")
    return [Ready(name, answer.title, filled(content, answer.text, region)) for name, answer in found.items()]


def topics_for(content: Content, words: str, *, short: bool) -> list[Ready]:
    """The topics that fit some words best; for a phone only the short answer."""
    topics = topics_of(content)
    if not words.strip() or not topics:
        return []
    reader = LibraryReader(content.here.library_path)
    try:
        scores = reader.word_scores(words)
    finally:
        reader.close()
    best = sorted(scores, key=lambda slug: -scores[slug])[:MOST_TOPICS]
    form = "short" if short else "full"
    return [Ready(slug, topics[slug].title, _answer(topics[slug], form), slug) for slug in best if slug in topics]


def topics_of(content: Content) -> Mapping[str, TopicEntry]:
    """The topics by slug; none while there is no library, for a person can be answered without it."""
    try:
        return content.topics
    except (OSError, sqlite3.Error, LibraryMissing):
        logger.warning("There is no library; answers of topics are left out.")
        return {}


def prefilled(content: Content, answer: str, topic: str, form: str, region: str | None) -> tuple[str, str]:
    """The words that an address asks to have in the box, and the topic they are from."""
    if topic and topic in topics_of(content):
        return filled(content, _answer(topics_of(content)[topic], form), region), topic
    return next((ready.text for ready in ready_answers(content, region) if ready.name == answer), ""), ""


def check_in_sections(memory: Mapping[str, Any] | None) -> tuple[Section, ...]:
    """The person's check-in in their own answers; private ones only when they agreed to have them on the summary."""
    state = state_in(memory or {})
    if memory is None or state is None or not state.entries:
        return ()
    machine = interview()
    return sections(machine.table, machine.result(state), agreed=memory.get("on_summary") or ())


def _answer(topic: TopicEntry, form: str) -> str:
    if form == "short":
        return topic.short
    steps = "".join(f"\n- {step}" for step in topic.steps)
    return f"{topic.answer}\n{steps}".strip() if steps else topic.answer
