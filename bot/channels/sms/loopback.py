"""A provider without a provider: texts to and from a phone in the terminal, on this machine only."""

from __future__ import annotations

import asyncio
import hmac
import json
import time
from collections.abc import Callable
from hashlib import sha256
from itertools import count
from typing import Any

from bot.channels.sms.sending import Accepted, Sent
from bot.channels.sms.webhooks import Answer, Delivery, Incoming, NotGenuine, Part, Report, Unreadable, WebRequest

SECONDS_VALID = 300.0
"""How old a request may be."""
MOST_KEPT = 200
"""Texts to one phone that are kept until it asks for them."""


def signed(key: str, body: bytes, at: float) -> dict[str, str]:
    """The headers that make a request to the loopback connector genuine."""
    stamp = str(int(at))
    mac = hmac.new(key.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
    return {"x-loopback-time": stamp, "x-loopback-signature": mac}


class Loopback:
    """Keeps what is sent in memory until the phone in the terminal fetches it."""

    name = "loopback"
    repeats_for = SECONDS_VALID
    fastest_reply = 0.0
    answers_keywords = False

    def __init__(self, key: str, clock: Callable[[], float] = time.time) -> None:
        self._key = key
        self._clock = clock
        self._sent: dict[str, list[str]] = {}
        self._numbers = count(1)
        self._arrived = asyncio.Condition()

    def incoming(self, request: WebRequest) -> Incoming:
        """The text of a JSON body: id, from, text, and as needed pictures and part {reference, number, total}."""
        body = self.opened(request)
        part = body.get("part")
        try:
            return Incoming(
                message_id=str(body["id"]),
                sender=str(body["from"]),
                text=str(body["text"]),
                pictures=int(body.get("pictures", 0)),
                part=Part(str(part["reference"]), int(part["number"]), int(part["total"])) if part else None,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable("id, from and text are needed") from error

    def report(self, request: WebRequest) -> Report:
        """A delivery report: id, status (one of Delivery), and key."""
        body = self.opened(request)
        try:
            return Report(str(body["id"]), Delivery(body["status"]), body.get("key"))
        except (KeyError, ValueError) as error:
            raise Unreadable("id and status are needed") from error

    def thanks(self) -> Answer:
        """Nothing more than 200."""
        return Answer()

    def call(self, request: WebRequest, words: str) -> Answer:
        """The words."""
        self.opened(request)
        return Answer(words)

    async def send(self, to: str, text: str, key: str) -> Sent:
        """Put a text where the phone finds it."""
        async with self._arrived:
            kept = self._sent.setdefault(to, [])
            kept.append(text)
            del kept[:-MOST_KEPT]
            self._arrived.notify_all()
        return Accepted(f"loopback-{next(self._numbers)}")

    async def already_sent(self, to: str, text: str, key: str, since: float) -> str | None:
        """Never uncertain."""
        return None

    async def received(self, since: float) -> list[Incoming]:
        """What the terminal sends is not kept elsewhere."""
        return []

    async def fetch(self, phone: str, seconds: float) -> list[str]:
        """The texts that wait for a phone, each once; waits up to `seconds` for the first."""
        async with self._arrived:
            try:
                await asyncio.wait_for(self._arrived.wait_for(lambda: bool(self._sent.get(phone))), seconds)
            except asyncio.TimeoutError:
                return []
            return self._sent.pop(phone)

    def opened(self, request: WebRequest) -> dict[str, Any]:
        """The JSON object of a signed body. Raises NotGenuine or Unreadable."""
        stamp, mac = request.headers.get("x-loopback-time", ""), request.headers.get("x-loopback-signature", "")
        if not stamp.isdigit() or abs(self._clock() - int(stamp)) > SECONDS_VALID:
            raise NotGenuine("the time is missing or too old")
        wanted = signed(self._key, request.body, int(stamp))["x-loopback-signature"]
        if not hmac.compare_digest(mac, wanted):
            raise NotGenuine("the signature is missing or wrong")
        try:
            body = json.loads(request.body)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Unreadable("the body must be a JSON object")
        return body
