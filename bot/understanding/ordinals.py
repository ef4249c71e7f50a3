"""Which of several choices a person means by a number or an ordinal."""

from __future__ import annotations

import re

LONGEST_NUMBER = 2
"""Digits of a choice's number at most."""

WORDS = {
    "one": 1, "first": 1, "1st": 1, "two": 2, "second": 2, "2nd": 2, "three": 3, "third": 3, "3rd": 3,
    "four": 4, "fourth": 4, "4th": 4, "five": 5, "fifth": 5, "5th": 5, "six": 6, "sixth": 6, "6th": 6,
}  # fmt: skip


def chosen_number(text: str, choices: int) -> int | None:
    """The number of the choice, 1 to `choices`; None when `text` names none of them or more than one."""
    words = re.findall(r"\w+", text.casefold())
    if "last" in words:
        return choices if choices else None
    # "the second one": the ordinal counts, "one" only stands for the thing
    ordinals = [word for word in words if word in WORDS and not (word == "one" and len(words) > 1)]
    named = {WORDS[word] for word in ordinals} | {
        int(word) for word in words if word.isdecimal() and len(word) <= LONGEST_NUMBER
    }
    if not named and "one" in words:
        named = {1}
    number = named.pop() if len(named) == 1 else None
    return number if number is not None and 1 <= number <= choices else None


_BESIDE_A_NUMBER = frozenset({"the", "one", "number", "option", "answer", "button", "last", "please"})

_BESIDE_OTHER = frozenset(
    {"the", "other", "one", "and", "no", "now", "please", "what", "about", "ok", "then", "i", "meant"}
)


def only_chosen(text: str, choices: int) -> int | None:
    """The number of the choice when `text` says nothing else: "2", "the second one"; None for "about 2 minutes ago"."""
    words = set(re.findall(r"\w+", text.casefold()))
    other = words - _BESIDE_A_NUMBER - WORDS.keys()
    return chosen_number(text, choices) if all(word.isdecimal() for word in other) else None


def typed_number(text: str, choices: int) -> int | None:
    """The number of the choice when it was typed as such and `text` says nothing else: "2", "number 2"; None for "the
    second one", which below a list may be one of its points."""
    words = set(re.findall(r"\w+", text.casefold()))
    return only_chosen(text, choices) if words.isdisjoint(WORDS) else None


def means_other(text: str) -> bool:
    """Whether a message names the one choice that was not taken: "the other one", "no, the other"."""
    words = set(re.findall(r"\w+", text.casefold()))
    return "other" in words and words <= _BESIDE_OTHER
