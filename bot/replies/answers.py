"""Draw a topic of the knowledge base as replies: short first, then more, simpler, or where it is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.replies.reply import Button, Kind, Reply
from knowledge.library import TopicEntry

MOST_STEPS = 3
MOST_CAUTIONS = 1
MOST_RELATED = 2
CHECK_TOPICS = {"foot-bounce": "foot-bounce", "knee-locking": "knee-locking", "falling-backward": "falling-backward"}
"""Topics that are problems the check-in can look into, with the check-in's name for them."""

MORE, SIMPLER, SOURCES, CHECK = "More", "Simpler", "Where is this from?", "Check my symptoms"


def short_answer(topic: TopicEntry, titles: Mapping[str, str], *, offer_check: bool = False) -> Reply:
    """The first answer: the short text, what to do next, what to take care of, and where to go from here."""
    parts = [topic.short, _listed("What you can do:", topic.steps[:MOST_STEPS])]
    if topic.cautions:
        parts.append(_listed("Take care:", topic.cautions[:MOST_CAUTIONS]))
    if offer_check:
        parts.append('I can also ask you a few questions. Say "check my symptoms".')
    buttons = _buttons(topic, titles, "short", offer_check=offer_check)
    return _reply(topic, "short", parts, buttons, offer="check-in" if offer_check else None)


def full_answer(topic: TopicEntry, titles: Mapping[str, str]) -> Reply:
    """All of it: the whole answer, every step and every caution."""
    parts = [topic.answer, _listed("What you can do:", topic.steps)]
    if topic.cautions:
        parts.append(_listed("Take care:", topic.cautions))
    return _reply(topic, "answer", parts, _buttons(topic, titles, "answer"))


def rest_of_answer(topic: TopicEntry, titles: Mapping[str, str]) -> Reply:
    """What the short answer did not say: the whole answer, and the steps and cautions that it left out."""
    parts = [topic.answer]
    if topic.steps[MOST_STEPS:]:
        parts.append(_listed("You can also:", topic.steps[MOST_STEPS:]))
    if topic.cautions[MOST_CAUTIONS:]:
        parts.append(_listed("Take care:", topic.cautions[MOST_CAUTIONS:]))
    return _reply(topic, "answer", parts, _buttons(topic, titles, "answer"))


def simple_answer(topic: TopicEntry, titles: Mapping[str, str]) -> Reply:
    """The same in the plainest words."""
    return _reply(topic, "simple", [topic.simple], _buttons(topic, titles, "simple"))


def where_it_is_from(topic: TopicEntry, titles: Mapping[str, str]) -> Reply:
    """The sources of a topic: title, publisher, year and link, and who reviewed it."""
    lines = []
    for source in topic.sources:
        line = f"{source.title}. {source.publisher}" + (f", {source.year}" if source.year else "")
        lines.append(line + (f". {source.url}" if source.url else ""))
    reviewed = f"Last reviewed: {topic.reviewed_on}. {topic.reviewed_by}."
    parts = [_listed(f'Where "{topic.title}" is from:', lines), reviewed]
    return _reply(topic, "sources", parts, _buttons(topic, titles, "sources"))


def detail_answer(topic: TopicEntry, titles: Mapping[str, str], sentences: Sequence[str], rest: str) -> Reply:
    """The sentences that answer what was asked, word for word, first; `rest` says that there is more."""
    return _reply(topic, "detail", ["\n\n".join(sentences), rest], _buttons(topic, titles, "detail"))


def nothing_more(topic: TopicEntry, titles: Mapping[str, str], said: str) -> Reply:
    """What is said when the person has just been told all that there is on a topic."""
    return _reply(topic, "answer", [said], _buttons(topic, titles, "answer"))


def part_answer(topic: TopicEntry, titles: Mapping[str, str], part: str, after: Sequence[str]) -> Reply:
    """One part of a topic alone, "steps" or "cautions", and what is said after it.

    Raises ValueError for another part.
    """
    if part == "steps":
        listed = _listed("What you can do:", topic.steps)
    elif part == "cautions":
        listed = _listed("Take care:", topic.cautions)
    else:
        raise ValueError(f"a topic has no part called {part}")
    return _reply(topic, part, [listed, *after], _buttons(topic, titles, part))


def after_saying(first: str, reply: Reply) -> Reply:
    """The reply with `first` said before it."""
    return Reply(reply.kind, f"{first}\n\n{reply.text}", reply.buttons, reply.metadata)


def tells(topic: TopicEntry, sentence: str) -> bool:
    """Whether the topic still says a sentence word for word."""
    return any(sentence in " ".join(part.split()) for part in paragraphs_of(topic))


def paragraphs_of(topic: TopicEntry) -> list[str]:
    """Everything a topic says, a paragraph or a step each."""
    return [topic.short, *topic.answer.split("\n\n"), *topic.steps, *topic.cautions]


def which_topic(question: str, slugs: Sequence[str], titles: Mapping[str, str], none_of_these: str) -> Reply:
    """Ask which of a few topics is meant, as numbered choices that can be tapped or typed."""
    choices = [titles[slug] for slug in slugs]
    numbered = "\n".join(f"{number}. {title}" for number, title in enumerate([*choices, none_of_these], start=1))
    return Reply(
        Kind.CLARIFY,
        f"{question}\n\n{numbered}",
        tuple(Button(title) for title in [*choices, none_of_these]),
        {"topics": list(slugs), "options": [*choices, none_of_these]},
    )


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)])


def _buttons(topic: TopicEntry, titles: Mapping[str, str], shown: str, *, offer_check: bool = False) -> list[str]:
    buttons = [CHECK] if offer_check else []
    buttons += [
        title
        for title, depth in ((MORE, "answer"), (SIMPLER, "simple"), (SOURCES, "sources"))
        if depth != shown and not (depth == "answer" and shown == "sources")
    ]
    return buttons + [titles[slug] for slug in topic.related if slug in titles][:MOST_RELATED]


def _reply(
    topic: TopicEntry, depth: str, parts: Sequence[str], buttons: Sequence[str], offer: str | None = None
) -> Reply:
    return Reply(
        Kind.ANSWER,
        "\n\n".join(parts),
        tuple(Button(title) for title in buttons),
        {
            **({"offer": offer} if offer else {}),
            "topic": topic.slug,
            "depth": depth,
            "steps": [f"{topic.slug}/{number}" for number in range(1, len(topic.steps) + 1)],
            "sources": [source.slug for source in topic.sources],
        },
    )
