"""Cut a message where one thing ends and the next begins, and tell a question from a statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.understanding.tidy import same_words

_WHY = r"y(?=\s+(?:does|do|did|is|are|it|its|my|u|cant|wont)\b)"
"""A "why" as it is texted."""
_QUESTION_WORDS = (
    rf"how|hows|hw|what|whats|what's|wat|wats|wot|why|{_WHY}|when|wen|where|which|who|whom|can|could|should|shud|shall|may"
    r"|might|must|am|is|are|do|does|did|will|would|has|have|if|whether|any"
)
_TELLING_WORDS = (
    r"i|i'm|im|i've|ive|my|his|her|our|your|he|she|we|mum|mom|dad|papa|the|tell me|please tell|second|secondly"
)
_CONJUNCTIONS = (
    r"and (?:also|then|second)|and|an|n|&|\+|also|plus|but also|but|then|oh and|another thing|as well as|second(?:ly)?"
)
_BEFORE_QUESTION = r"(?:at|for|in|on|by|from|after|before|with|during|since|to)"
_ENDS = re.compile(r"(?<=[.?!;])\s+|\n+|\s+[-–—]+\s+|(?<=\w):\s+")
_JOINS = re.compile(
    rf"(?:\s*,\s*|\s+)(?:{_CONJUNCTIONS})\s+(?=(?:{_QUESTION_WORDS}|{_TELLING_WORDS})\b)"
    rf"|\s*,\s*(?=(?:(?:also|then|and)\s+)?(?:{_QUESTION_WORDS})\b)"
    rf"|(?:\s*,\s*|\s+)(?:{_CONJUNCTIONS})\s+(?={_BEFORE_QUESTION}\s+(?:\w+\s+){{0,2}}"
    r"(?:how|what|when|why|where|which|who|is|are|do|does|should|can|will)\b)"
    r"|\s*,\s*(?=(?:i\s+)?(?:just\s+)?(?:want|wants|wanted|wanna|need|would like|'d like)\s+(?:to\s+)?(?:know|ask)\b)"
    r"|(?:\s*,\s*|\s+)or\s+(?=(?:(?:is|are)\s+(?!it\b|that\b|this\b|they\b)|(?:do|does|should|can|how|what|when|where|who)\s))"
    rf"|(?:\s*,\s*|\s+)so\s+(?=(?:how|what|when|why|where|which|who|can|could|should|shall|is|are|do|does|will)\b)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?:my|his|her|our|your|the)\b", re.IGNORECASE)
_ADDRESS = (
    r"hi|hello|hey|yo|namaste|mate|bro|bruv|love|dear|sir|madam|ma'am|doc|doctor|folks|guys|question|quick question"
)
_ASKS = re.compile(
    r"^(?:(?:and|also|plus|but|ok|so|please|kindly|pls|plz|oh|then|first|firstly|second|secondly|thirdly|lastly|sorry"
    rf"|{_ADDRESS})[\s,]+)*"
    rf"(?:{_QUESTION_WORDS}|(?:kindly |please |pls |plz )(?:tell|say|advise|explain)|tell me|explain"
    r"|(?:\w+ ){1,3}(?:wants?|needs?|would like|'d like) to know)\b"
    r"|\bwh?at(?:'s|s| is) (?:it|that|this|those)$",
    re.IGNORECASE,
)
_OPENS = re.compile(
    rf"(?:(?:and|also|plus|but|ok|so|please|oh|then|first|firstly|secondly|thirdly|lastly|{_ADDRESS})[\s,]+)*"
    r"(?:(?:how|what|whats|what's|wat|wot|why|when|where|who|can|could|should|shud|shall|may|do|does|will|would)\b"
    rf"|{_WHY}\b|(?:is|are|am|was|were|did|has) (?:i|it|he|she|they|we|you|this|that|there)\b)",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(r"(?:i|i'm|im|i've|ive|my|his|her|our|he|she|we|mum|mom|dad|papa)\b", re.IGNORECASE)

_NUMBER = rf"(?:\(?[1-9][.)]|\(?[a-f]\)|q\s?[1-9]\b[.):]?|[1-9](?=\s+(?:{_QUESTION_WORDS})\b))"
_NUMBERED = re.compile(rf"(?:^|\s){_NUMBER}\s.*\s{_NUMBER}\s", re.IGNORECASE | re.DOTALL)
_BEFORE_NUMBER = re.compile(rf"\s+(?={_NUMBER}\s)", re.IGNORECASE)
_MARK = re.compile(rf"^(?:{_NUMBER}|[-–—•*])\s+", re.IGNORECASE)
"""How the points of a list begin."""

_ANNOUNCED = re.compile(
    r"\b(?:two|three|four|five|several|a few|couple of|[2-5]) (?:\w+ )?(?:things|questions|queries|problems)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*,\s*(?:and\s+)?")
"""A message that says that it holds several things, in which each comma parts two of them."""

_FILLERS = frozenset(
    """hi hello hey ok okay k thanks thx thankyou ta cheers yes yeah yep no nope sorry well um er oh so and also plus
    but please pls great good right sure then now first second third""".split()  # noqa: SIM905
)
"""Words that name nothing when they stand by themselves."""

_OPENERS = frozenset(
    """a about advise and answer ask asking bit can could couple curious do english explain few following for get
    give got have hello help hey hi i i'd i'm id im in info information just kindly know knowing let like list
    looking love me more my need of on or plain please pls plz question questions quick right say simple simply
    some something speak talk tell terms the these thing things three to two want wanted wants with wonder
    wondering words would wud you""".split()  # noqa: SIM905
)
"""Words of what only opens a message: "could you tell me", "need help with"."""

_OPENED = re.compile(r"\s*([^:?!.\n]{3,70}):\s")

FEWEST_WORDS = 2
MOST_PIECES = 5
"""Pieces of one message that are read; what comes after stays with the last of them."""


def asks(text: str) -> bool:
    """Whether a message is put as a question."""
    return text.rstrip().endswith("?") or _ASKS.search(text.strip()) is not None


def plainly_asks(text: str) -> bool:
    """Whether a message is put as a question and can hardly be anything else: "is", "are" or "did" may also go on from
    what stands before them ("my son, 12, is hoping to walk"), unless it is "is he" or "did I"."""
    return text.rstrip().endswith("?") or _OPENS.match(text.strip()) is not None


def tells(text: str) -> bool:
    """Whether a message is a statement on somebody, such as "my husband's foot bounces"."""
    return not asks(text) and _SOMEBODY.match(text.strip()) is not None


def cut(text: str) -> list[str]:
    """The pieces of a message that may each be a matter of its own, in order, word for word.

    A word by itself ("Dysreflexia, what is that?") stays with what comes after it, if anything does, unless it names
    nothing.
    """
    pieces: list[str] = []
    word, announced = "", _ANNOUNCED.search(text) is not None or len(opened(text)) < len(text.strip())
    for sentence in _sentences(text):
        parts = _joined(sentence)
        if announced:
            parts = [part for one in parts for part in _COMMA.split(one)]
        for piece in parts:
            words = same_words(piece).split()
            if len(words) >= FEWEST_WORDS and _OPENERS.issuperset(words):
                continue
            if len(words) < FEWEST_WORDS:
                if word.endswith("?"):
                    pieces.append(word)  # "brace? drive? pump?"
                word = piece if words and words[0] not in _FILLERS and not words[0].isdigit() else ""
            else:
                pieces.append(f"{word} {piece}".strip(" ,"))
                word = ""
    if word and pieces:
        pieces.append(word)  # after others it is no message of its own
    if len(pieces) > MOST_PIECES:
        pieces = [*pieces[: MOST_PIECES - 1], " ".join(pieces[MOST_PIECES - 1 :])]
    return pieces


def opened(text: str) -> str:
    """A message without what only opens its list: "Explain in simple words please: brace, pads"."""
    head = _OPENED.match(text)
    opens = head is not None and _OPENERS.issuperset(same_words(head.group(1)).split())
    return text[head.end() :].strip() if head is not None and opens else text.strip()


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a message, and the points of its list, without what marks them as such."""
    points = _BEFORE_NUMBER.split(text.strip()) if _NUMBERED.search(text) else [text.strip()]
    for point in points:
        for sentence in _ENDS.split(_MARK.sub("", point)):
            yield _MARK.sub("", sentence)


def _joined(sentence: str) -> list[str]:
    """The parts of a sentence. What a question names with an "and" ("my brace and my shoes") stays together."""
    parts: list[str] = []
    start = 0
    for join in _JOINS.finditer(sentence):
        before = sentence[start : join.start()]
        if _NAMED.match(sentence[join.end() :]) and asks(before):
            continue
        parts.append(before)
        start = join.end()
    return [*parts, sentence[start:]]
