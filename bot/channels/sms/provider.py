"""What every provider of text messages must do. A third one is one class, and a short one in `connectors.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.channels.sms.sending import Sent
from bot.channels.sms.webhooks import Answer, Incoming, Report, WebRequest


class Courier(Protocol):
    """A service that carries texts: all that answering and sending need to know of it."""

    name: str
    repeats_for: float
    """Seconds for which a message that was not taken in is sent again. Later it is a replay."""
    fastest_reply: float
    """Seconds within which nobody can have read a text and answered it."""
    answers_keywords: bool
    """Whether STOP, START and HELP are answered by the provider itself."""

    async def send(self, to: str, text: str, key: str) -> Sent:
        """Hand a text over, in bounded time and never in the event loop's way. It does not raise."""

    async def already_sent(self, to: str, text: str, key: str, since: float) -> str | None:
        """The id of this text if an attempt without an answer was taken after all; None when not, or unknown."""

    async def received(self, since: float) -> Sequence[Incoming]:
        """The texts that phones have sent since, for those whose webhook was lost; empty where a webhook that was not
        taken is repeated by the provider itself."""


class Provider(Courier, Protocol):
    """A courier that also tells us by webhooks what phones send."""

    def incoming(self, request: WebRequest) -> Incoming:
        """The text a webhook brings. Raises NotGenuine or Unreadable."""

    def report(self, request: WebRequest) -> Report:
        """The delivery report a webhook brings. Raises NotGenuine or Unreadable."""

    def thanks(self) -> Answer:
        """How a webhook is told that its text was taken in."""

    def call(self, request: WebRequest, words: str) -> Answer:
        """How a voice call to the number is answered: by speaking `words`. Raises NotGenuine."""
