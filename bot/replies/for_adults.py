"""What stands before an answer where a child was told of: the library is written for adults.

The warning sign `child-or-newborn` says so, and that a child is given no adult spasm medicine and no hard stretching.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.replies.answers import after_saying
from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Button, Kind, Reply

CHILD_SLOT = "child"
"""Whether this conversation is about a child: TOLD once one was told of, NOTICED once the notice stood before an
answer; empty before that."""

TOLD, NOTICED = "told", "noticed"

CHILD_TOPIC = "clonus-in-children"
"""The topic that is written for a child's family."""


def for_adults(content: Content, replies: Sequence[Reply], child: str | None, region: str | None) -> tuple[Reply, ...]:
    """The replies, with the notice before the first answer after a child was told of, and with a line in each answer
    after that. `child` is what CHILD_SLOT holds."""
    answers = [reply for reply in replies if _is_for_adults(reply)]
    if not answers or child is None:
        return tuple(replies)
    if child != NOTICED:
        first, notice = replies.index(answers[0]), fixed_reply(content, "child-first", region)
        return (*replies[:first], notice, _with_way_on(content, answers[0]), *replies[first + 1 :])
    line = fixed_reply(content, "child-again", region).text
    return tuple(after_saying(line, reply) if _is_for_adults(reply) else reply for reply in replies)


def child_after(
    content: Content, child: str | None, text: str, reading: Mapping[str, Any], said: Iterable[str]
) -> str | None:
    """What CHILD_SLOT is to hold after a message, read as `reading`, and the texts that were `said` to it."""
    if child is None and _tells_of_child(content, text, reading):
        child = TOLD
    if child == TOLD and content.fixed["child-first"].text in said:
        child = NOTICED
    return child


def _with_way_on(content: Content, answer: Reply) -> Reply:
    """The answer with a button to CHILD_TOPIC in place of its last one, which leads to another topic for adults."""
    title = content.titles.get(CHILD_TOPIC)
    return replace(answer, buttons=(*answer.buttons[:-1], Button(title))) if title else answer


def _is_for_adults(reply: Reply) -> bool:
    return reply.kind is Kind.ANSWER and reply.metadata.get("topic") != CHILD_TOPIC


def _tells_of_child(content: Content, text: str, reading: Mapping[str, Any]) -> bool:
    """Whether a message names a child or an age below 18, or is read as a question on children."""
    best = next(iter(reading.get("topics") or ()), None)
    of_children = best is not None and best["slug"] == CHILD_TOPIC and best["score"] >= content.thresholds.answer_at
    return of_children or content.thresholds.child.told_in(text)
