"""Whether a message says that somebody is afraid: "my foot bounces, I'm scared"."""

from __future__ import annotations

from pydantic import BaseModel, Extra

from bot.understanding.tidy import same_words

NEAR = 2
"""Words before one of fear that may take it back: "not really scared", "should I be worried"."""


class FearWords(BaseModel):
    """The words by which fear is told (knowledge/understanding.yml). `told`: any of these; `taken_back`: words shortly
    before one, beside which it tells of none."""

    told: frozenset[str]
    taken_back: frozenset[str]

    class Config:
        extra = Extra.forbid

    def told_in(self, text: str) -> bool:
        """Whether a message tells of fear, the writer's or that of somebody they speak of."""
        words = same_words(text).split()
        return any(
            word in self.told and not self.taken_back.intersection(words[max(0, place - NEAR) : place])
            for place, word in enumerate(words)
        )
