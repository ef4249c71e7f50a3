"""Make sure that what a person types is only ever text."""

from __future__ import annotations

import unicodedata


def plain_text(text: str) -> str:
    """`text` without leading slashes, which Rasa reads as commands, and without invisible control characters."""
    visible = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    return visible.lstrip("/ \t\n\u200b\ufeff\u2060").rstrip()
