"""The parts of a message, so that what says nothing of a danger can be left out and the rest read by itself.

A sentence vector is an average: the more is told around a danger, the less it weighs. A denial of something else
weighs against it too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

MOST_PARTS = 24
"""Parts looked at one by one; of a longer story, the first and the last ones."""


@dataclass(frozen=True)
class Part:
    """A sentence, or a denial that opens one, in the person's own words.

    silent: nothing that the danger content knows stands in it, so that it neither tells of a danger nor changes what
    another part tells. denies: it only denies; categories: whose signs it denies. closed: it denies known signs and
    says nothing beyond them.
    """

    text: str
    silent: bool = False
    denies: bool = False
    closed: bool = False
    categories: frozenset[str] = frozenset()


def only_denies(parts: Sequence[Part], ordinary: Callable[[str], bool]) -> bool:
    """Whether a message does nothing but deny known signs: "No chest pain. Thank you"."""
    return any(part.closed for part in parts) and all(
        part.closed or (part.silent and ordinary(part.text)) for part in parts
    )


def telling(
    parts: Sequence[Part], ordinary: Callable[[str], bool], about: Callable[[str], Collection[str]]
) -> str | None:
    """What is left of a message without its ordinary parts and without denials of something else.

    `ordinary`: whether a text is like ordinary talk. `about`: the categories a text may be of. None when there is
    nothing to leave out, or nothing would be left.
    """
    edge = MOST_PARTS // 2
    near = set(range(edge)) | set(range(len(parts) - edge, len(parts)))
    kept = [part for number, part in enumerate(parts) if not (number in near and part.silent and ordinary(part.text))]
    denials = [part for part in kept if part.denies]
    if denials and len(denials) < len(kept):
        categories = set(about(" ".join(part.text for part in kept if not part.denies)))
        kept = [part for part in kept if not part.denies or categories & part.categories]
    if not kept or len(kept) == len(parts):
        return None
    return " ".join(part.text for part in kept)
