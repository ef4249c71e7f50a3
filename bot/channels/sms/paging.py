"""Cut a long reply into texts that each fit, at the ends of sentences, and number them."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.channels.sms.segments import MOST_SEGMENTS, fits

_ENDS = (
    re.compile(r"\n|(?<=[.!?:;]) "),  # lines and sentences
    re.compile(r"(?<=,) "),
    re.compile(r" "),
    re.compile(r"(?<=.)"),  # a word longer than a text
)
"""Where a text may be cut, the best places first."""

Frame = Callable[[str], str]
"""What a text looks like with all that is put around it."""


def filled_first(text: str, frame: Frame, most: int = MOST_SEGMENTS) -> tuple[str, str]:
    """The longest beginning of `text` that fits within `frame`, and the rest. The beginning is never empty."""
    if fits(frame(text), most):
        return text, ""
    for ends in _ENDS:
        fitting = 0
        for match in ends.finditer(text):
            if not fits(frame(text[: match.start()].strip()), most):
                break
            fitting = match.start()
        # a cut that leaves a text half empty is worse than one inside a sentence
        if text[:fitting].strip() and not fits(frame(text[: 2 * fitting]), most):
            return text[:fitting].strip(), text[fitting:].strip()
    raise ValueError("not even one character fits beside what is put around it")


def pages(text: str, last_frame: Frame, frame: Frame, most: int = MOST_SEGMENTS) -> list[str]:
    """`text` as framed texts: all within `frame`, the last within `last_frame`."""
    found: list[str] = []
    rest = text.strip()
    while True:
        if fits(last_frame(rest), most):
            return [*found, last_frame(rest)]
        first, left = filled_first(rest, frame, most)
        if not left:  # only the end around the last page is too long: it becomes a page of its own
            return [*found, frame(first), last_frame("")]
        found.append(frame(first))
        rest = left


def numbered(texts: list[str]) -> list[str]:
    """Texts of one reply with their places, such as "(1/2) ..."; one alone has none. They were cut with room for it."""
    if len(texts) == 1:
        return texts
    return [f"({number}/{len(texts)}) {text}" for number, text in enumerate(texts, start=1)]


ROOM_FOR_PLACE = "(9/9) "
"""What `numbered` puts before a text, for cutting. Replies of ten texts do not occur: see docs/text-messages.md."""
