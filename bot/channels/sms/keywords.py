"""The words of the medium: opting out and in, help, the rest of a reply, and our own short commands."""

from __future__ import annotations

import re
from enum import Enum

from bot.understanding.tidy import same_words
from knowledge.text_messages import TextMessages

STOP_WORDS = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout"})
START_WORDS = frozenset({"start", "unstop"})
HELP_WORDS = frozenset({"help", "info"})
MORE_WORDS = frozenset({"more"})

_AROUND = " \t\r\n.,;!?\"'“”‘’*()"
_NUMBER = re.compile(r"\d{1,2}")
_QUOTE = re.compile(
    r"\s*(liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|removed (a|an) \w+ from|reacted .{1,12} to)\s*"
    r"[\"“”].*[\"“”]\s*",
    re.I | re.S,
)


class Keyword(str, Enum):
    """A message that is one word of the medium and nothing else."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    MORE = "more"
    FORGET = "forget"


def keyword_of(text: str, words: TextMessages) -> Keyword | None:
    """The keyword a whole message is; None for any longer message, so that "stop it hurts" is heard as what it is."""
    word = text.strip(_AROUND).casefold()
    for keyword, said in (
        (Keyword.STOP, STOP_WORDS),
        (Keyword.START, START_WORDS),
        (Keyword.HELP, HELP_WORDS),
        (Keyword.MORE, MORE_WORDS),
    ):
        if word in said:
            return keyword
    return Keyword.FORGET if same_words(text) in {same_words(phrase) for phrase in words.forget_me} else None


def bare_number(text: str) -> int | None:
    """The number a message is and nothing else ("2", "2.", "(2)"); None for anything more."""
    word = text.strip(_AROUND)
    return int(word) if _NUMBER.fullmatch(word) else None


BARE_ANSWERS = frozenset(
    {"yes", "y", "yep", "yeah", "yes please", "no", "n", "nope", "no thanks", "not sure", "unsure", "dunno", "none",
     "one", "two", "three", "first", "second", "third"}
)  # fmt: skip


def is_bare_answer(text: str) -> bool:
    """Whether a message means nothing without the question it answers."""
    return bare_number(text) is not None or same_words(text) in BARE_ANSWERS


def is_reaction(text: str) -> bool:
    """Whether a phone made this text of a tap on one of our messages: it quotes us, and says nothing else."""
    return _QUOTE.fullmatch(text) is not None


def spelled_out(text: str, words: TextMessages) -> str:
    """`text`, or what it stands for when it is one of our short commands or a thumb."""
    word = text.strip(_AROUND)
    for sign, meaning in words.thumbs.items():
        if word and word.replace(sign, "").strip("\u200d\ufe0f🏻🏼🏽🏾🏿") == "" and sign in word:
            return str(meaning)
    return str(words.shortcuts.get(word.casefold(), text))
