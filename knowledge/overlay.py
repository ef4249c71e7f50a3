"""Published edits of topics, laid over the content files: a mistake in one of them never touches the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from knowledge.models import Topic
from knowledge.topic_files import Library, normalised_question
from knowledge.topic_words import paragraphs


@dataclass(frozen=True)
class TopicEdit:
    """A published edit: the slug of its topic and all its fields, as they would stand in the topic's file."""

    slug: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class LeftOut:
    """An edit that cannot be used, and why. What the files say of its topic is shown in its place."""

    slug: str
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"The published edit of '{self.slug}' is left out: {'; '.join(self.reasons)}"


Overlay = Callable[[Library], Sequence[TopicEdit]]
"""Gives the published edits for what the files hold, the last published last."""


def topic_fingerprint(topic: Topic) -> str:
    """Equal content, equal fingerprint, however the file is written and where it wraps its lines."""
    content = json.loads(topic.json())
    content["answer"] = "\n\n".join(paragraphs(topic.answer))
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def laid_over(library: Library, edits: Iterable[TopicEdit]) -> tuple[Library, tuple[LeftOut, ...]]:
    """The library with every edit in it that can be used, and those that cannot.

    An edit is left out when its fields are no topic, when it names a source there is not, or when one of its questions
    is asked of another topic already. Leaving one out can spoil another, so it goes on until all that is left fits.
    """
    wanted: dict[str, Topic] = {}
    reasons: dict[str, tuple[str, ...]] = {}
    for edit in edits:
        try:
            topic = Topic.parse_obj(dict(edit.fields))
        except ValidationError as error:
            reasons[edit.slug] = tuple(plain_reasons(error))
            continue
        wrong = [
            f"sources: '{source}' is not in sources.yml" for source in topic.sources if source not in library.sources
        ]
        if topic.slug != edit.slug:
            wrong.append(f"slug: it is the edit of '{edit.slug}', not of '{topic.slug}'")
        if wrong:
            reasons[edit.slug] = tuple(wrong)
        else:
            wanted.pop(edit.slug, None)
            wanted[edit.slug] = topic
    while True:
        topics = {**library.topics, **wanted}
        taken = _first_taken(topics, wanted)
        if taken is None:
            return Library(topics, library.sources), tuple(LeftOut(slug, why) for slug, why in reasons.items())
        slug, why = taken
        reasons[slug] = why
        del wanted[slug]


def plain_reasons(error: ValidationError) -> list[str]:
    """What is wrong with a topic's fields, one sentence each."""
    return [f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()]


def _first_taken(topics: Mapping[str, Topic], wanted: dict[str, Topic]) -> tuple[str, tuple[str, ...]] | None:
    """The last published edit that asks a question of another topic; None when there is none."""
    owners: dict[str, list[str]] = {}
    for slug, topic in topics.items():
        for question in {normalised_question(question) for question in topic.questions}:
            owners.setdefault(question, []).append(slug)
    for slug in reversed(wanted):
        shared = [
            f"questions: '{question}' is also asked of '{other}'"
            for question in wanted[slug].questions
            for other in owners[normalised_question(question)]
            if other != slug
        ]
        if shared:
            return slug, tuple(shared)
    return None
