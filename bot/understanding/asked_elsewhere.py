"""Short questions that may be asked of several topics ("does it hurt?", "what if I miss one?") and that the one last
told leaves open.

Many topics are on the bounce, but only one of them says what it feels like or how long a run lasts; several are on
medicines, and one says what to do about a missed dose. Which one answers which question is content (`asked_elsewhere`
in knowledge/understanding.yml).
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.understanding.context import Context
from bot.understanding.details import Detail, answers
from bot.understanding.reading import ASK, RankedTopic, Reading
from bot.understanding.thresholds import DetailRules, ElsewhereRules
from bot.understanding.tidy import same_words


def answered_elsewhere(
    text: str, context: Context, reading: Reading, groups: Iterable[ElsewhereRules], details: DetailRules
) -> Reading:
    """The reading of a message, or one of the topic that answers it where the topic last told does not."""
    rules = next((group for group in groups if context.topic in group.topics), None)
    if rules is None or context.topic is None:
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
