"""How sure a piece of a message must be to count as a matter of its own."""

from __future__ import annotations

from pydantic import BaseModel, Extra

from bot.understanding.tidy import same_words


class Sureness(BaseModel):
    """Chances, 0 to 1, for a question, for something told, for something told behind a question, for a question that
    leans on what is before it, for one beside others that alone would not be placed, for a thing in a list of names,
    for one of two such things, and for what has a fixed reply; and how well a sentence must fit for two questions on
    one topic to be told together.

    Of fewer words than `words_alone` a piece leans on what is before it, also of fewer than `words_pointing` if it
    points back, and of up to `words_of_anything` if by itself it would be about a topic `of_anything`, though what
    stands before it is not. Of fewer than `words_told` something told is no matter. A question of `words_unclear` or
    more that fits nothing is named to the person. In a message of `words_story` or more what is told before its first
    clear question comes after it. A message of at most `words_pick` words picks what waits when it may be about it with
    the chance `picked` (knowledge/understanding.yml).
    """

    asked: float
    told: float
    told_behind: float
    leaning: float
    beside: float
    listed: float
    listed_two: float
    refused: float
    detail: float
    words_alone: int
    words_pointing: int
    words_of_anything: int
    words_told: int
    words_unclear: int
    words_pick: int
    words_story: int
    picked: float
    of_anything: frozenset[str]
    rest_phrases: frozenset[str]

    class Config:
        extra = Extra.forbid

    def asks_for_rest(self, text: str) -> bool:
        """Whether a message asks what else was asked before: "what was the other thing"."""
        return same_words(text) in self.rest_phrases
