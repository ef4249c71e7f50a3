"""Texts through Twilio, by its own library: signatures, sending, and what it answers a call with."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta, timezone
from urllib.parse import quote

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import VoiceResponse

from bot.channels.sms.sending import OVERLOADED, SECONDS_TO_SEND, Accepted, Refused, Sent, TryLater, without_answer
from bot.channels.sms.webhooks import Answer, Delivery, Form, Incoming, NotGenuine, Report, WebRequest, holding

OPTED_OUT = 21610
"""Twilio's error for a phone that has sent STOP."""

MOST_LISTED = 1000
"""Texts that are looked through at most for those whose webhook was lost."""

CLOCKS_DIFFER = timedelta(seconds=5)
"""How much earlier than our clock says a text may have been made by Twilio's."""

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
        message_id, sender = holding(form, "MessageSid", "From")
        return Incoming(
            message_id,
            sender,
            form.get("Body", ""),
            pictures=_number(form.get("NumMedia")),
            handled=form.get("OptOutType", "").lower() or None,
        )

    def report(self, request: WebRequest) -> Report:
        """The delivery report a webhook brings. Our key is in its address."""
        form = self._genuine(request)
        message_id, status = holding(form, "MessageSid", "MessageStatus")
        error = form.get("ErrorCode", "")
        return Report(
            message_id,
            _DELIVERIES.get(status, Delivery.ON_THE_WAY),
            key=request.query.get("key"),
            error=error,
            opted_out=error == str(OPTED_OUT),
        )

    def thanks(self) -> Answer:
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
            if error.status in {401, 403, *OVERLOADED} or error.status >= 500:
                # wrong credentials are for the service to mend; until then nothing is lost
                return TryLater(reason, uncertain=error.status >= 500)
            return Refused(reason)
        except Exception as error:
            return without_answer("Twilio", error)
        if not message.sid:
            return TryLater("an answer of Twilio without an id", uncertain=True)
        return Accepted(message.sid)

    async def already_sent(self, to: str, text: str, key: str, since: float) -> str | None:
        """Look for the text among the latest ones to this phone."""
        return await asyncio.to_thread(self._already_sent, to, text, since)

    def _already_sent(self, to: str, text: str, since: float) -> str | None:
        begun = _moment(since)
        for message in self._client.messages.list(to=to, from_=self._number, date_sent_after=begun, limit=20):
            earlier = message.date_created is not None and message.date_created < begun - CLOCKS_DIFFER
            if message.body == text and not earlier and message.status not in ("failed", "canceled"):
                return str(message.sid)
        return None

    async def received(self, since: float) -> list[Incoming]:
        """Texts to our number. Twilio gives a webhook up after its first failure, but keeps the text."""
        return await asyncio.to_thread(self._received, since)

    def _received(self, since: float) -> list[Incoming]:
        found = self._client.messages.list(to=self._number, date_sent_after=_moment(since), limit=MOST_LISTED)
        return [
            Incoming(
                message.sid,
                message.from_,
                message.body or "",
                pictures=_number(message.num_media),
                at=message.date_sent.timestamp() if message.date_sent else None,
            )
            for message in found
            if message.direction == "inbound"
        ]

    def _genuine(self, request: WebRequest) -> Form:
        signature = request.headers.get("x-twilio-signature", "")
        form = request.form
        if not signature or not self._validator.validate(request.url, form, signature):
            raise NotGenuine("the signature is missing or wrong")
        if form.get("AccountSid") != self._account_sid:
            raise NotGenuine("the request is for another account")
        return form


def _number(said: str | None) -> int:
    """A number that Twilio writes as text; 0 when it writes none."""
    return int(said) if said and said.isdigit() else 0


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
