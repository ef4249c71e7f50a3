"""A kind word before the answer to a message that tells of fear."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.replies.answers import after_saying
from bot.replies.content import Content
from bot.replies.reply import Kind, Reply

FEAR_TOPIC = "fear-of-falling-and-mood"
"""The topic whose own first words are kind ones."""


def comforted(content: Content, replies: Sequence[Reply], text: str, said: Collection[str]) -> tuple[Reply, ...]:
    """The replies to a message, with a kind word first where the message tells of fear and they answer it or ask which
    answer is meant. `said` are the texts of the turn before: it is not said twice in a row."""
    first = replies[0] if replies else None
    if first is None or first.kind not in (Kind.ANSWER, Kind.CLARIFY) or first.metadata.get("topic") == FEAR_TOPIC:
        return tuple(replies)
    kind_word = content.fixed["fear-first"].text
    if not content.thresholds.fear.told_in(text) or any(kind_word in before for before in said):
        return tuple(replies)
    return (after_saying(kind_word, first), *replies[1:])
