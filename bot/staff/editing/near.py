"""How the bot ranks what a draft says: topics near to it, and questions it takes for another topic."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.staff.editing.history import Content

if TYPE_CHECKING:
    from bot.understanding.reader import Reader

MOST_NEAR = 3
"""Topics that are named as near, however far the draft's own topic is ahead of them."""
TAKEN_AT = 0.3
"""Chance from which a question counts as taken for another topic."""
MOST_QUESTIONS = 20
"""New questions that are read at once: each takes some hundredths of a second."""


@dataclass(frozen=True)
class Near:
    """A topic, and the chance (0 to 1) that the words are about it; `words` are the question, or "" for all of it."""

    slug: str
    title: str
    score: float
    words: str = ""


def near_topics(reader: Reader, slug: str, content: Content) -> list[Near]:
    """Other topics that the title and the short answer of a draft could be about, the likeliest first."""
    text = f"{content.get('title') or ''}. {content.get('short') or ''}".strip(". ")
    others = [topic for topic in reader.read(text).topics if topic.slug != slug]
    return [Near(topic.slug, reader.title(topic.slug) or topic.slug, topic.score) for topic in others[:MOST_NEAR]]


def taken_for_others(reader: Reader, slug: str, questions: Iterable[str]) -> list[Near]:
    """Questions that the bot takes for another topic now."""
    found = []
    for question in list(questions)[-MOST_QUESTIONS:]:
        best = next(iter(reader.read(question).topics), None)
        if best is not None and best.slug != slug and best.score >= TAKEN_AT:
            found.append(Near(best.slug, reader.title(best.slug) or best.slug, best.score, question))
    return found
