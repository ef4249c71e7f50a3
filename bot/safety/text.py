"""Bring a message into the plain form that phrases are written in: spelling, short forms, word endings, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

BOUNDARY = "."
"""The token that ends a sentence."""
COMMA = ","

_CURLY = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "."})
_TOKEN = re.compile(
    r"[^\W\d_]+(?:'[^\W\d_]+)*\d*|\d+(?:[.,]\d+)?|[.!?;\n]+|[,:()]|(?<=\s)-+(?=\s)|[&+🆘🚑]", re.UNICODE
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NUMBER_WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
SHORT_WORD = 4
"""Letters up to which almost any other word is one slip away, so that only plain slips are mended."""
_PLAIN_ENDINGS = (("s", "s"), ("er", "r"), ("er", "er"), ("es", "s"), ("est", "st"), ("est", "est"))
"""Endings of plurals and comparisons, and what to take off to find the word in a dictionary."""
_DOUBLED = re.compile(r"(.)\1")
_VOWEL = re.compile(r"[aeiouy]")
_CONSONANT_VOWEL_CONSONANT = re.compile(r"^[^aeiou]?[^aeiou][aeiou][^aeiouwxy]$")


@dataclass(frozen=True)
class Token:
    """One word in plain form (`key`) and where it stands in the message."""

    key: str
    start: int
    end: int
    question: bool = False


@dataclass(frozen=True)
class Message:
    """A message as the person wrote it, and its plain tokens."""

    text: str
    tokens: tuple[Token, ...]

    def words(self, first: int, last: int) -> str:
        """The person's own words from token `first` up to, not including, token `last`."""
        return self.text[self.tokens[first].start : self.tokens[last - 1].end]

    def around(self, first: int, last: int) -> tuple[str, str]:
        """What stands before token `first`, and what from token `last` on."""
        return self.text[: self.tokens[first].start], self.text[self.tokens[last - 1].end :]


def fold(text: str) -> str:
    """Lower case, straight quotes, no accents; same length as `text` wherever one character stays one character."""
    if text.isascii():
        return text.lower()
    out = []
    for char in text.translate(_CURLY):
        plain = unicodedata.normalize("NFD", char)
        base = plain[0] if len(plain) > 1 and unicodedata.combining(plain[1]) else char
        low = base.lower()
        out.append(low if len(low) == 1 else base)
    return "".join(out)


def undouble(word: str) -> str:
    """'stopp' becomes 'stop'; 'fall', 'pass' and 'buzz' stay."""
    if len(word) >= 4 and word[-1] == word[-2] and word[-1] not in "lsz":
        return word[:-1]
    return word


def _without_ending(word: str, ending: str) -> str | None:
    rest = word[: -len(ending)]
    if len(rest) < 2 or not _VOWEL.search(rest):
        return None
    shorter = undouble(rest)
    if shorter == rest and _CONSONANT_VOWEL_CONSONANT.match(rest):
        return rest + "e"
    return shorter


def stem(word: str) -> str:
    """A word without its ending, so that 'droops', 'drooping', 'drooped' and 'droopy' are one."""
    if len(word) <= 3 or not word.isascii():
        return word
    if word.endswith("ness") and len(word) > 6:
        word = word[:-4]
        if word.endswith("i"):
            word = word[:-1] + "y"
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "xes", "ches", "shes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        word = word[:-1]
    if len(word) > 4 and word.endswith("ing"):
        word = _without_ending(word, "ing") or word
    elif len(word) > 4 and word.endswith("ied"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("ed") and not word.endswith("eed"):
        word = _without_ending(word, "ed") or word
    if len(word) >= 6 and word.endswith("ly"):
        word = word[:-2]
    elif len(word) >= 5 and word.endswith("y") and word[-2] not in "aeiou":
        word = undouble(word[:-1])
    if len(word) >= 5 and word.endswith("e"):
        word = word[:-1]
    return word


def _deletions(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def _one_edit_apart(left: str, right: str) -> bool:
    if left == right:
        return True
    if abs(len(left) - len(right)) > 1:
        return False
    i = 0
    while i < min(len(left), len(right)) and left[i] == right[i]:
        i += 1
    if len(left) == len(right):
        swapped = left[:i] + left[i : i + 2][::-1] + left[i + 2 :]
        return left[i + 1 :] == right[i + 1 :] or swapped == right
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[i + 1 :] == shorter[i:]


def _short_slip(word: str, other: str) -> bool:
    """Whether a short word is plainly a slip of `other`: a letter left out, two swapped, or another vowel."""
    return len(other) > len(word) or sorted(word) == sorted(other) or _VOWEL.sub("", word) == _VOWEL.sub("", other)


class Speller:
    """Mends words that are in no dictionary towards the words the phrases use."""

    def __init__(self, vocabulary: Iterable[str], dictionary: frozenset[str]) -> None:
        """`vocabulary`: words worth mending to. `dictionary`: stems of real words, which are never changed."""
        self._vocabulary = frozenset(word for word in vocabulary if len(word) >= 4 and word.isalpha())
        self._dictionary = dictionary
        self._near: dict[str, list[str]] = {}
        for word in self._vocabulary:
            for part in {word, *_deletions(word)}:
                self._near.setdefault(part, []).append(word)
        self._remembered: dict[str, str] = {}

    def mend(self, word: str) -> str:
        """The vocabulary word one slip away from `word`, or `word` itself."""
        found = self._remembered.get(word)
        if found is None:
            found = self._mend(word)
            if len(self._remembered) < 20_000:
                self._remembered[word] = found
        return found

    def _known(self, word: str) -> bool:
        if word in self._vocabulary or stem(word) in self._dictionary:
            return True
        return any(
            word.endswith(ending) and len(word) - len(ending) >= 3 and stem(word[: -len(kept)]) in self._dictionary
            for ending, kept in _PLAIN_ENDINGS
        )

    def _mend(self, word: str) -> str:
        if self._known(word):
            return word
        for repeated in (r"\1\1", r"\1"):
            shorter = re.sub(r"(.)\1{1,}", repeated, word)
            if shorter != word and len(shorter) > 3 and self._known(shorter):
                return shorter
        if len(word) < 4 or len(word) > 24 or not word.isalpha():
            return word
        candidates: set[str] = set()
        for part in {word, *_deletions(word)}:
            candidates.update(self._near.get(part, ()))
        close = [other for other in candidates if _one_edit_apart(word, other)]
        if len(word) <= SHORT_WORD:
            close = [other for other in close if _short_slip(word, other)]
        same_start = [other for other in close if other[0] == word[0]]
        if same_start:
            bones = _VOWEL.sub("", word)
            single = _DOUBLED.sub(r"\1", word)
            return min(
                same_start,
                key=lambda o: (
                    _DOUBLED.sub(r"\1", o) != single,
                    _VOWEL.sub("", o) != bones,
                    abs(len(o) - len(word)),
                    o,
                ),
            )
        if close and len(word) >= 6:
            return min(close)
        for cut in range(3, len(word) - 2):
            if word[:cut] in self._vocabulary and word[cut:] in self._vocabulary:
                return f"{word[:cut]} {word[cut:]}"
        return word


class Normaliser:
    """Turns text into tokens in plain form; phrases and messages both go through it."""

    def __init__(
        self,
        short_forms: dict[str, str],
        misspellings: dict[str, str],
        forms: dict[str, list[str]],
        leave_alone: Iterable[str],
    ) -> None:
        self._replace = {fold(key).replace("'", ""): value for key, value in {**misspellings, **short_forms}.items()}
        self._form = {fold(form): fold(lemma) for lemma, many in forms.items() for form in many}
        self._leave = frozenset(leave_alone)
        self.speller: Speller | None = None
        self.ranges: dict[str, tuple[float, float]] = {}
        self._keys: dict[str, str] = {}

    def key(self, word: str) -> str:
        """The plain form of one spelled-out word."""
        known = self._keys.get(word)
        if known is None:
            known = word if word in self._leave else stem(self._form.get(word, word))
            if len(self._keys) < 50_000:
                self._keys[word] = known
        return known

    def number_key(self, value: float) -> str:
        """The plain form of a number, marked with every range of the phrases that it lies in."""
        marks = "".join(f":{name}" for name, (low, high) in self.ranges.items() if low <= value <= high)
        return f"n{value:g}{marks}"

    def expand(self, word: str) -> list[str]:
        """Spelled-out words for one written word: 'cant' is 'cannot', "i'm" is 'i', 'am'."""
        bare = word.replace("'", "")
        if bare in self._replace:
            return self._replace[bare].split()
        if word.endswith("n't") and len(word) > 3:
            return [word[:-3], "not"]
        for ending, more in (
            ("'s", []),
            ("'re", ["are"]),
            ("'ve", ["have"]),
            ("'ll", ["will"]),
            ("'d", ["would"]),
            ("'m", ["am"]),
        ):
            if word.endswith(ending):
                return [word[: -len(ending)], *more]
        if self.speller is not None:
            mended = self.speller.mend(bare)
            if mended != bare:
                return [more for part in mended.split() for more in self._replace.get(part, part).split()]
        return [bare]

    def message(self, text: str) -> Message:
        """`text` as tokens. Sentence ends become '.', commas and brackets ','; cost grows linearly."""
        tokens: list[Token] = []
        for match in _TOKEN.finditer(fold(text)):
            raw, start, end = match.group(), match.start(), match.end()
            if raw[0] in ".!?;\n":
                tokens.append(Token(BOUNDARY, start, end, question="?" in raw))
            elif raw[0] in ",:()-":
                tokens.append(Token(COMMA, start, end))
            elif raw[0].isdigit():
                tokens.append(Token(self.number_key(float(raw.replace(",", "."))), start, end))
            elif raw in "&+":
                tokens.append(Token("and", start, end))
            else:
                for word in self.expand(raw):
                    value = _NUMBER_WORDS.get(word)
                    tokens.append(Token(self.key(word) if value is None else self.number_key(value), start, end))
        return Message(text, tuple(self._joined(tokens)))

    def respelled(self, text: str) -> str:
        """`text` with short forms opened and misspelt words mended; contractions stay as they are."""
        parts: list[str] = []
        done = 0
        for match in _WORD.finditer(fold(text)):
            word = match.group()
            spelled = " ".join(self.expand(word)) if "'" not in word else word
            if spelled != word:
                parts += [text[done : match.start()], spelled]
                done = match.end()
        return "".join([*parts, text[done:]])

    @staticmethod
    def _joined(tokens: list[Token]) -> Iterable[Token]:
        """'can not', 'could not' and 'unable to' become 'cannot'."""
        skip = False
        for here, following in zip(tokens, [*tokens[1:], None], strict=False):
            if skip:
                skip = False
                continue
            if (following and here.key in ("can", "could") and following.key == "not") or (
                following and here.key in ("unabl", "incapabl") and following.key in ("to", "of")
            ):
                yield Token("cannot", here.start, following.end)
                skip = True
            else:
                yield here
