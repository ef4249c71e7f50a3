"""Make sure that what a person types is only ever text."""

from __future__ import annotations

import unicodedata


def plain_text(text: str) -> str:
    """`text` without leading slashes, which Rasa reads as commands, and without invisible control characters."""
    visible = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    start = next((place for place, char in enumerate(visible) if not _leads_in(char)), len(visible))
    return visible[start:].rstrip()


def _leads_in(char: str) -> bool:
    """Whether a character before the first word is a slash, or cannot be seen."""
    return char == "/" or char.isspace() or unicodedata.category(char) == "Cf"
