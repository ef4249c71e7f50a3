"""A draft as patients would get it: the bot's own replies, drawn for the page and as texts on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.sms.links import shortened
from bot.channels.sms.rendering import Drawing
from bot.channels.sms.segments import segment_count
from bot.replies.answers import CHECK_TOPICS, full_answer, short_answer, simple_answer, where_it_is_from
from bot.replies.content import Content as BotContent
from bot.replies.reply import Reply
from bot.staff.editing.history import Content
from knowledge.library import SourceEntry, TopicEntry
from knowledge.models import Source
from knowledge.text_messages import TextMessages


@dataclass(frozen=True)
class Block:
    """A paragraph, or a list of points, as the chat page draws it."""

    text: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class OnPage:
    """One message of the chat page: what a person asked for, its blocks and its buttons."""

    asked: str
    blocks: tuple[Block, ...]
    buttons: tuple[str, ...]


@dataclass(frozen=True)
class OnPhone:
    """One text, and how many segments it is charged as. The first is sent at once, the others wait for MORE."""

    text: str
    segments: int


@dataclass(frozen=True)
class Preview:
    """All of it."""

    page: tuple[OnPage, ...]
    phone: tuple[OnPhone, ...]


def preview(
    draft: Content, sources: Mapping[str, Source], bot: BotContent, words: TextMessages, public_url: str | None
) -> Preview:
    """Draw a draft. It may be unfinished: what is empty is left out."""
    topic = entry_of(draft, sources)
    with_draft = _WithDraft(bot, {**bot.topics, topic.slug: topic})
    short = short_answer(topic, with_draft.titles, offer_check=topic.slug in CHECK_TOPICS)
    replies = [("", short)]
    if topic.answer:
        replies.append(("More", full_answer(topic, with_draft.titles)))
    if topic.simple:
        replies.append(("Simpler", simple_answer(topic, with_draft.titles)))
    if topic.sources:
        replies.append(("Where is this from?", where_it_is_from(topic, with_draft.titles)))
    drawing = Drawing(with_draft, words, None, lambda text: shortened(text, public_url))
    drawn = drawing.draw([message_of(short)])
    texts = [*(text.text for text in drawn.texts), *drawn.pages]
    return Preview(
        tuple(OnPage(asked, blocks_of(reply.text), tuple(button.title for button in reply.buttons))
              for asked, reply in replies),
        tuple(OnPhone(text, segment_count(text)) for text in texts),
    )  # fmt: skip


def message_of(reply: Reply) -> dict[str, Any]:
    """A reply as channels get it."""
    drawn = reply.as_message()
    text, buttons = drawn.pop("text"), drawn.pop("buttons")
    return {"text": text, "buttons": buttons, "metadata": drawn}


def entry_of(draft: Content, sources: Mapping[str, Source]) -> TopicEntry:
    """A draft in the form in which the library hands topics out."""
    reviewed = draft.get("reviewed") or {}
    return TopicEntry(
        slug=str(draft["slug"]),
        title=str(draft.get("title") or "No title yet"),
        group=str(draft.get("group") or ""),
        short=str(draft.get("short") or "No short answer yet."),
        simple=str(draft.get("simple") or ""),
        answer=str(draft.get("answer") or ""),
        steps=_entries(draft.get("steps")),
        cautions=_entries(draft.get("cautions")),
        related=_entries(draft.get("related")),
        sources=tuple(
            SourceEntry(name, source.title, source.publisher, source.year, source.url)
            for name in _entries(draft.get("sources"))
            if (source := sources.get(name)) is not None
        ),
        reviewed_on=str(reviewed.get("date") or ""),
        reviewed_by=str(reviewed.get("by") or ""),
    )


def blocks_of(text: str) -> tuple[Block, ...]:
    """A reply's text as paragraphs and lists, as bot/web/draw.js draws it."""
    blocks: list[Block] = []
    for part in text.split("\n\n"):
        said, points = [], []
        for line in part.split("\n"):
            if line.startswith("- "):
                points.append(line[2:])
            else:
                said.append(line)
        blocks.append(Block(" ".join(said), tuple(points)))
    return tuple(blocks)


def _entries(value: Any) -> tuple[str, ...]:
    return tuple(str(entry) for entry in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()


class _WithDraft(BotContent):
    """The bot's content with a draft among its topics."""

    def __init__(self, bot: BotContent, topics: dict[str, TopicEntry]) -> None:
        self.__dict__.update(vars(bot))
        self._with_draft = topics

    @property
    def topics(self) -> dict[str, TopicEntry]:
        """Every topic, the draft among them."""
        return self._with_draft
