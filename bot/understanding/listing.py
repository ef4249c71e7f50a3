"""A message that only names things to hear about: "brace, stretching and driving", "two things: shoes, sleep"."""

from __future__ import annotations

import re

from bot.understanding.cutting import asks, opened
from bot.understanding.tidy import same_words

_LEAD = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|also|please|pls|just)[\s,]+)*"
    r"(?:(?:a few|some|\w+) (?:things|questions|topics)\s*[:,.–-]?\s+"
    r"|(?:(?:can|could|would|will) you )?(?:please |pls )?tell me (?:more |something )?(?:about|on)\s+"
    r"|(?:i )?(?:want|need|wanna|would like|'d like) (?:to know|to hear|to ask|info|information|help|advice) "
    r"(?:more )?(?:about|on|with)\s+"
    r"|(?:more )?(?:info|information|help|advice) (?:about|on|with)\s+"
    r"|(?:what|how) about\s+|about\s+)?",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\s,.!?]*(?:\b(?:please|pls|plz|thanks|thank you|thx|ta)\b)?[\s,.!?]*$", re.IGNORECASE)
_MARK = re.compile(r"(?:^|(?<=\s))(?:\(?[1-9a-f]\)|[1-9][.:])\s*", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?:\s*[,;&+/|•\n]+\s*(?:(?:and|also|plus|then)\s+)?|\s+(?:and also|and then|and|n|plus|also|then)\s+)+",
    re.IGNORECASE,
)
_TELLS = frozenset(
    """i im ive id he hes she shes it its we they is are was were am be been do does did dont doesnt not no never cant
    can cannot could will would should have has had keep keeps get gets go goes when if because but since so that this
    than or versus vs between""".split()  # noqa: SIM905
)
"""Words of what is told or asked, not only named."""

MOST_WORDS, MOST_THINGS = 4, 6
"""Words of one thing, and things of one list, at most."""


def things_listed(text: str) -> list[str]:
    """The things that a message names, in order, when it does nothing else and names more than one; otherwise none."""
    text = opened(text)
    marks = list(_MARK.finditer(text))
    listed = text[marks[0].start() :] if len(marks) > 1 else text  # what stands before a marked list is none of it
    named = _MARK.sub("\n", _TAIL.sub("", listed.strip()))
    lead = _LEAD.match(named.lstrip("\n"))
    things = [thing.strip(" .-–:") for thing in _BETWEEN.split(named.lstrip("\n")[lead.end() if lead else 0 :])]
    things = [thing for thing in things if thing]
    if not 1 < len(things) <= MOST_THINGS or asks(things[0]):
        return []
    words = [same_words(thing).split() for thing in things]
    only_names = all(len(one) <= MOST_WORDS and _TELLS.isdisjoint(one) for one in words)
    return things if only_names and all(words) else []
