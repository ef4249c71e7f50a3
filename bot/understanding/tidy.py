"""Bring a message into the plain form that examples are compared in."""

from __future__ import annotations

import re
import unicodedata

_STRAIGHT = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})
_LONGEST_RUN = re.compile(r"([^\W\d_])\1{2,}")


def tidy(text: str) -> str:
    """`text` in lower case with straight quotes, single spaces and no letter more than twice in a row
    ("Sooooo BAD" becomes "soo bad"), so that style does not hide meaning."""
    straight = unicodedata.normalize("NFKC", text).translate(_STRAIGHT).casefold()
    return " ".join(_LONGEST_RUN.sub(r"\1\1", straight).split())


def same_words(text: str) -> str:
    """The words of `text` alone, for finding a text that was said before letter for letter."""
    return " ".join(re.findall(r"[^\W_]+", tidy(text).replace("'", "")))
