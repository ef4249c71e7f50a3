"""What a draft of a topic still needs, and how it measures up: one function for the page and for as-you-type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bot.channels.sms.segments import segment_count
from bot.staff.editing.history import Content
from knowledge.gsm7 import length
from knowledge.models import ANSWER_WORDS, LONGEST_SHORT, Topic
from knowledge.reading import HIGHEST_GRADE, reading_grade, word_count
from knowledge.topic_files import Library, normalised_question
from knowledge.topic_words import word_mistakes

READ_BY_PATIENTS = ("short", "simple", "answer", "steps", "cautions")


@dataclass(frozen=True)
class Mistake:
    """Something that keeps a draft from being published, and the field it is about."""

    field: str
    words: str

    def __str__(self) -> str:
        return f"{self.field}: {self.words}"


@dataclass(frozen=True)
class Measure:
    """How a field measures up: school grade, words, and for the short answer places and segments of a text."""

    field: str
    grade: float
    words: int
    places: int
    segments: int
    fits: bool

    @property
    def told(self) -> str:
        """In one line."""
        parts = [f"grade {self.grade:.1f} of at most {HIGHEST_GRADE:.0f}", _count(self.words, "word")]
        if self.field == "short":
            parts.append(f"{self.places} of {LONGEST_SHORT} characters, {_count(self.segments, 'text segment')}")
        if self.field == "answer":
            parts[1] += f" of {ANSWER_WORDS[0]} to {ANSWER_WORDS[1]}"
        return ", ".join(parts)


@dataclass(frozen=True)
class Checked:
    """A draft, checked. It can be handed in when it has no mistakes."""

    measures: tuple[Measure, ...]
    mistakes: tuple[Mistake, ...]


def checked(slug: str, content: Content, library: Library) -> Checked:
    """Check a draft of the topic `slug` against what patients get now: `library`, with or without that topic."""
    words = {field: _text(content.get(field)) for field in READ_BY_PATIENTS}
    mistakes = [Mistake(field, wrong) for field, wrong in word_mistakes(words)]
    wrong_fields = {mistake.field for mistake in mistakes}
    measures = tuple(
        Measure(field, reading_grade(text), word_count(text), length(text), segment_count(text) if text else 0,
                field not in wrong_fields)
        for field, text in words.items() if text
    )  # fmt: skip
    mistakes += _fields(content)
    mistakes += _links(slug, content, library)
    mistakes += _asked_elsewhere(slug, content, library)
    return Checked(measures, tuple(dict.fromkeys(mistakes)))


def _fields(content: Content) -> Iterator[Mistake]:
    try:
        Topic.parse_obj(dict(content))
    except ValidationError as error:
        for item in error.errors():
            field = str(item["loc"][0])
            value = content.get(field)
            yield Mistake(field, _plain(field, value, item["type"], item["msg"], item.get("ctx") or {}))


def _plain(field: str, value: Any, kind: str, message: str, context: dict[str, Any]) -> str:
    """A mistake of the typed model in words for somebody who writes."""
    if kind == "value_error.list.min_items":
        return f"has {len(value or ())}; at least {context['limit_value']} are needed"
    if kind == "value_error.list.max_items":
        return f"has {len(value or ())}; at most {context['limit_value']} are allowed"
    if kind in ("value_error.missing", "type_error.none.not_allowed", "value_error.any_str.min_length"):
        return "is empty"
    if kind == "type_error.enum":
        return "choose one of the list"
    if kind == "value_error.date":
        return "write the day as year-month-day"
    if kind == "value_error.str.regex":
        return "names have small letters, digits and hyphens"
    return message


def _links(slug: str, content: Content, library: Library) -> Iterator[Mistake]:
    for source in _list(content.get("sources")):
        if source not in library.sources:
            yield Mistake("sources", f"there is no source '{source}'")
    for related in _list(content.get("related")):
        if related == slug:
            yield Mistake("related", "a topic is not related to itself")
        elif related not in library.topics:
            yield Mistake("related", f"there is no topic '{related}'")
    for field in ("sources", "related"):
        names = _list(content.get(field))
        yield from (
            Mistake(field, f"'{name}' is named twice") for name in dict.fromkeys(names) if names.count(name) > 1
        )


def _asked_elsewhere(slug: str, content: Content, library: Library) -> Iterator[Mistake]:
    """The same question or title under two topics: the bot could not tell them apart."""
    others = {other: topic for other, topic in library.topics.items() if other != slug}
    asked = {normalised_question(question): other for other, topic in others.items() for question in topic.questions}
    titles = {normalised_question(topic.title): other for other, topic in others.items()}
    seen: set[str] = set()
    for question in _list(content.get("questions")):
        key = normalised_question(question)
        other = asked.get(key) or titles.get(key)
        if other is not None:
            yield Mistake("questions", f"'{question}' is also asked of '{library.topics[other].title}'")
        if key in seen:
            yield Mistake("questions", f"'{question}' stands here twice")
        seen.add(key)
    title = normalised_question(_text(content.get("title")))
    other = titles.get(title) or asked.get(title)
    if title and other is not None:
        yield Mistake("title", f"'{library.topics[other].title}' is called so, or asked so, already")


def _text(value: Any) -> str:
    return "\n\n".join(_list(value)) if isinstance(value, (list, tuple)) else str(value or "")


def _list(value: Any) -> Sequence[str]:
    return [str(entry) for entry in value] if isinstance(value, (list, tuple)) else []


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
