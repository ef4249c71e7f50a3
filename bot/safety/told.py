"""What a person told before that may make a later sign a danger: "I have a T4 injury", then "my head pounds".

Such sentences are kept as they were written and put before a later message, so that both together are screened as if
they had been said at once. Which ideas are kept, and for how long, is content (`remembered_hours` of a concept).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from bot.safety.phrases import Span
from bot.safety.scope import DENIED, Surroundings
from bot.safety.text import Message
from bot.safety.unfinished import KEY, SECONDS, Unfinished, begun
from bot.safety.verdict import LEARNED, Verdict, level_rank
from knowledge.red_flag_models import ConceptKind

logger = logging.getLogger(__name__)

TOLD = "told"
"""The slot, and the key in Rasa's parse data, of what was told."""

MOST_KEPT = 6
"""Sentences kept of one conversation; the newest count."""

REACH = 25
"""Words kept of a long sentence on either side of what makes it worth keeping."""

SECONDS_AN_HOUR = 3600.0


@dataclass(frozen=True)
class Circumstance:
    """A sentence that tells of something lasting, and by concept the words in it that do."""

    text: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Told:
    """A circumstance that was told, and by concept the time (seconds since 1970) until which it is taken to hold."""

    text: str
    words: Mapping[str, str]
    until: Mapping[str, float]

    def still(self, now: float) -> str | None:
        """The sentence while all of it holds, then the words that still do; None when nothing does."""
        holding = [concept for concept, until in self.until.items() if until > now]
        if len(holding) == len(self.until):
            return Unfinished(self.text) if KEY in self.until else self.text
        return ", ".join(dict.fromkeys(self.words[concept] for concept in holding)) or None


def circumstances_in(
    message: Message, found: Mapping[str, Sequence[Span]], around: Surroundings, kind: Callable[[str], ConceptKind]
) -> tuple[list[Circumstance], frozenset[str]]:
    """The sentences of a message that tell of something worth remembering, and the concepts of that kind it denies.

    `found`: where each such concept stands; `kind`: of a concept, by which the words around it may silence it.
    """
    told: dict[int, dict[str, Span]] = {}
    denied: set[str] = set()
    for name in sorted(found):
        for span in found[name]:
            silenced = around.judge(span, kind(name)).silenced
            if silenced is None:
                told.setdefault(around.sentence(span.first), {}).setdefault(name, span)
            elif silenced.startswith(DENIED):
                denied.add(name)
    said = []
    for sentence, spans in sorted(told.items()):
        first, last = around.ends(sentence)
        first = max(first, min(span.first for span in spans.values()) - REACH)
        last = min(last, max(span.last for span in spans.values()) + REACH)
        words = {name: message.words(span.first, span.last) for name, span in spans.items()}
        said.append(Circumstance(message.words(first, last), words))
    return said, frozenset(denied.difference(*told.values()))


def told_in(slots: Mapping[str, Any]) -> tuple[Told, ...]:
    """What a conversation's slots hold; nothing where that cannot be read, so that the message is screened at least."""
    try:
        return tuple(Told(one["text"], one["words"], one["until"]) for one in slots.get(TOLD) or ())
    except (KeyError, TypeError):
        logger.exception("What was told before cannot be read.")
        return ()


def as_data(told: Iterable[Told]) -> list[dict[str, Any]]:
    """The reverse of told_in: nothing that JSON cannot hold."""
    return [{"text": one.text, "words": dict(one.words), "until": dict(one.until)} for one in told]


def still_so(told: Iterable[Told], now: float, besides: Collection[str] = ()) -> tuple[str, ...]:
    """What holds at `now` (seconds since 1970), oldest first. A sentence that tells only of the concepts `besides` is
    left out."""
    return tuple(text for one in told if (text := one.still(now)) and not set(one.words) <= set(besides))


def remembered(
    told: Iterable[Told],
    said: Sequence[Circumstance],
    denied: Iterable[str],
    hours: Mapping[str, float],
    now: float,
) -> tuple[Told, ...]:
    """What is kept after a message that tells `said` and denies the concepts `denied`.

    A sentence goes when its time is over, or when all that it tells was denied or told anew. `hours`: how long each
    concept holds. `now`: seconds since 1970.
    """
    gone = {*denied, *(concept for one in said for concept in one.words)}
    kept = [one for one in told if one.still(now) and not gone.issuperset(one.words)]
    new = [
        Told(one.text, one.words, {concept: now + SECONDS_AN_HOUR * hours[concept] for concept in one.words})
        for one in said
    ]
    return (*kept, *new)[-MOST_KEPT:]


def begun_before(told: Sequence[Told], text: str, now: float) -> tuple[Told, ...]:
    """What is kept, with the sentence that the message `text`, just read, begins or goes on with and does not end."""
    kept = [one for one in told if KEY not in one.until]
    before = next((one.text for one in told if KEY in one.until and one.still(now)), None)
    start = begun(text, before)
    if start is not None:
        kept.append(Told(str(start), {KEY: str(start)}, {KEY: now + SECONDS}))
    return tuple(kept[-MOST_KEPT:])


class Gain(Enum):
    """What makes more of a message when what was told before stands in front of it."""

    NOTHING = "nothing"
    LIKENESS = "likeness"
    """Likeness to curated dangers alone; what was told before may be like them by itself."""
    RULE = "rule"
    """A rule that sees in both what it sees in neither."""
    NAME = "name"
    """Nothing graver, but another danger is named than the message's own, which no rule saw."""


def gained(both: Verdict, alone: Verdict, before: Verdict, text: str) -> Gain:
    """What makes a message a danger, or a graver or another one, through what was told before.

    `both` is the verdict on what was told and the message `text` as one, `alone` on the message, `before` on what was
    told. A rule counts when it finds a sign or a setting in the message: "what is the weather like today?" makes
    nothing of a bounce told before.
    """
    mine, other = _strength(both), _strength(alone)
    if not both.alarm or mine < other or (mine == other and both.category == alone.category):
        return Gain.NOTHING
    known = {finding.rule for finding in (*alone.findings, *before.findings)}
    by_rule = any(
        finding.category == both.category
        and finding.rule not in known
        and any(words in text for words in finding.signs)
        for finding in both.findings
    )
    guessed = (alone.rule or "").startswith(LEARNED)
    if mine == other and (by_rule or (guessed and not before.alarm)):
        return Gain.NAME
    return Gain.RULE if by_rule else Gain.LIKENESS


def _strength(found: Verdict) -> tuple[int, bool]:
    return level_rank(found.level), found.sure
