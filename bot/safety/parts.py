"""The parts of a message, so that what says nothing of a danger can be left out and the rest read by itself.

A sentence vector is an average: the more is told around a danger, the less it weighs. A denial of something else
weighs against it too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bot.safety.verdict import LEVELS, Verdict

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
    near = _near(len(parts))
    kept = [part for number, part in enumerate(parts) if not (number in near and part.silent and ordinary(part.text))]
    denials = [part for part in kept if part.denies]
    if denials and len(denials) < len(kept):
        categories = set(about(" ".join(part.text for part in kept if not part.denies)))
        kept = [part for part in kept if not part.denies or categories & part.categories]
    if not kept or len(kept) == len(parts):
        return None
    return " ".join(part.text for part in kept)


def where_it_stands(parts: Sequence[Part], rules: Callable[[str], Verdict]) -> str | None:
    """The sentences of a message that the rules take for an emergency by themselves, so that a long story around them
    does not make them weigh less. None when that is all of it, or none of it."""
    near = _near(len(parts))
    kept = [part.text for number, part in enumerate(parts) if number in near and _is_emergency(rules(part.text))]
    return " ".join(kept) if kept and len(kept) < len(parts) else None


def _near(count: int) -> set[int]:
    """The places of the parts that are looked at."""
    edge = MOST_PARTS // 2
    return set(range(edge)) | set(range(count - edge, count))


def _is_emergency(verdict: Verdict) -> bool:
    return verdict.sure and verdict.level == LEVELS[0]
