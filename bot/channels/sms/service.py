"""The service behind all connectors of one process: takes texts in, answers them, and sends the replies.

Whatever must not be lost is in the store before anything else happens. Other processes may share the store: a phone is
answered by one at a time, and sent to by one at a time.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy import select, update

from bot.channels.conversation_log import Keeper
from bot.channels.guard import Guard, Handler
from bot.channels.page_messages import replies_to, restored
from bot.channels.running_turn import Message
from bot.channels.sms.conversation import Answered, Conversation, Numbers, region_of
from bot.channels.sms.forgetting import claim_forgotten, forget_phone, forget_silent_phones, let_go
from bot.channels.sms.identity import Identity, international, region_of_number
from bot.channels.sms.inbox import MOST_TRIES, Inbox, Receipt, Waiting
from bot.channels.sms.keywords import keyword_of
from bot.channels.sms.loops import Loops, Step
from bot.channels.sms.lost_texts import LostTexts
from bot.channels.sms.outbox import Outbox, Outgoing
from bot.channels.sms.provider import Courier
from bot.channels.sms.sender import Sender
from bot.channels.sms.store import Store, phones
from bot.channels.sms.webhooks import Incoming, Report
from bot.channels.staff_delivery import StaffDelivery
from bot.channels.staff_words import write_from_staff
from bot.databases import Row
from bot.desk.messages import ToDeliver
from bot.engine.tracker_store import MESSAGE_ID
from bot.engine.turn_loop import turn_loop
from bot.erasing import ERASED_AGAIN, erase_conversation
from bot.records import records
from bot.replies.content import Content
from knowledge.text_messages import TextMessages

logger = logging.getLogger(__name__)

CHANNEL = "sms"
TURN_SECONDS = 15.0
"""Longest the bot may take over a text; nobody watches a text being written."""
WORKERS, SENDERS = 4, 8
"""Phones answered, and sent to, at the same time."""
HOLD_SECONDS = 2.0
"""How often a worker says that it is still answering a phone."""
CLEAN_SECONDS = 3600.0


class TextService:
    """Takes in, answers and sends the texts of all connectors of this process."""

    def __init__(
        self,
        store: Store,
        identity: Identity,
        content: Content,
        words: TextMessages,
        *,
        public_url: str | None = None,
        keep_days: int = 30,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.store = store
        self.identity = identity
        self.inbox = Inbox(store, identity)
        self.outbox = Outbox(store, identity)
        self.providers: dict[str, Courier] = {}
        self._content = content
        self._words = words
        self._keep_seconds = keep_days * 86400.0
        self._clock = clock
        self._conversation = Conversation(content, words, public_url, self._say)
        self._guard = Guard(TURN_SECONDS)
        self._handler: Handler | None = None
        self._keeper: Callable[[], Keeper] | None = None
        self._loops = Loops()
        self._in, self._out = Step(self.answer_next, WORKERS), Step(self.send_next, SENDERS)
        self._lost, self._said = Step(self.take_in_lost), Step(self.take_from_staff)
        self._cleaned_at = 0.0
        self._staff = StaffDelivery([CHANNEL], self._deliver_from_staff, clock)
        self._sender = Sender(store, self.outbox, self.providers, words.numbers, self._now, lambda: self._loops.ending)
        self._lost_texts = LostTexts(self.inbox, self.providers, self.receive, words.numbers.give_up_hours, self._now)

    def _now(self) -> float:
        return self._clock()

    def check_key(self) -> None:
        """Raises KeyMismatch when what is kept was locked with another key."""
        with self.store.transaction() as connection:
            kept = connection.execute(select(phones.c.number).where(phones.c.number.is_not(None)).limit(1)).scalar()
        if kept is not None:
            self.identity.opened(kept)

    def add(self, provider: Courier) -> None:
        """Let a provider's texts be answered."""
        self.providers[provider.name] = provider

    def connect(self, handler: Handler, keeper: Callable[[], Keeper]) -> None:
        """Say who answers, and through whom a conversation is read and written."""
        self._handler, self._keeper = handler, keeper

    def start(self) -> None:
        """Begin to answer and to send, in the running event loop. Again: nothing."""
        self._loops.start([self._in, self._out, self._lost, self._said])

    async def stop(self) -> None:
        """End soon: what is begun is finished, so that a text a provider has just taken is noted as sent.

        What takes too long is taken up again by the next process.
        """
        await self._loops.stop()

    async def receive(self, provider: Courier, message: Incoming) -> Receipt:
        """Keep a message. It is answered later; when this returns, it cannot be lost any more."""
        number = international(message.sender)
        if number is None:
            return Receipt.NEW  # a short code or a name: a machine's text, which cannot be answered
        region = region_of_number(number, self._content.regions)
        receipt = await asyncio.to_thread(
            self.inbox.put, provider.name, message, number, region.region if region.known else None,
            provider.repeats_for, self._clock(),
        )  # fmt: skip
        self._in.wake.set()
        return receipt

    async def take_in_lost(self) -> bool:
        """Now and then keep the texts whose webhook never arrived. False: nothing more to do for the moment."""
        return await self._lost_texts.take_in()

    async def send_next(self) -> bool:
        """Send what is due to one phone, in order; False when nothing is due."""
        return await self._sender.send_next()

    async def report(self, provider: Courier, report: Report) -> None:
        """Take a delivery report in."""
        await asyncio.to_thread(self.outbox.report, provider.name, report, self._clock())

    async def tell(self, phone: str, text: str, cause: str) -> bool:
        """Send a text that is no reply, once for each `cause`: it waits for the morning where the phone is.

        False, and nothing is sent, when the phone is not known, was forgotten, or opted out.
        """
        return await asyncio.to_thread(self._tell, phone, text, cause)

    def _tell(self, phone: str, text: str, cause: str) -> bool:
        with self.store.transaction() as connection:
            row = connection.execute(select(phones).where(phones.c.id == phone)).mappings().first()
            if row is None or row["number"] is None or row["opted_out_at"] is not None:
                return False
            self.outbox.put(connection, phone, f"told:{cause}", [Outgoing(text)], self._clock(), reply=False)
        return True

    async def take_from_staff(self) -> bool:
        """Take what staff say to one phone into the outbox; False when nothing waits."""
        if self._keeper is None or not self.providers:
            return False
        taken = bool(await self._staff.deliver_next())
        if taken:
            self._out.wake.set()
        return taken

    async def _deliver_from_staff(self, message: ToDeliver) -> str | None:
        keeper = self._keeper
        if keeper is None:
            raise RuntimeError("the conversations cannot be written yet")
        await turn_loop().run(write_from_staff(keeper(), message))
        return await asyncio.to_thread(self._keep_from_staff, message)

    def _keep_from_staff(self, message: ToDeliver) -> str | None:
        """Keep the texts of a message of staff, once. They are a reply as long as the person wrote not long ago."""
        now = self._clock()
        phone = message.conversation
        with self.store.transaction() as connection:
            row = connection.execute(select(phones).where(phones.c.id == phone)).mappings().first()
            if row is None or row["number"] is None:
                return "the number is not known any more"
            if row["opted_out_at"] is not None:
                return "the person asked for no more texts"
            texts = self._conversation.drawing(region_of(row)).from_staff(message.sender, message.text)
            heard = datetime.fromisoformat(message.heard_at).timestamp() if message.heard_at else 0.0
            waits = now - heard < self._words.numbers.late_reply_minutes * 60
            self.outbox.put(connection, phone, f"staff:{message.key}", texts, now, reply=waits)
            unasked: Row = {"choices": None, "question": None, "question_text": None, "pages": None}
            connection.execute(update(phones).where(phones.c.id == phone).values(**unasked))
        return None

    async def settle(self) -> None:
        """Answer and send all that can be now; for a phone in the terminal, and for tests."""
        while await self.answer_next() or await self.take_from_staff() or await self.send_next():
            pass

    # -- answering ---------------------------------------------------------------------------------------------------

    async def answer_next(self) -> bool:
        """Answer the messages that are next; False when none waits."""
        now = self._clock()
        await self._tidy(now)
        messages = await asyncio.to_thread(self.inbox.claim, now, self._words.numbers.most_joined, self._together)
        if not messages:
            return False
        first = messages[0]
        held = asyncio.ensure_future(self._hold(first.phone))
        try:
            row = await asyncio.to_thread(self._phone, first.phone)
            message = replace(
                messages[-1], key=first.key, text="\n".join(message.text for message in messages), tries=first.tries
            )
            numbers = await asyncio.to_thread(self._numbers, row, message)
            provider = self.providers.get(row["provider"])
            answered = await self._conversation.answer(
                row, message, now=now, numbers=numbers,
                answers_keywords=bool(provider and provider.answers_keywords),
                silence=await asyncio.to_thread(self.outbox.silence, first.phone, now),
                held=await self._guard.holder(first.phone) is not None,
            )  # fmt: skip
            if answered.forget:
                await self._forget(first.phone, first.id)
            await asyncio.to_thread(self._finish, [message.id for message in messages], first, answered)
        except BaseException:
            await asyncio.to_thread(self.inbox.release, first.phone)
            raise
        finally:
            held.cancel()
        self._out.wake.set()
        return True

    async def _hold(self, phone: str) -> None:
        """Hold a phone for as long as its answer takes."""
        while True:
            await asyncio.sleep(HOLD_SECONDS)
            await asyncio.to_thread(self.inbox.hold, phone, self._clock())

    def _together(self, waiting: list[Waiting]) -> list[Waiting]:
        """One message; or, of a phone that sends many at once, all up to the first that is no plain message."""
        if len(waiting) < self._words.numbers.join_from:
            return waiting[:1]
        plain = [self._is_plain(message) for message in waiting]
        end = plain.index(False) if False in plain else len(plain)
        return waiting[: max(1, end)]

    def _is_plain(self, message: Waiting) -> bool:
        return not message.handled and not message.pictures and keyword_of(message.text, self._words) is None

    def _phone(self, phone: str) -> Row:
        with self.store.transaction() as connection:
            return dict(connection.execute(select(phones).where(phones.c.id == phone)).mappings().one())

    def _numbers(self, row: Row, message: Waiting) -> Numbers:
        """Whether the question whose numbers count was there to be read when this message was sent."""
        if row["question_text"] is None:
            return Numbers.SEEN
        state, accepted_at = self.outbox.fate(row["question_text"])
        if accepted_at is None:
            return Numbers.ON_THE_WAY if state in ("waiting", "sending") else Numbers.UNSEEN
        provider = self.providers.get(row["provider"])
        fastest = provider.fastest_reply if provider else 0.0
        return Numbers.SEEN if message.received_at >= accepted_at + fastest else Numbers.UNSEEN

    async def _say(self, message: Waiting, text: str, region: str | None) -> list[Message]:
        """The bot's replies. A turn that an earlier process finished without keeping the replies is not run twice."""
        if message.tries and (said := await self._said_before(message)):
            return said
        handler = self._handler if message.tries < MOST_TRIES else None
        metadata = {MESSAGE_ID: message.key, "region": region}
        keeper = self._keeper() if self._keeper is not None else None
        return await self._guard.replies(handler or _silent, text, message.phone, CHANNEL, metadata, region, keeper)

    async def _said_before(self, message: Waiting) -> list[Message]:
        if self._keeper is None:
            return []
        try:
            tracker = await self._keeper().tracker_store.retrieve_full_tracker(message.phone)
        except Exception:
            logger.exception("A conversation could not be read.")
            return []
        # what staff said meanwhile has a way of its own to the phone
        said = [
            reply
            for reply in (replies_to(message.key, restored(tracker.events)) if tracker else [])
            if not reply["metadata"].get("sender")
        ]
        return [
            {
                "recipient_id": message.phone,
                "text": reply["text"],
                "buttons": [{"title": title, "payload": title} for title in reply["buttons"]],
                "metadata": reply["metadata"],
            }
            for reply in said
        ]

    def _finish(self, ids: list[int], first: Waiting, answered: Answered) -> None:
        """Note the messages as answered, keep the replies, and change the phone: all at once."""
        now = self._clock()
        # a person who goes on after "forget me" is known again
        changes: dict[str, Any] = {**answered.changes, "turn_until": 0.0, "forget": answered.forget}
        with self.store.transaction() as connection:
            self.inbox.done(connection, ids)
            if answered.drop_waiting:
                self.outbox.drop_waiting(connection, first.phone, "the person asked for no more")
            opted_out = connection.execute(select(phones.c.opted_out_at).where(phones.c.id == first.phone)).scalar()
            texts = answered.texts
            if opted_out is not None and "opted_out_at" not in changes:
                texts = ()  # the provider told so while the answer was made
            kept = self.outbox.put(connection, first.phone, first.key, texts, now)
            if "choices" in changes or answered.question_text is not None:
                place = answered.question_text
                changes["question_text"] = kept[place] if place is not None and kept else None
            connection.execute(update(phones).where(phones.c.id == first.phone).values(**changes))

    async def _forget(self, phone: str, up_to: int) -> None:
        """Erase what was told up to a message. What cannot be erased now is logged; `_let_go` does it when it can."""
        self._guard.forget(phone)
        await asyncio.to_thread(forget_phone, self.store, phone, up_to)
        try:
            await self._erase(phone)
        except Exception:
            logger.exception("The conversation of %s could not be erased yet.", phone)

    async def _erase(self, phone: str) -> None:
        """Delete a conversation with all that staff see of it."""
        if self._keeper is not None:
            await asyncio.to_thread(erase_conversation, phone, self._keeper().tracker_store, records())

    async def _tidy(self, now: float) -> None:
        numbers = self._words.numbers
        await asyncio.to_thread(self.inbox.join_late_parts, now, numbers.parts_wait_seconds)
        if now - self._cleaned_at > CLEAN_SECONDS:
            self._cleaned_at = now
            for box in (self.inbox, self.outbox):
                await asyncio.to_thread(box.forget_old, now - numbers.kept_days * 86400)
            await asyncio.to_thread(forget_silent_phones, self.store, now - self._keep_seconds)
        while phone := await asyncio.to_thread(claim_forgotten, self.store, now, ERASED_AGAIN):
            await self._let_go(phone)

    async def _let_go(self, phone: str) -> None:
        """Erase once more what was on its way when a person asked to be forgotten, and their number with it."""
        try:
            await self._erase(phone)
        except Exception:
            logger.exception("The conversation of %s could not be erased. It is tried again.", phone)
        else:
            await asyncio.to_thread(let_go, self.store, phone)


async def _silent(message: UserMessage) -> None:
    """A bot that says nothing: the guard then answers by itself."""
