"""What becomes of a text that is handed to a provider."""

from __future__ import annotations

from dataclasses import dataclass

import requests

SECONDS_TO_SEND = 10.0
"""Longest a request to a provider may take."""

OVERLOADED = frozenset({408, 425, 429})
"""Statuses of HTTP by which a provider asks to come again."""


@dataclass(frozen=True)
class Accepted:
    """The provider has taken a text."""

    message_id: str


@dataclass(frozen=True)
class TryLater:
    """The text could not be sent now. `uncertain`: it may have been taken, but no answer came. `after` in seconds."""

    reason: str
    after: float | None = None
    uncertain: bool = False


@dataclass(frozen=True)
class Refused:
    """This text will never be sent."""

    reason: str
    opted_out: bool = False


Sent = Accepted | TryLater | Refused


def without_answer(provider: str, error: Exception) -> TryLater:
    """What an error says that a provider's library raised in place of an answer: was the text taken, or not?"""
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return TryLater(f"{provider} could not be reached in time")
    if isinstance(error, requests.exceptions.ConnectionError):
        return TryLater(f"{provider} could not be reached", uncertain="aborted" in str(error))
    # a timeout while reading, a server error, or an answer that is no answer
    return TryLater(f"no answer from {provider} ({type(error).__name__})", uncertain=True)
