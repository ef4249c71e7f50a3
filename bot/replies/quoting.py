"""A person's own words, as they are quoted back."""

from __future__ import annotations

LONGEST_QUOTED = 120
"""Characters that are quoted."""


def shortened(text: str) -> str:
    """`text` as far as it is quoted, cut between words."""
    words = text.strip()
    return words if len(words) <= LONGEST_QUOTED else f"{words[:LONGEST_QUOTED].rsplit(' ', 1)[0]} ..."
