"""Which answers are given in place of which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Confusion:
    """`wanted` was right, `given` came first, in these messages."""

    wanted: str
    given: str
    messages: tuple[str, ...]


def confusion_pairs(mistakes: Iterable[tuple[str, str, str]]) -> list[Confusion]:
    """Count mistakes given as (wanted, given, message): the most frequent pair first, then by name."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for wanted, given, message in mistakes:
        found[wanted, given].append(message)
    pairs = [Confusion(wanted, given, tuple(messages)) for (wanted, given), messages in found.items()]
    return sorted(pairs, key=lambda pair: (-len(pair.messages), pair.wanted, pair.given))
