"""Phones, a provider that does as it is told, and a clock, around the real service."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sqlalchemy import event

from bot.channels.guard import Handler
from bot.channels.sms.identity import Identity
from bot.channels.sms.inbox import Receipt
from bot.channels.sms.sending import Accepted, Sent
from bot.channels.sms.service import TextService
from bot.channels.sms.store import Store, inbox, outbox, phones
from bot.channels.sms.webhooks import Incoming, Part
from bot.databases import Row
from bot.replies.content import content
from knowledge.text_messages import load_text_messages
from tests.channels.page_server import ScriptedBot

KEY = "a key for tests only"
AMERICAN, BRITISH, BRAZILIAN = "+14155550100", "+447700900123", "+5511912345678"
NOON = 1_768_500_000.0
"""A Thursday, ten in the morning in California and six in the evening in Britain."""
WORDS = load_text_messages()


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@dataclass
class Carrier:
    """A provider in memory. `outcomes` are what the next attempts come to (taken when empty); an attempt that is
    `uncertain` was taken all the same when `sent_before` names it. `came` holds every text that reached a phone, in
    order; `has` are texts of phones that it knows of, as it is asked for them (`asked_since`)."""

    name: str = "carrier"
    repeats_for: float = 3600.0
    fastest_reply: float = 2.0
    answers_keywords: bool = False
    outcomes: deque[Sent] = field(default_factory=deque)
    came: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    attempts: int = 0
    sent_before: str | None = None
    has: list[Incoming] = field(default_factory=list)
    asked_since: list[float] = field(default_factory=list)

    async def send(self, to: str, text: str, key: str) -> Sent:
        self.attempts += 1
        outcome = self.outcomes.popleft() if self.outcomes else Accepted(f"C{self.attempts}")
        if isinstance(outcome, Accepted):
            self.came.append((to, text))
            self.keys.append(key)
        return outcome

    async def already_sent(self, to: str, text: str, key: str, since: float) -> str | None:
        return self.sent_before

    async def received(self, since: float) -> list[Incoming]:
        self.asked_since.append(since)
        return self.has


class Desk:
    """The service with one carrier and a bot, in a folder of its own. `key` makes the names of its conversations."""

    make: type[TextService] = TextService

    def __init__(self, folder: Path, bot: ScriptedBot | None = None, *, key: str = KEY) -> None:
        self.folder = folder
        self.key = key
        self.clock = Clock()
        self.bot = bot or ScriptedBot()
        self.carrier = Carrier()
        self._ids = count(1)
        self.service = self.open()

    def open(self, handler: Handler | None = None) -> TextService:
        """The service as another process, or this one after a restart, has it."""
        store = Store(f"sqlite:///{self.folder / 'texts.db'}")
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        store.close()  # tests need not survive a power cut: the next connection does not wait for the disk
        service = self.make(store, Identity(self.key), content(), WORDS, clock=self.clock)
        service.add(self.carrier)
        service.connect(handler or self.bot.handle_message, lambda: self.bot)
        return service

    async def arrives(
        self, text: str, sender: str = AMERICAN, *, message_id: str | None = None, pictures: int = 0,
        part: Part | None = None, at: float | None = None, handled: str | None = None,
    ) -> Receipt:  # fmt: skip
        """A text arrives, and nothing is done yet."""
        message = Incoming(message_id or f"M{next(self._ids)}", sender, text, pictures, part, at, handled)
        return await self.service.receive(self.carrier, message)

    async def settle(self) -> list[str]:
        """Let everything be answered and sent; the texts that reached phones by that."""
        before = len(self.carrier.came)
        await self.service.settle()
        return [text for _, text in self.carrier.came[before:]]

    async def say(self, text: str, sender: str = AMERICAN, **rest: object) -> list[str]:
        """A person texts when all is quiet; the texts that come back."""
        self.clock.now += 60
        await self.arrives(text, sender, **rest)  # type: ignore[arg-type]
        return await self.settle()

    def phone(self, number: str = AMERICAN) -> Row:
        """What is kept of a phone."""
        pseudonym = self.service.identity.pseudonym(number)
        return next(row for row in self.service.store.rows(phones) if row["id"] == pseudonym)

    def inbox(self) -> list[Row]:
        """Everything in the inbox."""
        return self.service.store.rows(inbox)

    def outbox(self) -> list[Row]:
        """Everything in the outbox."""
        return self.service.store.rows(outbox)


def said(name: str, emergency: str = "911") -> str:
    """A text of the medium."""
    return WORDS.texts[name].replace("{emergency}", emergency)


def is_help_coming(words: str) -> str:
    """What follows an escalation when the scripted bot answers with `words` of the person."""
    return f"Is help on the way?\nYou wrote: {words}\n1 Help is on the way\n2 I cannot call\n3 I am fine now"
