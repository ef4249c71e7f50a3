"""What is understood of one message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what only names an intent need not load what finds sentences
    from bot.understanding.details import Detail

ASK = "ask_question"
REPORT = "report_problem"
NOT_PLACED = "not_placed"
"""The message fits nothing: say so honestly."""

FOLLOW_UP = "ask_follow_up"
"""A question that means nothing without what was said before. Without a context it is asked what it is about."""

MEDICINE_CHANGE = "medicine_change"
"""A wish to stop, start or change a medicine has a fixed reply, whatever a topic says of it."""

START_CHECK = "start_check"


@dataclass(frozen=True)
class RankedTopic:
    """A topic and the chance, 0 to 1, that the message is about it."""

    slug: str
    score: float


@dataclass(frozen=True)
class Reading:
    """What was understood: the intent with its confidence (0 to 1), the likeliest topics, and whether the
    message is one the bot has an answer for.

    `follow_up` says that it stays with the topic last told, `details` what the topics that may be shown say to it,
    `denied` which of them it says are not so, `personal` the intent of asking for what only the person's own clinician
    can say (a diagnosis, an outlook, a dose, a change of medicine), where it may do that beside asking of a topic.
    """

    intent: str
    confidence: float
    topics: tuple[RankedTopic, ...]
    in_scope: bool
    follow_up: bool = False
    details: Mapping[str, Detail] = field(default_factory=dict)
    denied: tuple[str, ...] = ()
    personal: str | None = None
