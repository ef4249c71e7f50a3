"""What the chat page says that depends on the service: numbers of its region, other ways to get help, sources."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bot.channels.page_files import paragraphs, phone_number
from bot.replies.content import content
from bot.replies.where import filled, told_region
from bot.settings import settings
from knowledge.page_words import load_page_words


def page_words() -> dict[str, str]:
    """The page's words with the numbers of the service's region and the days a talk is kept.

    Raises ContentError when knowledge/page.yml has a mistake.
    """
    words = load_page_words(settings().knowledge_folder / "page.yml")
    return {name: filled(content(), text, None) if "{" in text else text for name, text in words.items()}


def emergency() -> str:
    """What to call in an emergency: a number, or words such as "your local emergency number"."""
    return filled(content(), "{emergency}", None)


def emergency_told(text: str) -> dict[str, str] | None:
    """What to call in an emergency where a message says the person is: how it is said, and the number to dial, empty
    where none is known. None when it says no place."""
    with suppress(Exception):  # the page's own number may stay; the message and its answer may not fail
        region = told_region(content(), text)
        if region is not None:
            said = filled(content(), "{emergency}", region)
            return {"say": said, "number": phone_number(said) or ""}
    return None


def other_ways(words: Mapping[str, str]) -> str:
    """How to get help without the chat, as HTML: phone, text, the service's own contact, and for health advice."""
    here = settings()
    ways = [words["no_script_phone"], filled(content(), "{emergency_text}", None)]
    if here.text_number:
        ways.append(words["no_script_text"].replace("{number}", here.text_number))
    ways += [
        here.human_contact or "",
        filled(content(), "For health advice: {health_advice}", None),
    ]
    return paragraphs(ways)


def cited(metadata: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Title, publisher, year and address of a reply's sources, as far as the library knows them."""
    known: dict[str, dict[str, Any]] = {}
    with suppress(Exception):  # sources may be missing below an answer; the answer may not
        topics = content().topics
        named = [topics[metadata["topic"]]] if metadata.get("topic") in topics else topics.values()
        known = {
            source.slug: {"title": source.title, "publisher": source.publisher, "year": source.year, "url": source.url}
            for topic in named
            for source in topic.sources
        }
    return [known[slug] for slug in metadata["sources"] if slug in known]
