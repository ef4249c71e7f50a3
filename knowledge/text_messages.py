"""Load what belongs to text messages alone: the words of the medium, its shortcuts, and its numbers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, validator

from knowledge.files import load_yaml, parse_model
from knowledge.gsm7 import SINGLE_MESSAGE, length, outside_alphabet
from knowledge.models import Content, Text
from knowledge.regions import load_regions

TEXT_MESSAGES_FILE = Path(__file__).with_name("text_messages.yml")

RESERVED = frozenset(
    {"stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout",
     "start", "unstop", "yes", "help", "info"}
)  # fmt: skip
"""Words that phone companies and providers act on by themselves (YES opts in again); none may be a command of ours."""

NEEDED = frozenset(
    {"welcome", "help", "help-service", "stopped", "started", "ask-country", "still-there", "forgotten", "picture",
     "empty", "reaction", "no-choices", "no-more", "old-answer", "call"}
)  # fmt: skip


class Hints(Content):
    """What stands at the end of a text."""

    more: Text
    check: Text
    summary: Text
    together: Text


class Numbers(Content):
    """The medium's numbers; see the comments in the file."""

    quiet_from: int = Field(ge=0, le=23)
    quiet_to: int = Field(ge=0, le=23)
    late_reply_minutes: int = Field(gt=0)
    give_up_hours: int = Field(gt=0)
    parts_wait_seconds: int = Field(gt=0)
    most_joined: int = Field(gt=1)
    join_from: int = Field(gt=1)
    kept_days: int = Field(gt=1)
    confirm_days: int = Field(gt=0)
    pause_minutes: int = Field(gt=0)


class TextMessages(Content):
    """Everything in text_messages.yml."""

    texts: dict[str, Text]
    shorter: dict[str, Text]
    hints: Hints
    progress: Text
    shortcuts: dict[str, Text]
    forget_me: list[Text] = Field(min_items=1)
    thumbs: dict[str, Text]
    numbers: Numbers

    @validator("texts")
    def all_there_and_each_one_message(cls, texts: dict[str, str]) -> dict[str, str]:
        if set(texts) != NEEDED:
            raise ValueError(f"there must be exactly these: {', '.join(sorted(NEEDED))}")
        regions = load_regions()
        country = max((region.name for region in regions.regions if region.known), key=length)
        for name, text in texts.items():
            filled = text.replace("{emergency}", regions.longest_emergency).replace("{country}", country)
            if outside_alphabet(filled) or length(filled) > SINGLE_MESSAGE:
                raise ValueError(f"'{name}' does not fit one text message: {length(filled)} of {SINGLE_MESSAGE}")
        return texts

    @validator("shortcuts")
    def reserved_words_are_no_commands(cls, shortcuts: dict[str, str]) -> dict[str, str]:
        taken = RESERVED & {word.casefold() for word in shortcuts}
        if taken:
            raise ValueError(f"kept by phone companies: {', '.join(sorted(taken))}")
        return shortcuts


@lru_cache(maxsize=4)
def load_text_messages(path: Path = TEXT_MESSAGES_FILE) -> TextMessages:
    """The content of text messages. Raises ContentError naming file and line."""
    return parse_model(load_yaml(path), TextMessages)
