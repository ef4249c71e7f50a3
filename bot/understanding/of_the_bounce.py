"""Short questions on the bounce itself ("does it hurt?", "can it be stopped?") that the topic last told leaves open.

Many topics are on the bounce, but only one of them says what it feels like or how long a run lasts. Which one answers
which question is content (`of_the_bounce` in knowledge/understanding.yml).
"""

from __future__ import annotations

from bot.understanding.context import Context
from bot.understanding.details import Detail, answers
from bot.understanding.reader import ASK, RankedTopic, Reading
from bot.understanding.thresholds import BounceRules, DetailRules
from bot.understanding.tidy import same_words


def answered_elsewhere(
    text: str, context: Context, reading: Reading, rules: BounceRules, details: DetailRules
) -> Reading:
    """The reading of a message, or one of the topic that answers it where the topic last told does not."""
    if context.topic not in rules.topics:
        return reading
    detail = reading.details.get(context.topic)
    if reading.follow_up and detail is not None and answers(detail, details):
        return reading
    said = " ".join(word for word in same_words(text).split() if word not in rules.besides)
    asked = next((one for one in rules.asked if said in one.words and one.topic != context.topic), None)
    if asked is None:
        return reading
    topics = (RankedTopic(asked.topic, 1.0),)
    sentence = details.chosen.get(asked.topic, {}).get(asked.kind or "")
    if sentence is None:
        return Reading(ASK, 1.0, topics, in_scope=True)
    found = Detail((str(asked.kind),), (sentence,), 1.0)
    return Reading(ASK, 1.0, topics, in_scope=True, follow_up=True, details={asked.topic: found})
