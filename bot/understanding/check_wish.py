"""The wish for the check-in inside a longer message: "my foot bounces all day, check my symptoms please"."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.understanding.tidy import same_words

FEWEST_WORDS = 3
"""Shortest way of asking for it, in words, that counts inside a longer message."""

LOOKED_BACK = 4
"""Words before it that are looked at for whether it is a wish at all: "how will he check my ankle" is none."""


class CheckWish:
    """Finds the wish by the `examples` of it, said word for word, unless one of the words `not_after` stands shortly
    before: then somebody else checks, or it is asked how."""

    def __init__(self, examples: Iterable[str], not_after: Collection[str]) -> None:
        self._phrases = [words for words in map(same_words, examples) if len(words.split()) >= FEWEST_WORDS]
        self._not_after = frozenset(not_after)

    def is_in(self, text: str) -> bool:
        """Whether a message asks for the check-in in so many words."""
        said = f" {same_words(text)} "
        for phrase in self._phrases:
            before, found, _ = said.partition(f" {phrase} ")
            if found and self._not_after.isdisjoint(before.split()[-LOOKED_BACK:]):
                return True
        return False
