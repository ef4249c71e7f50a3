"""Let the reader read labelled messages, and see what the bot would do with each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import Enum

from bot.evaluation.held_out import LabelledMessage
from bot.replies.content import Content
from bot.replies.reply import Kind
from bot.replies.topics import answer_topics, before_answer
from bot.understanding.plain_text import plain_text
from bot.understanding.reader import Reader
from bot.understanding.reading import NOT_PLACED, Reading

OWN_REPLY = {
    "other-illness": "other_illness",
    "near-miss": "other_illness",
    "diagnosis": "diagnosis",
    "prognosis-for-me": "prognosis",
    "everyday-life": "everyday_life",
    "dose": "dose",
    "stop-or-start-medicine": "medicine_change",
    "legal-or-insurance": "legal_or_insurance",
    "other-language": "other_language",
    "insult": "insult",
    "gibberish": "gibberish",
    "bot-test": "bot_test",
    "smalltalk-unrelated": "chitchat",
    "nothing": "nothing",
}
"""The kind of an out-of-scope message, and the intent whose reply was written for it."""

REFUSALS = frozenset({*OWN_REPLY.values(), NOT_PLACED})


class Act(str, Enum):
    """What the bot does with a message."""

    ANSWERED = "answered"
    ASKED = "asked which"
    REFUSED = "refused"
    CONVERSED = "taken as conversation"
    """As a greeting, a yes, a wish for the check-in and so on."""


@dataclass(frozen=True)
class Judged:
    """A labelled message with what was understood, what the bot does, and the topics it shows (none, one, or the
    choices). `plainly`: a topic is told without a word that something else may be meant, or is for a clinician."""

    message: LabelledMessage
    reading: Reading
    act: Act
    shown: tuple[str, ...]
    plainly: bool = False

    @property
    def ranked(self) -> tuple[str, ...]:
        """The likeliest topics, best first, whether or not they are shown."""
        return tuple(topic.slug for topic in self.reading.topics)

    def right_within(self, first: int) -> bool:
        """Whether one of the `first` likeliest topics is acceptable."""
        return bool(set(self.ranked[:first]) & set(self.message.right))


def act_on(reading: Reading, content: Content) -> tuple[Act, tuple[str, ...]]:
    """What the bot does with a reading, by the same code that answers people, and the topics it shows."""
    if not reading.in_scope:
        return (Act.REFUSED if reading.intent in REFUSALS else Act.CONVERSED), ()
    outcome = answer_topics(content, asdict(reading), None)
    if outcome.topic is not None:
        return Act.ANSWERED, (outcome.topic,)
    reply = outcome.replies[0]
    if reply.kind is Kind.CLARIFY:
        return Act.ASKED, tuple(reply.metadata["topics"])
    return Act.REFUSED, ()


def judge(messages: Iterable[LabelledMessage], reader: Reader, content: Content) -> list[Judged]:
    """Read every message as the bot does. The safety screen, which goes first in the bot, is left out."""
    judged = []
    for message in messages:
        reading = reader.read(plain_text(message.text))
        act, shown = act_on(reading, content)
        plainly = act is Act.ANSWERED and before_answer(content, shown[0], asdict(reading)) is None
        judged.append(Judged(message, reading, act, shown, plainly))
    return judged
