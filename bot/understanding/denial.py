"""What a statement says is not so: "my foot does not bounce", "I have no brace".

Not being able to do something ("I cannot stop it") is a problem, and not a denial of one.
"""

from __future__ import annotations

import re

from spacy.lang.en.stop_words import STOP_WORDS

from bot.safety.text import stem
from bot.understanding.tidy import tidy

_DENIES = re.compile(
    r"\b(?:(?:do|does|did|is|are|was|were|has|have|had)(?: not|n't|nt)|never|no longer|without"
    r"|(?:have|has|had|got) no|no)\b(?P<rest>[^.,;!?]*)"
)
_PASSED_OVER = STOP_WORDS | {
    "use",
    "wear",
    "wearing",
    "take",
    "taking",
    "want",
    "need",
    "like",
    "feel",
    "longer",
    "got",
}
"""Words between a denial and what it denies: "do not have a", "does not really"."""

_ASKED = re.compile(
    r"^(?:\W*(?:why|how|what|when|where|which|who|can|could|should|is|are|do|does|did|will|would|may)\b)"
)


def denied(text: str) -> frozenset[str]:
    """The stems of the words that a statement denies; nothing for a question."""
    plain = tidy(text)
    if plain.endswith("?") or _ASKED.match(plain):
        return frozenset()
    found = set()
    for match in _DENIES.finditer(plain):
        words = [word for word in re.findall(r"[^\W\d_]+", match["rest"]) if word not in _PASSED_OVER]
        if words:
            found.add(stem(words[0]))
    return frozenset(found)


def denies(text: str, title: str) -> bool:
    """Whether a statement denies what a topic of this title is about. A title that denies something itself is not
    denied: "exercises are not helping" is what it speaks of."""
    named = {stem(word) for word in re.findall(r"[^\W\d_]+", tidy(title))}
    return named.isdisjoint({"not", "no"}) and not denied(text).isdisjoint(named)
