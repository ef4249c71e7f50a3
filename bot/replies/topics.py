"""Decide how a message about topics is answered: one answer, a question back, or an honest "I do not know"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.replies.answers import CHECK_TOPICS, short_answer, which_topic
from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Reply

REPORT = "report_problem"


@dataclass(frozen=True)
class Outcome:
    """What to say, and the topic that "more" then speaks of (None: unchanged)."""

    replies: tuple[Reply, ...]
    topic: str | None = None


def answer_topics(content: Content, reading: Mapping[str, Any], region: str | None) -> Outcome:
    """Answer a reading of a message (bot/understanding/component.py).

    The best topic when it is likely enough, otherwise the few likely ones as choices.
    """
    topics = content.topics
    ranked: Sequence[Mapping[str, Any]] = [topic for topic in reading.get("topics", ()) if topic["slug"] in topics]
    limits = content.thresholds
    if not reading.get("in_scope") or not ranked:
        return Outcome((fixed_reply(content, "not-placed", region),))
    likely = [topic["slug"] for topic in ranked if topic["score"] >= limits.offer_at][: limits.most_offers]
    best = ranked[0]["score"]
    if best >= limits.answer_at or (len(likely) < 2 and best >= limits.alone_at):
        return answer_topic(content, ranked[0]["slug"], offer_check=reading.get("intent") == REPORT)
    likely = likely or [ranked[0]["slug"]]
    question = content.fixed["which-one" if len(likely) > 1 else "this-one"].text
    return Outcome((which_topic(question, likely, content.titles, NONE_OF_THESE),))


def answer_topic(content: Content, slug: str, *, offer_check: bool = False) -> Outcome:
    """The first answer on one topic. The check-in is offered when a problem was told that it can look into."""
    topic = content.topics[slug]
    offered = offer_check or slug in CHECK_TOPICS
    return Outcome((short_answer(topic, content.titles, offer_check=offered),), slug)


NONE_OF_THESE = "None of these"
