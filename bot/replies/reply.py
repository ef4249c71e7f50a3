"""The reply contract: what every message the bot sends carries, so that pages, texts, staff and tests read
the same thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """What a message is."""

    ANSWER = "answer"
    QUESTION = "question"
    RESULT = "result"
    ESCALATION = "escalation"
    CLARIFY = "clarify"
    FALLBACK = "fallback"
    HANDOVER = "handover"
    NOTICE = "notice"
    SMALL_TALK = "smalltalk"


CONTRACT_KEYS = (
    "kind",
    "topic",
    "topics",
    "level",
    "category",
    "reasons",
    "steps",
    "sources",
    "progress",
    "question",
    "options",
    "covers",
    "depth",
    "offer",
    "call",
    "summary_url",
    "sender",
)
"""Every metadata key a reply may carry. `depth` is how much of a topic was told, `offer` what a "yes" would
accept, `call` the numbers a page turns into links, `topics` the choices of a "which of these" question,
`summary_url` the page to print or save for a visit, `sender` the first name and role of a person who wrote instead of
the bot."""


@dataclass(frozen=True)
class Button:
    """A choice: the words on the button are the words it says, so that typing them does the same."""

    title: str

    def as_dict(self) -> dict[str, str]:
        """In the form Rasa and its channels use."""
        return {"title": self.title, "payload": self.title}


@dataclass(frozen=True)
class Reply:
    """One message to the person. `metadata` holds contract keys only.

    Raises ValueError for an empty text or an unknown key, so that no silent or unreadable message exists.
    """

    kind: Kind
    text: str
    buttons: tuple[Button, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a reply must say something")
        unknown = set(self.metadata) - set(CONTRACT_KEYS)
        if unknown:
            raise ValueError(f"not in the reply contract: {', '.join(sorted(unknown))}")

    def as_message(self) -> dict[str, Any]:
        """Keyword arguments for rasa-sdk's `dispatcher.utter_message`."""
        return {
            "text": self.text,
            "buttons": [button.as_dict() for button in self.buttons],
            "kind": self.kind.value,
            **{key: value for key, value in self.metadata.items() if value not in (None, "", [], ())},
        }


def contract_metadata(message: Mapping[str, Any]) -> dict[str, Any]:
    """The contract's part of a message as Rasa hands it to a channel or stores it."""
    return {key: message[key] for key in CONTRACT_KEYS if message.get(key) is not None}
