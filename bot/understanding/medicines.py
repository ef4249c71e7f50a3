"""A wish to stop, start or change a medicine that the message itself does not name: "should I just stop it?"."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.understanding.thresholds import MedicineRules
from bot.understanding.tidy import tidy

_WISHES = (
    r"(?:(?:should|can|could|shall|may|might) (?!(?:it|this|that|they|these|those)\b)|(?:want|like|going) to\b"
    r"|(?:is it|be) (?:ok|okay|safe|all right|alright)\b)"
)
_IT = r"(?:it|them|that|this|those|these|one|taking|using|having|my|his|her|the)"


def asks_to_change(text: str, rules: MedicineRules) -> bool:
    """Whether a message, said after a topic on medicines, asks to stop, start or change one."""
    return _pattern(tuple(rules.changes)).search(tidy(text)) is not None


@lru_cache(maxsize=8)
def _pattern(changes: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(changes, key=len, reverse=True)))
    return re.compile(rf"\b{_WISHES}.*\b(?:{words})(?: {_IT}\b|\W*$)")
