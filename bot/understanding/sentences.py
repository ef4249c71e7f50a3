"""The sentences of a topic, each one able to stand alone, so that a detail can be told word for word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

_ENDS = re.compile(r"(?<=[.!?])[\"”)]?\s+(?=[\"“(]?[A-Z0-9])")
_LEANS = re.compile(
    r"^(?:it|its|they|them|their|this|that|these|those|then|but|so|and|or|also|too|both|some|one|others?|he|she|here|there"
    r"|do the same|the same|ask too|after|another|in another)\b",
    re.IGNORECASE,
)
"""Words at the start that point back to the sentence before."""

LONGEST_ITEM = 35
"""Words of a step or caution that is told whole, however many sentences it has."""


class Told(Protocol):
    """What of a topic is told: of one in the library, or in a content file."""

    @property
    def short(self) -> str:
        """The short answer."""

    @property
    def answer(self) -> str:
        """The answer, its paragraphs parted by empty lines."""

    @property
    def steps(self) -> Sequence[str]:
        """What one can do."""

    @property
    def cautions(self) -> Sequence[str]:
        """What to take care of."""


@dataclass(frozen=True)
class Sentence:
    """One sentence of a topic and the part it stands in.

    `told` is what is said: with what is around it where it cannot be understood alone.
    """

    part: str
    text: str
    told: str


def split(paragraph: str) -> list[str]:
    """The sentences of one paragraph of curated text. A question stays with the sentence that answers it."""
    found: list[str] = []
    for sentence in _ENDS.split(" ".join(paragraph.split())):
        if found and found[-1].endswith("?"):
            found[-1] += f" {sentence}"
        elif sentence:
            found.append(sentence)
    return found


def sentences_of(topic: Told) -> list[Sentence]:
    """Every sentence of a topic's short answer, answer, steps and cautions, each wording once."""
    found: dict[str, Sentence] = {}
    for part, paragraph in _paragraphs(topic):
        whole = part in ("steps", "cautions") and len(paragraph.split()) <= LONGEST_ITEM
        before = ""
        for text in split(paragraph):
            leans = bool(before) and _LEANS.match(text) is not None
            told = paragraph if whole else f"{before} {text}" if leans else text
            found.setdefault(text.casefold(), Sentence(part, text, told))
            before = text
    return list(found.values())


def _paragraphs(topic: Told) -> Iterator[tuple[str, str]]:
    yield "short", topic.short
    for paragraph in topic.answer.split("\n\n"):
        yield "answer", " ".join(paragraph.split())
    for step in topic.steps:
        yield "steps", " ".join(step.split())
    for caution in topic.cautions:
        yield "cautions", " ".join(caution.split())
