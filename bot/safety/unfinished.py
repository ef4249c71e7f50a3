"""A sentence sent in pieces: "me nan cant", then "find her words".

Who texts, or whom a stroke has left few words, often sends half a sentence. What ends where no sentence ends is read
together with the message that follows shortly after.
"""

from __future__ import annotations

import re

SECONDS = 180.0
"""How long a begun sentence waits for its end."""

LONGEST = 8
"""Words of a begun sentence at most; longer ones say enough by themselves."""

KEY = "unfinished"
"""What stands for a begun sentence among the concepts that were told."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ENDS_SENTENCE = re.compile(r"[.!?]\s*$")
_OPEN = frozenset(
    """cant can't cannot can couldnt couldn't wont won't isnt isn't hasnt hasn't doesnt doesn't didnt didn't not no
    is are was were has have had im i'm hes he's shes she's they're theyre i he she they keeps keep started suddenly
    lost my his her their our the a an and or but to in on of with from at for so just because cos coz since when if
    feels feel feeling going gone got getting only even""".split()  # noqa: SIM905
)
"""Words at which no sentence ends."""

_ALONE = frozenset({"cant", "can't", "cannot", "couldnt", "couldn't", "wont", "won't"})
"""Words that begin a sentence when one of them is all that a message holds."""


class Unfinished(str):
    """What was begun in a message and is not said to its end."""


def begun(text: str, before: str | None = None) -> Unfinished | None:
    """The sentence a message begins, or goes on with after it was begun `before`, without ending it; None when it ends,
    or says enough by itself."""
    words = _WORD.findall(text.casefold().replace("’", "'"))
    is_open = bool(words) and words[-1] in _OPEN and not _ENDS_SENTENCE.search(text)
    if is_open and before is not None and len(_WORD.findall(before)) + len(words) <= LONGEST:
        return Unfinished(f"{before} {text.strip()}")
    is_open = is_open and len(words) <= LONGEST and (len(words) > 1 or words[0] in _ALONE)
    return Unfinished(text.strip()) if is_open else None
