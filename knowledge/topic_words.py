"""What a reader would stumble over in the words of a topic, told field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from knowledge.doses import AMOUNT
from knowledge.gsm7 import length, outside_alphabet
from knowledge.models import LONGEST_SHORT, Topic
from knowledge.reading import HIGHEST_GRADE, reading_grade

CONTRACTION = re.compile(r"\b\w+(?:n['’]t|['’](?:re|ve|ll|m))\b", re.IGNORECASE)
PLACEHOLDER = re.compile(r"[{}]")


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, apart by empty lines, each on one line however it was wrapped."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.replace("\r", "")) if part.strip()]


def words_of(topic: Topic) -> dict[str, str]:
    """What patients read of a topic, by field; a step or a caution is a paragraph."""
    return {
        "short": topic.short,
        "simple": topic.simple,
        "answer": topic.answer,
        "steps": "\n\n".join(topic.steps),
        "cautions": "\n\n".join(topic.cautions),
    }


def word_mistakes(words: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Field and mistake: reading grade, contractions, amounts of a medicine, braces; and a `short` that is too long for
    two texts or outside the text-message alphabet."""
    for name, text in words.items():
        grade = reading_grade(text)
        if grade > HIGHEST_GRADE:
            yield (
                name,
                f"reads at school grade {grade:.1f}, must be {HIGHEST_GRADE:.0f} or below; "
                "use shorter words and sentences",
            )
        for match in CONTRACTION.finditer(text):
            yield name, f"write '{match.group()}' out in full"
        for match in AMOUNT.finditer(text):
            yield name, f"says an amount of a medicine: '{match.group()}'; take it out"
        if PLACEHOLDER.search(text):
            yield name, "holds a brace; nothing is filled in here, patients would read it as it stands"
    short = words.get("short", "")
    places = length(short)
    if places > LONGEST_SHORT:
        yield "short", f"has {places} characters, {LONGEST_SHORT} fit"
    odd = outside_alphabet(short)
    if odd:
        yield "short", f"these characters cannot be sent in a text message: {' '.join(odd)}"
