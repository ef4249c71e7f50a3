"""How a text travels: the characters a phone network can carry, and the segments a text is charged and split by.

Source: 3GPP TS 23.038 (alphabets) and 3GPP TS 23.040 (joined messages).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum

from knowledge.gsm7 import BASIC, EXTENDED, JOINED_PART, SINGLE_MESSAGE

MOST_SEGMENTS = 2
"""Segments of one text at most."""


class Encoding(str, Enum):
    """How the characters of a text are carried. One character outside GSM-7 makes the whole text UCS-2."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"

    @property
    def single(self) -> int:
        """Places in a text that travels alone."""
        return SINGLE_MESSAGE if self is Encoding.GSM7 else 70

    @property
    def joined(self) -> int:
        """Places in each segment of a longer text: a header takes the rest."""
        return JOINED_PART if self is Encoding.GSM7 else 67

    def places(self, char: str) -> int:
        """Places one character takes: two for the extension table, and for characters beyond the first plane."""
        if self is Encoding.GSM7:
            return 2 if char in EXTENDED else 1
        return 2 if ord(char) > 0xFFFF else 1


@dataclass(frozen=True)
class Segmented:
    """A text with its encoding, cut as the network cuts it. The segments joined are the text again."""

    encoding: Encoding
    segments: tuple[str, ...]


def encoding_of(text: str) -> Encoding:
    """The cheapest encoding that carries every character."""
    return Encoding.GSM7 if all(char in BASIC or char in EXTENDED for char in text) else Encoding.UCS2


def segmented(text: str) -> Segmented:
    """Cut a text into segments, never inside a character that takes two places. An empty text is one segment."""
    encoding = encoding_of(text)
    if sum(encoding.places(char) for char in text) <= encoding.single:
        return Segmented(encoding, (text,))
    segments, current, used = [], "", 0
    for char in text:
        places = encoding.places(char)
        if used + places > encoding.joined:
            segments.append(current)
            current, used = "", 0
        current += char
        used += places
    return Segmented(encoding, (*segments, current))


def segment_count(text: str) -> int:
    """Segments a text is charged as."""
    return len(segmented(text).segments)


def fits(text: str, most: int = MOST_SEGMENTS) -> bool:
    """Whether a text needs no more than `most` segments."""
    return segment_count(text) <= most


ALIKE = {
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "″": '"', "«": '"', "»": '"',
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "•": "-", "·": "-", "‣": "-", "▪": "-",
    "…": "...", "×": "x", "÷": "/", "≤": "<=", "≥": ">=", "≈": "~", "±": "+/-", "→": "->", "←": "<-",
    "°": " degrees", "©": "(c)", "®": "(R)", "™": "(TM)", "ﬁ": "fi", "ﬂ": "fl", "⁄": "/",
    "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "Ħ": "H", "ħ": "h", "ı": "i", "Œ": "OE", "œ": "oe", "Ð": "D", "ð": "d",
    "Þ": "Th", "þ": "th", "ẞ": "SS", "ª": "a", "º": "o", "\t": " ", "\u2028": "\n", "\u2029": "\n",
}  # fmt: skip
"""What stands for a character that GSM-7 lacks."""

DROPPED = frozenset({"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"})
"""Kinds of characters that carry no words: emoji, their skin tones, joiners and selectors, control characters."""


def transliterated(text: str) -> str:
    """`text` in GSM-7 wherever its words allow: signs replaced, accents that GSM-7 lacks taken off, emoji dropped.

    Letters that have no likeness in GSM-7, as in a name in another script, are kept; the text is then UCS-2.
    """
    plain = "".join(_plain(char) for char in unicodedata.normalize("NFC", text).replace("\r\n", "\n"))
    lines = [" ".join(line.split(" ")).strip(" ") for line in plain.split("\n")]
    while "  " in (joined := "\n".join(lines)):
        lines = [line.replace("  ", " ") for line in lines]
    return joined.strip("\n")


def _plain(char: str) -> str:
    if char in BASIC or char in EXTENDED:
        return char
    if char in ALIKE:
        return ALIKE[char]
    kind = unicodedata.category(char)
    if kind == "Zs":
        return " "
    bare = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    alike = "".join(ALIKE.get(part, part) for part in bare)
    if alike and encoding_of(alike) is Encoding.GSM7:
        return alike
    return "" if kind in DROPPED else char
