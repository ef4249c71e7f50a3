"""`clonus erase`: delete one conversation, or all whose time is over."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone

from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rich.console import Console

from bot.channels.sms.forgetting import forget_phone, let_go
from bot.channels.sms.identity import PSEUDONYM
from bot.channels.sms.places import text_database
from bot.channels.sms.store import Store
from bot.erasing import CannotErase, Erased, erase_before, erase_conversation
from bot.quiet import be_quiet
from bot.records import records
from bot.settings import ROOT, settings


def tracker_store() -> TrackerStore:
    """Where the running bot keeps conversations, as endpoints.yml says."""
    os.chdir(ROOT)  # endpoints.yml names its database from there
    return TrackerStore.create(AvailableEndpoints.read_endpoints("endpoints.yml").tracker_store)


def run(conversation: str | None, expired: bool) -> int:
    """Delete what is asked for and say how much it was; the exit code."""
    be_quiet()
    console = Console(highlight=False)
    if (conversation is None) == (not expired):
        console.print("Name one conversation, or say --expired.", style="red")
        return 2
    try:
        erased = _erase(conversation)
    except CannotErase as problem:
        console.print(str(problem), style="red")
        return 1
    phone = conversation is not None and _erase_phone(conversation)
    if conversation is not None and erased == Erased(0, 0) and not phone:
        console.print(f"Nothing is kept of a conversation '{conversation}'.", style="red", markup=False)
        return 1
    console.print(f"Deleted: {erased.conversations} conversation(s), {erased.records} record(s).")
    return 0


def _erase(conversation: str | None) -> Erased:
    store = tracker_store()
    if conversation is not None:
        return erase_conversation(conversation, store, records())
    return erase_before(datetime.now(timezone.utc) - timedelta(days=settings().keep_days), store, records())


def _erase_phone(conversation: str) -> bool:
    """Delete the number of the phone that a conversation by text message belongs to; whether there was one."""
    if not conversation.startswith(PSEUDONYM):
        return False
    store = Store(text_database(settings()))
    try:
        forget_phone(store, conversation)
        return let_go(store, conversation)
    finally:
        store.close()
