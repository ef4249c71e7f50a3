"""Find topics for what a person asks: ranked as the bot ranks them, with why, or by shared words until it can."""

from __future__ import annotations

from dataclasses import dataclass

from bot.staff.library import Shelf
from bot.staff.reading import BotReading, State
from bot.staff.why import Likest
from knowledge.library import TopicEntry

MOST_FOUND = 8
LONGEST_WORDS = 500
"""Characters of a search that are read."""

DOES = {
    "ask_question": "a question about clonus",
    "report_problem": "a problem with clonus that is told",
    "not_placed": "nothing it can place",
    "ask_follow_up": "a question that needs one before it",
}
"""What the bot takes a message for, in words; other intents are named as they are."""


@dataclass(frozen=True)
class Found:
    """A topic that was found. `chance` is the bot's own, 0 to 1; None while search goes by words alone."""

    topic: TopicEntry
    chance: float | None
    likest: Likest | None
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Results:
    """What was found for `words`; `state` says how it was ranked, `taken_for` what the bot takes the words for."""

    words: str
    state: State
    found: tuple[Found, ...]
    taken_for: str = ""


def look_up(words: str, shelf: Shelf, bot: BotReading) -> Results:
    """The topics that fit `words` best, best first."""
    words = " ".join(words.split())[:LONGEST_WORDS]
    if not words:
        return Results("", bot.state, ())
    shared = shelf.shared_words(words)
    read = bot.read(words, shelf)
    if read is None:
        found = tuple(
            Found(shelf.topics[slug], None, None, shared.get(slug, ()))
            for slug, _ in shelf.by_words(words)[:MOST_FOUND]
            if slug in shelf.topics
        )
        return Results(words, bot.state, found)
    ranked = tuple(
        Found(shelf.topics[topic.slug], topic.score, read.likest.get(topic.slug), shared.get(topic.slug, ()))
        for topic in read.reading.topics[:MOST_FOUND]
        if topic.slug in shelf.topics
    )
    intent = read.reading.intent
    return Results(words, State.READY, ranked, DOES.get(intent, intent.replace("_", " ")))
