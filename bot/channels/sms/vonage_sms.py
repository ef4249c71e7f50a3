"""Texts through Vonage's SMS API, by its own library: signatures and sending."""

from __future__ import annotations

import asyncio
import calendar
import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import requests
import vonage

from bot.channels.sms.segments import Encoding, encoding_of
from bot.channels.sms.sending import OVERLOADED, SECONDS_TO_SEND, Accepted, Refused, Sent, TryLater, without_answer
from bot.channels.sms.webhooks import Answer, Delivery, Incoming, NotGenuine, Part, Report, WebRequest, holding

CLOCKS_DIFFER = 300.0
"""Seconds by which a request may seem to come from the future."""

_DELIVERIES = {
    "delivered": Delivery.DELIVERED,
    "failed": Delivery.FAILED,
    "rejected": Delivery.FAILED,
    "expired": Delivery.FAILED,
}
_LATER = {"1": "too many at once", "5": "an error at Vonage", "4": "wrong credentials", "9": "no credit left",
          "14": "wrong signature", "10": "too many connections"}  # fmt: skip
"""Statuses of sending that may be mended; until then nothing is lost. 5 may have been sent."""
_OPTED_OUT = ("7",)
"""Number barred: the phone is on Vonage's list of those that sent STOP."""


class _LastStatus(threading.local):
    """Remembers the status of the last answer in each thread."""

    status = 0

    def __call__(self, response: requests.Response, *args: Any, **kwargs: Any) -> None:
        self.status = response.status_code


class Vonage:
    """Vonage's SMS API with signed webhooks."""

    name = "vonage"
    repeats_for = 24 * 3600.0
    fastest_reply = 2.0
    answers_keywords = False

    def __init__(
        self,
        api_key: str,
        api_secret: str,
        signature_secret: str,
        signature_method: str,
        number: str,
        *,
        client: vonage.Client | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._api_key = api_key
        self._number = number
        self._clock = clock
        logging.getLogger("vonage").setLevel(logging.CRITICAL)  # it logs numbers and texts with every refusal
        # no retries below ours: a request repeated on its own could send a text twice
        self._client = client or vonage.Client(key=api_key, secret=api_secret, timeout=SECONDS_TO_SEND, max_retries=0)
        self._last = _LastStatus()
        self._client.session.hooks["response"].append(self._last)
        self._checker = vonage.Client(
            key=api_key, signature_secret=signature_secret,
            signature_method=None if signature_method == "md5hash" else signature_method,
        )  # fmt: skip

    def incoming(self, request: WebRequest) -> Incoming:
        """The text a webhook brings."""
        fields = self._genuine(request)
        message_id, sender = holding(fields, "messageId", "msisdn")
        return Incoming(
            message_id,
            sender,
            fields.get("text", ""),
            pictures=1 if fields.get("type") == "binary" else 0,
            part=_part(fields),
            at=_time(fields.get("message-timestamp", "")),
        )

    def report(self, request: WebRequest) -> Report:
        """The delivery receipt a webhook brings."""
        fields = self._genuine(request)
        message_id, status = holding(fields, "messageId", "status")
        return Report(
            message_id,
            _DELIVERIES.get(status, Delivery.ON_THE_WAY),
            key=fields.get("client-ref"),
            error=fields.get("err-code", ""),
        )

    def thanks(self) -> Answer:
        """Nothing more than 200."""
        return Answer()

    def call(self, request: WebRequest, words: str) -> Answer:
        """A call control object that speaks. Vonage signs calls in another way, and this says nothing private."""
        return Answer(json.dumps([{"action": "talk", "text": words}]), "application/json")

    async def send(self, to: str, text: str, key: str) -> Sent:
        """Send an SMS."""
        return await asyncio.to_thread(self._send, to, text, key)

    def _send(self, to: str, text: str, key: str) -> Sent:
        unicode = {"type": "unicode"} if encoding_of(text) is Encoding.UCS2 else {}
        number, sender = to.removeprefix("+"), self._number.removeprefix("+")
        try:
            answer = self._client.sms.send_message(
                {"from": sender, "to": number, "text": text, "client-ref": key, **unicode}
            )
            messages = answer["messages"]
        except vonage.AuthenticationError:
            return TryLater("wrong credentials for Vonage")
        except vonage.ClientError:
            status = self._last.status  # its errors do not tell
            reason = f"Vonage answered with status {status}"
            return TryLater(reason) if status in {403, *OVERLOADED} else Refused(reason)
        except Exception as error:
            return without_answer("Vonage", error)
        return _sent(messages)

    async def already_sent(self, to: str, text: str, key: str, since: float) -> str | None:
        """Vonage cannot be asked; its delivery receipt names our key."""
        return None

    async def received(self, since: float) -> list[Incoming]:
        """Vonage repeats a webhook for a day."""
        return []

    def _genuine(self, request: WebRequest) -> dict[str, str]:
        fields = _fields(request)
        if not fields.get("sig") or not fields.get("timestamp", "").isdigit():
            raise NotGenuine("the signature or its time is missing")
        if not self._checker.check_signature(fields):
            raise NotGenuine("the signature is wrong")
        age = self._clock() - int(fields["timestamp"])
        if not -CLOCKS_DIFFER <= age <= self.repeats_for + CLOCKS_DIFFER:
            raise NotGenuine("the request is too old")
        if fields.get("api-key", self._api_key) != self._api_key:
            raise NotGenuine("the request is for another account")
        return fields


def _fields(request: WebRequest) -> dict[str, str]:
    """The fields of a webhook, which Vonage sends in any of three ways."""
    if request.method == "GET":
        return dict(request.query)
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            found = json.loads(request.body)
        except ValueError:
            found = None
        return {str(name): _said(value) for name, value in found.items()} if isinstance(found, dict) else {}
    return dict(request.form)


def _said(value: Any) -> str:
    """A JSON value as it stands in the signature."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, (bool, dict, list)) or value is None else str(value)


def _part(fields: dict[str, str]) -> Part | None:
    numbers = [fields.get(name, "") for name in ("concat-part", "concat-total")]
    if fields.get("concat") != "true" or not fields.get("concat-ref") or not all(map(str.isdigit, numbers)):
        return None
    number, total = map(int, numbers)
    return Part(fields["concat-ref"], number, total) if 1 <= number <= total and total > 1 else None


def _time(said: str) -> float | None:
    """Seconds since 1970 of "2020-01-01 12:00:00" in UTC, with "+" for the space in some requests."""
    try:
        return float(calendar.timegm(time.strptime(said.replace("+", " "), "%Y-%m-%d %H:%M:%S")))
    except ValueError:
        return None


def _sent(messages: list[dict[str, str]]) -> Sent:
    """What became of a text; of its segments the first is looked at, for they share their fate."""
    first = messages[0] if messages else {}
    status = first.get("status", "")
    if status == "0" and first.get("message-id"):
        return Accepted(first["message-id"])
    if status in _LATER or not status or status == "0":
        return TryLater(_LATER.get(status, "an answer of Vonage without an id"), uncertain=status in ("0", "", "5"))
    return Refused(f"Vonage status {status}", opted_out=status in _OPTED_OUT)
