"""Take out of a message what could tell who wrote it, before it is kept for staff.

Names, places, numbers, dates, addresses of every kind are replaced by what they were. In doubt a word is taken out:
staff need to see what was asked, not who asked it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches

Span = tuple[int, int, str]
"""Where something stands in a text (start, end), and what is put there instead."""

NAME, PLACE, NUMBER, DATE, EMAIL, LINK, WORD = "[name]", "[place]", "[number]", "[date]", "[e-mail]", "[link]", "[word]"

_MONTHS = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_UNITS = (
    r"s|secs?|seconds?|mins?|minutes?|h|hrs?|hours?|days?|nights?|weeks?|wks?|months?|mths?|times?|x|beats?|steps?|degrees?"
    r"|percent|%|cm|mm|metres?|meters?|mg|mcg|ml|legs?|feet|foot|falls?|kinds?|stairs?"
)
_RELATIONS = (
    r"husband|wife|partner|son|daughter|mum|mom|mother|dad|father|brother|sister|nan|gran|grandma|grandpa|granddad|uncle"
    r"|aunt|auntie|cousin|nephew|niece|friend|neighbour|neighbor|carer|boyfriend|girlfriend|client|patient|resident"
)
_TITLES = r"dr|doctor|mr|mrs|ms|miss|mx|nurse|prof|professor|sister|sir|dame|rev|father"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\S+@\S+"), EMAIL),
    (re.compile(r"(?:https?://|www\.)\S+", re.I), LINK),
    (re.compile(r"(?<!\w)@\w+"), NAME),
    (re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{_MONTHS})\b\.?(?:,?\s+\d{{2,4}})?", re.I), DATE),
    (re.compile(rf"\b(?:{_MONTHS})\.?\s+\d{{1,4}}(?:st|nd|rd|th)?(?:,?\s+\d{{2,4}})?\b", re.I), DATE),
    (re.compile(r"\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"), DATE),
    (re.compile(r"\b(?:19|20)\d\d\b"), DATE),
    (
        re.compile(
            r"\b\d+\s?[a-z]?,?\s+(?:\w+\s+){1,3}(?:street|st|road|rd|lane|ln|avenue|ave|drive|close|way|court|crescent|terrace"
            r"|place|square|boulevard|blvd)\b\.?",
            re.I,
        ),
        PLACE,
    ),
    (re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b", re.I), PLACE),
    (
        re.compile(
            r"\b(?:aged?\s+)?\d{1,3}[\s-]*(?:years?|yrs?|yr|y)[\s/-]*(?:olds?|o|of\s+age)\b|\baged?\s+\d{1,3}\b", re.I
        ),
        NUMBER,
    ),
    (re.compile(r"\+?\(?\d(?:[\s().-]{0,2}\d){4,}"), NUMBER),
    (re.compile(r"\b(?=\w*\d)(?=\w*[a-z])\w{5,}\b", re.I), NUMBER),
    (re.compile(rf"\b\d+(?:[.,]\d+)?\b(?!\s?(?:to|-|or)?\s?(?:\d+\s?)?(?:{_UNITS})\b)", re.I), NUMBER),
)
_INTRODUCED = re.compile(
    r"\b(?i:name is|name's|called|call me|named|regards,?|signed)\s+([A-Za-z][\w'-]+)((?:\s+[A-Za-z][\w'-]+)?)"
)
_TITLED = re.compile(rf"\b(?i:{_TITLES})\.?\s+([A-Za-z][\w'-]+)")
_RELATED = re.compile(rf"\b(?i:{_RELATIONS}),?\s+([A-Za-z][\w'-]+)")
_BEFORE_A_NAME = re.compile(rf"\b(?:{_TITLES}|{_RELATIONS}|this is)[.,]?\s+$", re.I)
_NO_NAMES = frozenset(f"{_TITLES}|{_RELATIONS}".split("|"))
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_STARTS = re.compile(r"(?:^|[.!?\n]\s*)$")

LIKENESS = 0.75
"""How like a library word with the same first letter a misspelling is, at least."""


@dataclass(frozen=True)
class Vocabulary:
    """Words that are never a name, in lower case: `library` has its words, `terms` those it writes with a capital,
    `function` the small words of English; `is_english` knows a dictionary."""

    library: Collection[str]
    terms: Collection[str]
    function: Collection[str]
    is_english: Callable[[str], bool]

    def ordinary(self, word: str) -> bool:
        """Whether a word, in any case, is known, or is a misspelling of a library word."""
        plain = word.casefold().replace("’", "'").removesuffix("'s").strip("'-")
        if not plain or plain in self.library or plain in _NO_NAMES or self.is_english(plain):
            return True
        if "-" in plain:
            return all(self.ordinary(part) for part in plain.split("-") if part)
        if "'" in plain:
            return plain.replace("'", "") in self.library or self.ordinary(plain.split("'")[0])
        alike = [known for known in self.library if known[0] == plain[0]]
        return len(plain) > 3 and bool(get_close_matches(plain, alike, n=1, cutoff=LIKENESS))

    def may_be_named(self, words: str, before: str) -> bool:
        """Whether what a language model took for a name may be one. `before` is the text in front of it."""
        each = [word.casefold().removesuffix("'s") for word in _WORD.findall(words)]
        if all(word in _NO_NAMES or word in self.function for word in each):
            return False
        if words.islower():
            return _BEFORE_A_NAME.search(before) is not None or not all(map(self.ordinary, each))
        return not all(word in self.terms or word in _NO_NAMES for word in each)


def deidentified(text: str, found: Callable[[str], Collection[Span]], vocabulary: Vocabulary) -> str:
    """`text` with everything that could tell who wrote it replaced.

    `found` finds the names and places a language model sees (start, end, replacement).
    """
    spans = [(match.start(), match.end(), label) for pattern, label in _PATTERNS for match in pattern.finditer(text)]
    spans += [span for span in found(text) if vocabulary.may_be_named(text[span[0] : span[1]], text[: span[0]])]
    for match in _INTRODUCED.finditer(text):
        if match.group(1) not in vocabulary.function:
            whole = match.group(2).strip() not in vocabulary.function
            spans.append((match.start(1), match.end(2 if whole else 1), NAME))
    for match in _TITLED.finditer(text):
        if match.group(1).casefold() not in vocabulary.function and match.group(1) not in vocabulary.library:
            spans.append((match.start(1), match.end(1), NAME))
    for match in _RELATED.finditer(text):
        if match.group(1)[0].isupper() and match.group(1).casefold() not in _NO_NAMES | set(vocabulary.terms) | {"i"}:
            spans.append((match.start(1), match.end(1), NAME))
    for match in _WORD.finditer(text):
        word = match.group()
        starts = _STARTS.search(text[: match.start()]) is not None
        capital = word[0].isupper() and not word.isupper() and not starts and not word.startswith(("I'", "I’"))
        if capital and word.casefold().removesuffix("'s") not in {*vocabulary.terms, *vocabulary.function, *_NO_NAMES}:
            spans.append((match.start(), match.end(), NAME))
        elif not vocabulary.ordinary(word):
            spans.append((match.start(), match.end(), WORD))
    return _replaced(text, spans)


def _replaced(text: str, spans: Collection[Span]) -> str:
    """The text with the spans replaced. Of spans that overlap the longest gives the word, and all are taken out."""
    taken: list[Span] = []
    for start, end, label in sorted(spans, key=lambda span: (span[0], -span[1])):
        if taken and start < taken[-1][1]:
            first = taken[-1]
            taken[-1] = (first[0], max(first[1], end), first[2])
        else:
            taken.append((start, end, label))
    for start, end, label in reversed(taken):
        text = text[:start] + label + text[end:]
    return re.sub(r"(\[[\w-]+\])(?:\s+\1)+", r"\1", text)
