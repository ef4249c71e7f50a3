"""A topic in the forms in which staff pass it on: as text for a page or a mail, and as text messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.sms.segments import Segmented, segmented, transliterated
from knowledge.library import TopicEntry


@dataclass(frozen=True)
class Form:
    """One form of a topic: its words for a page, and the same as a text message with how it travels."""

    name: str
    title: str
    web: str
    text: str
    travels: Segmented

    @property
    def segments(self) -> int:
        """Segments the text message is charged as."""
        return len(self.travels.segments)


def forms_of(topic: TopicEntry) -> list[Form]:
    """The short answer, the simplest words, what to do, and all of it."""
    steps = _listed("What you can do:", topic.steps)
    care = _listed("Take care:", topic.cautions)
    whole = "\n\n".join(part for part in (topic.title, topic.answer, steps, care, _sources(topic)) if part)
    texted = "\n".join(part for part in (_lines(topic.answer), steps, care) if part)
    return [
        _form("short", "Short answer", topic.short, topic.short),
        _form("simple", "In the simplest words", topic.simple, topic.simple),
        _form(
            "steps",
            "What to do, and what to take care of",
            "\n\n".join(filter(None, (steps, care))),
            f"{steps}\n{care}",
        ),
        _form("whole", "All of it", whole, texted),
    ]


def _form(name: str, title: str, web: str, text: str) -> Form:
    plain = transliterated(text.strip())
    return Form(name, title, web.strip(), plain, segmented(plain))


def _lines(text: str) -> str:
    """Paragraphs as lines: an empty line costs a character of a text message and says nothing."""
    return "\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)]) if lines else ""


def _sources(topic: TopicEntry) -> str:
    told = []
    for source in topic.sources:
        line = f"{source.title}. {source.publisher}" + (f", {source.year}" if source.year else "")
        told.append(line + (f". {source.url}" if source.url else ""))
    return _listed("Where this is from:", told)
