"""Figures of what only a conversation decides: follow-ups to a question, and several things in one message."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluation.baseline import Measure
from bot.evaluation.held_out import BadMessagesError, labelled_lines
from bot.evaluation.judging import act_on
from bot.evaluation.tables import Figures, share_with_interval
from bot.replies.content import Content
from bot.understanding.context import Context
from bot.understanding.plain_text import plain_text
from bot.understanding.reader import Reader
from bot.understanding.reading import NOT_PLACED, Reading
from bot.understanding.several import understand

OF_THE_LAST = frozenset({"ask_more", "ask_simpler", "ask_sources", "ask_repeat"})
"""Intents that ask for the topic last told in another way."""


@dataclass(frozen=True)
class FollowUp:
    """A question, the follow-up to it, and the topics that answer the follow-up."""

    before: str
    text: str
    right: tuple[str, ...]


@dataclass(frozen=True)
class Several:
    """A message that asks for several things, or tells several and asks for one; for each that it asks for, the topics
    that answer it."""

    text: str
    right: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class ReadFollowUp:
    """The likeliest topic of a follow-up, after its question and by itself (None: read as about no topic)."""

    message: FollowUp
    after: str | None
    alone: str | None


@dataclass(frozen=True)
class ReadSeveral:
    """The topics that a message was split into, in order; `intent:` and its name for a part with a reply of its own.

    `unplaced` are the parts of which the person is told that they were not understood.
    """

    message: Several
    found: tuple[str, ...]
    unplaced: int = 0

    @property
    def answered(self) -> int:
        """How many of the things asked for have a part of the message that was read as them. Two things that one topic
        answers are one part."""
        return sum(not set(self.found).isdisjoint(topics) for topics in self.message.right)

    @property
    def beside(self) -> int:
        """How many parts answer nothing that was asked for."""
        asked = set().union(*self.message.right)
        return len(set(self.found) - asked)

    @property
    def unheard(self) -> int:
        """How many of the things asked for are neither answered nor named as not understood."""
        return max(0, len(self.message.right) - self.answered - self.unplaced)


def _texts(value: Any) -> tuple[str, ...] | None:
    return tuple(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else None


def load_follow_ups(path: Path) -> list[FollowUp]:
    """Lines with "before", "text" and "topics". Raises BadMessagesError naming file and line."""
    rows = []
    for number, value in labelled_lines(path):
        right = _texts(value.get("topics"))
        if not isinstance(value.get("before"), str) or not right:
            raise BadMessagesError(f'{path}:{number}: needs "before", a text, and "topics", a list of slugs')
        rows.append(FollowUp(value["before"], value["text"], right))
    return rows


def load_several(path: Path) -> list[Several]:
    """Lines with "text" and "topics", a list of slugs for each thing. Raises BadMessagesError naming file and line."""
    rows = []
    for number, value in labelled_lines(path):
        things = value.get("topics")
        right = [_texts(thing) for thing in things] if isinstance(things, list) else []
        if not right or not all(right):
            raise BadMessagesError(f'{path}:{number}: "topics" must be a list of slugs for each thing')
        rows.append(Several(value["text"], tuple(thing for thing in right if thing)))
    return rows


def read_follow_ups(messages: Iterable[FollowUp], reader: Reader, content: Content) -> list[ReadFollowUp]:
    """Read every question as the bot does, and then its follow-up after what the bot would have said."""
    return [
        ReadFollowUp(
            one,
            _topic(*_in_context(one, reader, content)),
            _topic(reader.read(plain_text(one.text), Context()), None),
        )
        for one in messages
    ]


def _in_context(one: FollowUp, reader: Reader, content: Content) -> tuple[Reading, str | None]:
    before = plain_text(one.before)
    first = reader.read(before, Context())
    _, shown = act_on(first, content)
    topic = shown[0] if len(shown) == 1 else None
    context = Context(topic, shown if topic is None else (), before)
    return reader.read(plain_text(one.text), context), topic


def _topic(reading: Reading, last: str | None) -> str | None:
    if reading.in_scope:
        return reading.topics[0].slug
    return last if reading.intent in OF_THE_LAST else None


def read_several(messages: Iterable[Several], reader: Reader) -> list[ReadSeveral]:
    """Split and read every message as the bot does."""
    result = []
    for one in messages:
        reading, pieces = understand(plain_text(one.text), Context(), reader.read, reader.points_back, reader.several)
        readings = [piece.reading for piece in pieces] or [reading]
        found = tuple(_matter(each) for each in readings if each.in_scope or each.intent != NOT_PLACED)
        result.append(ReadSeveral(one, found, sum(each.intent == NOT_PLACED for each in readings)))
    return result


def _matter(reading: Reading) -> str:
    return reading.topics[0].slug if reading.in_scope else f"intent:{reading.intent}"


def _shares(follow_ups: Sequence[ReadFollowUp], read: Sequence[ReadSeveral]) -> list[tuple[str, int, int, bool]]:
    """The rows of the table: name, part, total, and whether fewer is better."""
    several = [one for one in read if len(one.message.right) > 1]
    single = [one for one in read if len(one.message.right) == 1]
    things = sum(len(one.message.right) for one in several)
    found = sum(one.answered for one in several)

    def with_more(messages: Sequence[ReadSeveral]) -> int:
        return sum(one.beside > 0 for one in messages)

    rows = [
        ("Follow-ups: right topic, after the question", sum(r.after in r.message.right for r in follow_ups),
         len(follow_ups), False),
        ("… the same message by itself", sum(r.alone in r.message.right for r in follow_ups), len(follow_ups), False),
        ("Several things: each of them found", found, things, False),
        ("… messages with all of them found", sum(r.answered == len(r.message.right) for r in several), len(several),
         False),
        ("… neither found nor named as not understood", sum(one.unheard for one in several), things, True),
        ("… messages with something found that was not asked", with_more(several), len(several), True),
        ("One thing, with more told around it: found", sum(one.answered for one in single), len(single), False),
        ("… with something found that was not asked", with_more(single), len(single), True),
    ]  # fmt: skip
    return [row for row in rows if row[2]]


def measures(follow_ups: Sequence[ReadFollowUp], several: Sequence[ReadSeveral]) -> list[Measure]:
    """What is stored, and compared when something changes."""
    rows = _shares(follow_ups, several)
    return [Measure.share(name, part, total, fewer_is_better=fewer) for name, part, total, fewer in rows]


def figures(follow_ups: Sequence[ReadFollowUp], several: Sequence[ReadSeveral]) -> Figures:
    """The table of both."""
    cells = [
        (name, str(total), share_with_interval(part, total)) for name, part, total, _ in _shares(follow_ups, several)
    ]
    return Figures("in-conversation", "In conversation", ("Measure", "Messages or things", "Result"), cells)


def mistakes(follow_ups: Sequence[ReadFollowUp], several: Sequence[ReadSeveral]) -> list[str]:
    """Every follow-up and every message with several things that went wrong, a line each."""
    lines = [
        f"{' or '.join(one.message.right)}: {one.after or 'no topic'}: {one.message.before} / {one.message.text}"
        for one in follow_ups
        if one.after not in one.message.right
    ]
    for each in several:
        if each.answered < len(each.message.right) or each.beside:
            wanted = " + ".join(" or ".join(thing) for thing in each.message.right)
            lines.append(f"{wanted}: {' + '.join(each.found) or 'no topic'}: {each.message.text}")
    return lines
