"""What a statement says is as it should be: "my face is even and my speech is fine"."""

from __future__ import annotations

import re

from bot.understanding.tidy import tidy

_IS_WELL = re.compile(
    r"\b(?:is|are|was|were|feels?|looks?|seems?|s)(?: (?:all|both|quite|still|perfectly|very|just|completely))*"
    r" (?:fine|normal|ok|okay|even|strong|clear|good|well|healthy|all right|alright|the same)\b"
)
_IS_AMISS = re.compile(
    r"\b(?:but|though|although|except|until|not|no|never|less|worse|bad|cannot|can)\b"
    r"|n t\b|\b(?:is|are|was|were|do|does|did|has|have)nt\b"
)


def all_is_well(text: str) -> bool:
    """Whether a statement only says that something is as it should be: "my face is even and my speech is fine"."""
    plain = tidy(text).replace("'", " ")
    return not plain.endswith("?") and _IS_WELL.search(plain) is not None and _IS_AMISS.search(plain) is None
