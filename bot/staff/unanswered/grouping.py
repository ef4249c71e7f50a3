"""Group messages by likeness, the most frequent first. Pure: equal messages give equal groups, in any order."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.understanding.tidy import same_words, tidy

if TYPE_CHECKING:
    from bot.understanding.encoder import Vectors

MOST = 600
"""Different wordings that are grouped, the most frequent and latest: reading one takes some hundredths of a second."""


@dataclass(frozen=True)
class Unanswered:
    """A message as staff see it: without what could tell who wrote it. `at` is an ISO date and time; `unhelpful` says
    that it was answered, and the answer did not help."""

    text: str
    at: str
    unhelpful: bool = False
    about: str = ""


@dataclass(frozen=True)
class Wording:
    """The same words, however often they came. `key` names them without saying them."""

    key: str
    text: str
    count: int
    unhelpful: int
    last: str


@dataclass(frozen=True)
class Group:
    """Messages that mean the same. The first wording stands for the others."""

    wordings: tuple[Wording, ...]

    @property
    def key(self) -> str:
        """Names the group as long as the same wording stands for it."""
        return self.wordings[0].key

    @property
    def text(self) -> str:
        """The wording that stands for the group."""
        return self.wordings[0].text

    @property
    def count(self) -> int:
        """How many messages it holds."""
        return sum(wording.count for wording in self.wordings)

    @property
    def unhelpful(self) -> int:
        """How many of them were answered without helping."""
        return sum(wording.unhelpful for wording in self.wordings)

    @property
    def last(self) -> str:
        """When the latest came."""
        return max(wording.last for wording in self.wordings)


def key_of(text: str) -> str:
    """Names a wording: equal for texts with the same words."""
    return hashlib.sha256((same_words(text) or tidy(text)).encode()).hexdigest()[:32]


def wordings(messages: Iterable[Unanswered]) -> list[Wording]:
    """Every wording once, the most frequent first, then the latest, then by the alphabet."""
    found: dict[str, list[Unanswered]] = {}
    for message in messages:
        if tidy(message.text):
            found.setdefault(key_of(message.text), []).append(message)
    counted = [
        Wording(
            key,
            min(message.text for message in same),
            len(same),
            sum(message.unhelpful for message in same),
            max(message.at for message in same),
        )
        for key, same in found.items()
    ]
    counted.sort(key=lambda wording: wording.key)
    counted.sort(key=lambda wording: wording.last, reverse=True)
    counted.sort(key=lambda wording: wording.count, reverse=True)
    return counted


def grouped(messages: Iterable[Unanswered], encode: Callable[[Sequence[str]], Vectors], alike_at: float) -> list[Group]:
    """Messages in groups whose members are alike on average by at least `alike_at` (cosine, 0 to 1).

    `encode` gives vectors of length 1, shape (texts, dimensions).
    """
    found = wordings(messages)[:MOST]
    # the order decides between equal distances: by the words alone, it is the same whatever came first
    found.sort(key=lambda wording: wording.key)
    members: dict[int, list[Wording]] = {}
    for wording, number in zip(
        found, _numbers([tidy(wording.text) for wording in found], encode, alike_at), strict=True
    ):
        members.setdefault(number, []).append(wording)
    groups = [Group(tuple(sorted(group, key=_rank))) for group in members.values()]
    return sorted(groups, key=lambda group: (-group.count, _later_first(group.last), group.key))


def _numbers(texts: Sequence[str], encode: Callable[[Sequence[str]], Vectors], alike_at: float) -> Sequence[int]:
    if len(texts) < 2:
        return [1] * len(texts)
    vectors = np.asarray(encode(texts), dtype=np.float64)
    from scipy.cluster.hierarchy import fcluster, linkage  # heavy: loaded when messages are grouped, not at the start

    tree = linkage(vectors, method="average", metric="cosine")
    numbers: list[int] = fcluster(tree, 1.0 - alike_at, criterion="distance").tolist()
    return numbers


def _rank(wording: Wording) -> tuple[int, tuple[int, ...], str]:
    return -wording.count, _later_first(wording.last), wording.key


def _later_first(at: str) -> tuple[int, ...]:
    return tuple(-ord(char) for char in at)
