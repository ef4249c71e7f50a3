"""The GSM 7-bit alphabet of text messages: which characters fit, and how many places each takes.

Source: 3GPP TS 23.038, default alphabet and its extension table.
"""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}[]~\\|€\f")

SINGLE_MESSAGE = 160
"""Characters one text message holds."""

JOINED_PART = 153
"""Characters each part of a joined message holds, because a header takes the rest."""


def outside_alphabet(text: str) -> list[str]:
    """The characters of `text` that the alphabet lacks, each once, in order of first use."""
    return list(dict.fromkeys(char for char in text if char not in BASIC and char not in EXTENDED))


def length(text: str) -> int:
    """Places `text` takes in GSM-7: extended characters take two."""
    return sum(2 if char in EXTENDED else 1 for char in text)
