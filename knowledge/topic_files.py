"""Load the topic and source files of the library and check everything a typed model alone cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pydantic import ValidationError

from knowledge.files import ContentError, Document, Problem, load_yaml, parse_model
from knowledge.models import Source, Topic
from knowledge.topic_words import word_mistakes, words_of


@dataclass(frozen=True)
class Library:
    """All topics and sources of one content folder, by slug, in the order of their files."""

    topics: dict[str, Topic]
    sources: dict[str, Source]


def normalised_question(question: str) -> str:
    """The words of a question without case and punctuation, so that equal questions compare equal."""
    return " ".join(re.findall(r"\w+", question.casefold()))


def load_library(folder: Path) -> Library:
    """Load `folder`/sources.yml and every topic under `folder`/topics.

    Raises ContentError with every problem found, each with file and line.
    """
    problems: list[Problem] = []
    sources = _load_sources(folder / "sources.yml", problems)
    documents: dict[str, Document] = {}
    topics: dict[str, Topic] = {}
    for path in sorted((folder / "topics").glob("*/*.yml")):
        try:
            document = load_yaml(path)
            topic = parse_model(document, Topic)
        except ContentError as error:
            problems.extend(error.problems)
            continue
        problems.extend(_misplaced(document, topic))
        if topic.slug in topics:
            problems.append(document.problem(f"slug: '{topic.slug}' is used by another file", "slug"))
        topics[topic.slug], documents[topic.slug] = topic, document
    if not topics and not problems:
        problems.append(Problem(folder / "topics", 1, "there is no topic here"))
    problems.extend(_broken_links(topics, documents, sources, incomplete=bool(problems)))
    problems.extend(_shared_questions(topics, documents))
    if problems:
        raise ContentError(problems)
    return Library(topics, sources)


def editorial_problems(folder: Path, today: date | None = None) -> list[Problem]:
    """What a reader would stumble over (knowledge/topic_words.py), and every review that is overdue."""
    problems: list[Problem] = []
    for path in sorted((folder / "topics").glob("*/*.yml")):
        try:
            document = load_yaml(path)
            topic = parse_model(document, Topic)
        except ContentError:
            continue  # load_library reports it
        problems.extend(
            document.problem(f"{name}: {mistake}", name) for name, mistake in word_mistakes(words_of(topic))
        )
        if topic.reviewed.due < (today or date.today()):
            problems.append(document.problem(f"the review was due on {topic.reviewed.due}", "reviewed", "due"))
    return problems


def _load_sources(path: Path, problems: list[Problem]) -> dict[str, Source]:
    try:
        document = load_yaml(path)
    except ContentError as error:
        problems.extend(error.problems)
        return {}
    sources: dict[str, Source] = {}
    if not isinstance(document.data, dict):
        problems.append(document.problem("the file must hold named sources (key: fields)"))
        return {}
    for slug, fields in (document.data or {}).items():
        try:
            sources[slug] = Source.parse_obj(fields)
        except ValidationError as error:
            problems.extend(
                document.problem(f"{slug}.{item['loc'][0]}: {item['msg']}", slug, *item["loc"])
                for item in error.errors()
            )
    return sources


def _misplaced(document: Document, topic: Topic) -> Iterator[Problem]:
    if document.path.stem != topic.slug:
        yield document.problem(f"slug: the file is named '{document.path.stem}', the slug is '{topic.slug}'", "slug")
    if document.path.parent.name != topic.group.value:
        folder = document.path.parent.name
        yield document.problem(f"group: the file is in '{folder}', the group is '{topic.group.value}'", "group")


def _broken_links(
    topics: dict[str, Topic], documents: dict[str, Document], sources: dict[str, Source], *, incomplete: bool
) -> Iterator[Problem]:
    """Unknown slugs. With files missing because they are broken (`incomplete`), only sources are checked."""
    for slug, topic in topics.items():
        for position, source in enumerate(topic.sources):
            if source not in sources:
                yield documents[slug].problem(f"sources: '{source}' is not in sources.yml", "sources", position)
        for position, related in enumerate(topic.related):
            if related == slug:
                yield documents[slug].problem("related: a topic is not related to itself", "related", position)
            elif related not in topics and not incomplete:
                yield documents[slug].problem(f"related: there is no topic '{related}'", "related", position)


def _shared_questions(topics: dict[str, Topic], documents: dict[str, Document]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for slug, topic in topics.items():
        for position, question in enumerate(topic.questions):
            key = normalised_question(question)
            owner = first.setdefault(key, slug)
            if owner != slug:
                yield documents[slug].problem(
                    f"questions: '{question}' is also asked of '{owner}'; keep it under one topic",
                    "questions",
                    position,
                )
