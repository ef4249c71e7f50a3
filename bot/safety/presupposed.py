"""What a question takes for granted: "is it bad that my speech is slurred" tells that it is.

What is only asked about is no danger ("is slurred speech a sign of a stroke"). But whoever asks whether something is
bad, normal or a worry, and says of whom and that it is so, has it; that part is read once more by itself, and so is
what is told behind the comma of a question ("can I still take it, I took six"). Behind an "if" it may be so ("should
I worry if my calf is hot and swollen"), unless it is only thought of ("if I fell").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_JUDGED = (
    r"(?:so |very |really |that |just )?(?:bad|ok|okay|k|normal|usual|common|natural|serious|dangerous|safe|fine"
    r"|alright|all right|worrying|concerning|odd|weird|strange|wrong|expected|a (?:problem|worry|bad sign|concern)"
    r"|an emergency)"
)
_OF_WHOM = r"(?: for (?:me|him|her|us|them|someone))?"
_WORRY = (
    r"(?:should|shall|do|must|need) (?:i|we|he|she) (?:to )?(?:be |need to |have to )?(?:really |so )?"
    r"(?:worry|worried|concerned|scared|alarmed|panic|panicking|afraid)"
)
_DO = r"what (?:should|do|can|shall|must|could) (?:i|we) (?:do|say)"
_TAKEN_FOR_GRANTED = re.compile(
    rf"\b(?:(?:is|isn't|isnt|was) (?:it|that|this) {_JUDGED}{_OF_WHOM} (?:that|because|cos|bc)"
    rf"|is it {_JUDGED}{_OF_WHOM} to (?:feel|be feeling) (?:like|that|as if|as though)"
    rf"|{_WORRY} (?:that|because|about|cos|bc)"
    rf"|{_DO} (?:about|with|for)"
    rf"|does it (?:matter|mean anything) that) ",
    re.IGNORECASE,
)
_MAY_BE_SO = re.compile(
    rf"\b(?:is (?:it|that|this|he|she) {_JUDGED}{_OF_WHOM} (?:if|when)|{_WORRY} (?:if|when)|{_DO} (?:if|when)"
    r"|what if|does it matter (?:if|when)) ",
    re.IGNORECASE,
)
_BEFORE_COMMA = re.compile(
    r"(?:^|[.!?;\n])\s*(?:(?:and|also|so|but|ok|okay|please|sorry|hi|hello)\s+)*"
    r"(?:can|could|should|shall|may|is|are|do|does|did|will|would|how|what|why|which|who|any)\b(?:\s+[\w'-]+){2,}?\s*,\s*",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"(?:i|i'm|im|i've|ive|my|he|he's|hes|his|she|she's|shes|her|it|it's|its|we|they|their|the|there|there's|mum|mom|dad"
    r"|both|one)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(r"(?:i|i'm|im|i've|ive|he|he's|hes|she|she's|shes|we)\b(?:\s+\S+){2}", re.IGNORECASE)
"""A statement behind the comma of a question."""
_IS = r"is|are|am|isn't|isnt|aren't|can't|cant|can not|cannot|won't|wont|doesn't|doesnt|has|keeps"
_NOW = re.compile(
    rf"(?:i'm|im|he's|hes|she's|shes|it's|they're)\b|[\w']+ (?:[\w']+ ){{0,2}}?(?:{_IS})\b"
    r"|.*\b(?:since|today|now|tonight|this morning)\b",
    re.IGNORECASE,
)
"""What is said of somebody as of now: "I can't breathe", not "I fall and my phone is upstairs"."""
_ONLY_THOUGHT_OF = re.compile(
    r"\b(?:one day|some day|someday|ever|in (?:the )?future|next (?:week|month|year|time))\b", re.IGNORECASE
)
_END = re.compile(r"[?!;\n]|\.(?=\s|$)")


@dataclass(frozen=True)
class Presupposed:
    """A part of a message that its question takes for granted; `may_be`: only behind an "if"."""

    text: str
    may_be: bool


def presupposed(text: str) -> tuple[Presupposed, ...]:
    """The parts of a message that a question in it takes for granted, word for word."""
    plain = text.replace("’", "'")
    granted = [told for told in _behind(plain, _TAKEN_FOR_GRANTED) if _SOMEBODY.match(told)]
    granted += [told for told in _behind(plain, _BEFORE_COMMA) if _TELLS.match(told)]
    may_be = [
        told
        for told in _behind(plain, _MAY_BE_SO)
        if _SOMEBODY.match(told) and _NOW.match(told) and not _ONLY_THOUGHT_OF.search(told)
    ]
    return (*(Presupposed(told, False) for told in granted), *(Presupposed(told, True) for told in may_be))


def _behind(text: str, frames: re.Pattern[str]) -> Iterator[str]:
    """What stands behind each of the `frames`, up to the end of its sentence."""
    for frame in frames.finditer(text):
        rest = text[frame.end() :]
        end = _END.search(rest)
        yield rest[: end.start() if end else None].strip(" ,")
