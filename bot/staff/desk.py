"""What the console needs of the chat's side: the records, the conversations, phone numbers, and words without names."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from bot.channels.sms.identity import PSEUDONYM, Identity
from bot.channels.sms.places import key_of_texts, text_database
from bot.channels.sms.store import phones
from bot.databases import bring_up_to_date, has_table, open_engine, reading
from bot.desk.staff import Staff
from bot.desk.steps import NAME, STEPS, taken_before
from bot.names import without_identifiers
from bot.replies.check_in import interview
from bot.replies.content import Content
from bot.settings import ROOT, Settings
from bot.staff.accounts import Account
from bot.staff.conversations import Conversations, tracker_address
from bot.staff.roles import Role

if TYPE_CHECKING:
    from bot.staff.visit import Visit

logger = logging.getLogger(__name__)

WITHHELD = "[These words cannot be shown without what tells who wrote them.]"

SHOWN_ROLES = (Role.SUPPORT, Role.CLINICAL_REVIEWER)
"""Roles that answer people, the one that is shown first."""
ROLE_WORDS = {Role.SUPPORT: "support worker", Role.CLINICAL_REVIEWER: "clinician"}
"""How a person reads the role of who writes to them."""


class Desk:
    """Opened at first use, so that the console starts while the records are away."""

    def __init__(self, here: Settings, secret: str) -> None:
        self._here = here
        self._secret = secret.encode()
        self._opening = threading.Lock()
        self._engine: Engine | None = None
        self._content: Content | None = None
        self.conversations = Conversations(lambda: tracker_address(ROOT / "endpoints.yml"))

    @property
    def engine(self) -> Engine:
        """The records. Raises what SQLAlchemy raises when they cannot be reached."""
        with self._opening:
            if self._engine is None:
                engine = open_engine(self._here.records_database or f"sqlite:///{self._here.records_path}")
                bring_up_to_date(engine, NAME, STEPS, taken_before)
                self._engine = engine
        return self._engine

    @property
    def content(self) -> Content:
        """The words that people read, as the chat reads them."""
        if self._content is None:
            self._content = Content(self._here)
        return self._content

    def reading(self) -> AbstractContextManager[Connection]:
        """A transaction that only reads the records."""
        return reading(self.engine)

    @contextmanager
    def changing(self, visit: Visit) -> Iterator[tuple[Connection, Connection]]:
        """The records, and the log, to change both: what fails in one is not kept in the other."""
        with visit.console.database.transaction() as log, self.engine.begin() as records:
            yield records, log

    def pseudonym(self, conversation: str) -> str:
        """What staff call a person: the same for a conversation on every page, and no way back without the key."""
        digest = hmac.new(self._secret, f"clonus.staff.pseudonym {conversation}".encode(), hashlib.sha256).digest()
        return f"Person {base64.b32encode(digest)[:5].decode()}"

    def warm(self) -> None:
        """Load what the first page would have to wait for."""
        without_names("My foot bounces.")
        interview()

    def number_of(self, phone: str) -> str | None:
        """The number of a phone by its pseudonym; None when it is not known (any more). Raises KeyMismatch."""
        if not phone.startswith(PSEUDONYM):
            return None
        engine = open_engine(text_database(self._here))
        try:
            with reading(engine) as connection:
                if not has_table(connection, phones.name):
                    return None
                locked = connection.execute(select(phones.c.number).where(phones.c.id == phone)).scalar()
        finally:
            engine.dispose()
        return Identity(key_of_texts(self._here)).opened(locked) if locked else None

    def close(self) -> None:
        """Close every connection."""
        if self._engine is not None:
            self._engine.dispose()


def staff_of(account: Account) -> Staff:
    """An account as the desk and the people it writes to know it."""
    role = next((role for role in SHOWN_ROLES if role in account.roles), Role.SUPPORT)
    return Staff(account.id, account.first_name, ROLE_WORDS[role])


def without_names(text: str) -> str:
    """A text without what could tell who wrote it; a note in its place when that cannot be told."""
    try:
        return _without_names(text)
    except Exception:
        logger.exception("What tells who wrote a text cannot be found.")
        return WITHHELD


_without_names = lru_cache(maxsize=2000)(without_identifiers)
