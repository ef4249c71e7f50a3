"""What a person means instead ("not the pump, the tablets"), and what they turn to ("anyway, does it hurt")."""

from __future__ import annotations

import re

from bot.understanding.tidy import same_words

_NAMED = r"(?:(?:the|my|a|an|for|about) )?(?P<not_meant>[\w'’-]+(?: [\w'’-]+){0,2}?)"
_LEAD = r"(?:(?:no|nope|nah|sorry|oh|ok|but|please)[\s,.!-]+)*(?:i (?:said|meant|mean) )?"
_PATTERNS = (
    re.compile(
        rf"{_LEAD}not {_NAMED}(?:\s*[,;–-]\s*|\s+but\s+)(?:but |i (?:meant?|said) )?(?P<meant>.+)", re.IGNORECASE
    ),
    re.compile(rf"(?:{_LEAD})(?P<meant>.+?)\s*[,;–-]\s*(?:and )?not {_NAMED}", re.IGNORECASE),
    re.compile(
        r"(?:(?:no|nope|nah|sorry|oh)[\s,.!-]+)*"
        r"(?:i (?:meant|mean)|i was (?:talking|asking) about|i am (?:talking|asking) about)\s+(?P<meant>.+)",
        re.IGNORECASE,
    ),
)
_NOT_NAMED = frozenset(
    """sure now yet really today tonight much many good ok okay well at all bad great me that it so very too always true
    only just even if when because in on to i he she we they enough able allowed a lot been being like""".split()  # noqa: SIM905
)
"""Words of which a "not" denies something else than what a person asks about: "not sure", "not now"."""

_DENIES = re.compile(r"(?:and )?(?:not|no|never)\b", re.IGNORECASE)

_TURNS = re.compile(
    r"(?:(?:ok|okay|thanks|right|well|so)[\s,.!-]+)*"
    r"(?:anyways?|btw|by the way|(?:an? )?(?:different|another|new|other) question"
    r"|on another note|changing the subject"
    r"|(?:(?:can we|let us|lets|let's|please) )?(?:(?:go|going|get|getting) )?back to)\b"
    r"[\s,:.-]+(?P<to>.+)",
    re.IGNORECASE | re.DOTALL,
)

MOST_WORDS = 10
"""Words of such a message at most: a longer one tells a story."""


def meant_instead(text: str) -> str | None:
    """The part of a short message that says what is meant; None when it corrects nothing."""
    if len(same_words(text).split()) > MOST_WORDS:
        return None
    for pattern in _PATTERNS:
        found = pattern.fullmatch(text.strip(" .!"))
        if found is None:
            continue
        named = found.groupdict().get("not_meant")
        if named is not None and not _NOT_NAMED.isdisjoint(same_words(named).split()):
            continue
        meant = found["meant"].strip(" ,.!")
        if meant and not _DENIES.match(meant):
            return meant
    return None


def turned_to(text: str) -> str | None:
    """What a message that says so turns to ("anyway, does botox work"); None for any other."""
    found = _TURNS.fullmatch(text.strip())
    return found["to"] if found is not None else None
