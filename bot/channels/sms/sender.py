"""Sends what waits in the outbox: of each phone in order, each text once, and not at night where the phone is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from sqlalchemy import update

from bot.channels.sms.identity import zones_of_number
from bot.channels.sms.outbox import Outbox, ToSend
from bot.channels.sms.provider import Courier
from bot.channels.sms.quiet_hours import next_allowed_seconds
from bot.channels.sms.sending import Accepted, Refused, Sent, TryLater
from bot.channels.sms.store import Store, phones
from knowledge.text_messages import Numbers

logger = logging.getLogger(__name__)

SEND_SECONDS = 30.0
"""Longest a provider may take over one text, with all that it does."""


class Sender:
    """Hands the texts of the outbox to `couriers`, by name, and notes what became of each."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        couriers: Mapping[str, Courier],
        numbers: Numbers,
        clock: Callable[[], float],
        stopping: Callable[[], bool],
    ) -> None:
        """`stopping`: whether the process ends, so that no further text is begun."""
        self._store = store
        self._outbox = outbox
        self._couriers = couriers
        self._numbers = numbers
        self._clock = clock
        self._stopping = stopping

    async def send_next(self) -> bool:
        """Send what is due to one phone, in order; False when nothing is due."""
        phone = await asyncio.to_thread(self._outbox.claim_phone, self._clock(), tuple(self._couriers))
        if phone is None:
            return False
        try:
            while text := await asyncio.to_thread(self._outbox.next_text, phone, self._clock()):
                if not await self._send(text) or self._stopping():
                    break
        finally:
            await asyncio.to_thread(self._outbox.release, phone)
        return True

    async def _send(self, text: ToSend) -> bool:
        """Send one text; whether the next one may follow."""
        now, numbers = self._clock(), self._numbers
        if now - text.created_at > numbers.give_up_hours * 3600:
            await asyncio.to_thread(self._outbox.gone, text.id, "dropped", "too old")
            return True
        late = not text.reply or now - text.created_at > numbers.late_reply_minutes * 60
        if late and not text.danger:
            zones = zones_of_number(text.number)
            allowed = next_allowed_seconds(now, zones, numbers.quiet_from, numbers.quiet_to)
            if allowed > now:
                await asyncio.to_thread(self._outbox.hold, text.id, allowed)
                return False
        return await self._note(text, await self._hand_over(self._couriers[text.provider], text))

    @staticmethod
    async def _hand_over(provider: Courier, text: ToSend) -> Sent:
        try:
            if text.uncertain:
                earlier = provider.already_sent(text.number, text.text, text.key, text.first_try_at)
                message_id = await asyncio.wait_for(earlier, SEND_SECONDS)
                if message_id is not None:
                    return Accepted(message_id)
            return await asyncio.wait_for(provider.send(text.number, text.text, text.key), SEND_SECONDS)
        except asyncio.TimeoutError:
            return TryLater("no answer in time", uncertain=True)
        except Exception as error:
            logger.warning("Text messages: %s could not be asked (%s).", provider.name, type(error).__name__)
            return TryLater(type(error).__name__, uncertain=True)

    async def _note(self, text: ToSend, sent: Sent) -> bool:
        now = self._clock()
        if isinstance(sent, Accepted):
            await asyncio.to_thread(self._outbox.accepted, text.id, sent.message_id, now)
            return True
        logger.warning("Text messages: a text was not taken (%s).", sent.reason)
        if isinstance(sent, TryLater):
            await asyncio.to_thread(
                self._outbox.later, text, sent.reason, now, sent.after, uncertain=sent.uncertain
            )  # fmt: skip
            return False
        await asyncio.to_thread(self._refused, text, sent, now)
        return not sent.opted_out

    def _refused(self, text: ToSend, refused: Refused, now: float) -> None:
        self._outbox.gone(text.id, "failed", refused.reason)
        if refused.opted_out:
            with self._store.transaction() as connection:
                connection.execute(update(phones).where(phones.c.id == text.phone).values(opted_out_at=now))
                self._outbox.drop_waiting(connection, text.phone, "opted out")
