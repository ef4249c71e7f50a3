"""Texts through Twilio, by its own library: signatures, sending, and what it answers a call with."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timezone
from urllib.parse import quote

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from bot.channels.sms.provider import (
    Accepted,
    Answer,
    Delivery,
    Form,
    Incoming,
    NotGenuine,
    Refused,
    Report,
    Sent,
    TryLater,
    Unreadable,
    WebRequest,
)

SECONDS_TO_SEND = 10.0
"""Longest a request to Twilio may take."""

OPTED_OUT = 21610
"""Twilio's error for a phone that has sent STOP."""
FAILED_OPTED_OUT = "21610"

_DELIVERIES = {
    "delivered": Delivery.DELIVERED,
    "read": Delivery.DELIVERED,
    "undelivered": Delivery.FAILED,
    "failed": Delivery.FAILED,
    "canceled": Delivery.FAILED,
}


class Twilio:
    """Twilio's programmable messaging. `status_url` is our public address for its delivery reports."""

    name = "twilio"
    repeats_for = 3600.0
    fastest_reply = 2.0

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        number: str,
        status_url: str | None,
        *,
        answers_keywords: bool = True,
        http_client: TwilioHttpClient | None = None,
    ) -> None:
        self._account_sid = account_sid
        self._number = number
        self._status_url = status_url
        self.answers_keywords = answers_keywords
        self._validator = RequestValidator(auth_token)
        for name in ("twilio.http_client", "urllib3"):  # below that they log numbers and texts
            logging.getLogger(name).setLevel(logging.WARNING)
        # no retries below ours: a request repeated on its own could send a text twice
        client = http_client or TwilioHttpClient(timeout=SECONDS_TO_SEND, max_retries=0)
        self._client = Client(account_sid, auth_token, http_client=client)

    def incoming(self, request: WebRequest) -> Incoming:
        """The text a webhook brings."""
        form = self._genuine(request)
        if not form.get("MessageSid") or not form.get("From"):
            raise Unreadable("MessageSid or From is missing")
        pictures = form.get("NumMedia", "0")
        return Incoming(
            message_id=form["MessageSid"],
            sender=form["From"],
            text=form.get("Body", ""),
            pictures=int(pictures) if pictures.isdigit() else 0,
            handled=form.get("OptOutType", "").lower() or None,
        )

    def report(self, request: WebRequest) -> Report:
        """The delivery report a webhook brings. Our key is in its address."""
        form = self._genuine(request)
        if not form.get("MessageSid") or not form.get("MessageStatus"):
            raise Unreadable("MessageSid or MessageStatus is missing")
        error = form.get("ErrorCode", "")
        return Report(
            message_id=form["MessageSid"],
            delivery=_DELIVERIES.get(form["MessageStatus"], Delivery.ON_THE_WAY),
            key=request.query.get("key"),
            error=error,
            opted_out=error == FAILED_OPTED_OUT,
        )

    def received(self) -> Answer:
        """Empty TwiML: the reply follows by itself."""
        return Answer(str(MessagingResponse()), "text/xml; charset=utf-8")

    def call(self, request: WebRequest, words: str) -> Answer:
        """TwiML that speaks, and hangs up."""
        self._genuine(request)
        spoken = VoiceResponse()
        spoken.say(words)
        spoken.hangup()
        return Answer(str(spoken), "text/xml; charset=utf-8")

    async def send(self, to: str, text: str, key: str) -> Sent:
        """Create a message."""
        return await asyncio.to_thread(self._send, to, text, key)

    def _send(self, to: str, text: str, key: str) -> Sent:
        callback = {"status_callback": f"{self._status_url}?key={quote(key)}"} if self._status_url else {}
        try:
            message = self._client.messages.create(to=to, from_=self._number, body=text, **callback)
        except TwilioRestException as error:
            reason = f"Twilio error {error.code}, status {error.status}"
            if error.code == OPTED_OUT:
                return Refused(reason, opted_out=True)
            if error.status in (401, 403, 408, 425, 429) or error.status >= 500:
                # wrong credentials are for the service to mend; until then nothing is lost
                return TryLater(reason, uncertain=error.status >= 500)
            return Refused(reason)
        except requests.exceptions.ConnectTimeout:
            return TryLater("Twilio could not be reached in time")
        except requests.exceptions.ConnectionError as error:
            return TryLater("Twilio could not be reached", uncertain="aborted" in str(error))
        except Exception as error:  # a timeout while reading, or an answer that is no answer
            return TryLater(f"no answer from Twilio ({type(error).__name__})", uncertain=True)
        if not message.sid:
            return TryLater("an answer of Twilio without an id", uncertain=True)
        return Accepted(message.sid)

    async def already_sent(self, to: str, text: str, key: str, since: float) -> str | None:
        """Look for the text among the latest ones to this phone."""
        return await asyncio.to_thread(self._already_sent, to, text, since)

    def _already_sent(self, to: str, text: str, since: float) -> str | None:
        after = datetime.fromtimestamp(since, timezone.utc)
        for message in self._client.messages.list(to=to, from_=self._number, date_sent_after=after, limit=20):
            if message.body == text and message.status not in ("failed", "canceled"):
                return str(message.sid)
        return None

    def _genuine(self, request: WebRequest) -> Form:
        signature = request.headers.get("x-twilio-signature", "")
        form = request.form
        if not signature or not self._validator.validate(request.url, form, signature):
            raise NotGenuine("the signature is missing or wrong")
        if form.get("AccountSid") != self._account_sid:
            raise NotGenuine("the request is for another account")
        return form
