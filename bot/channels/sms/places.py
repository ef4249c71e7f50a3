"""Where texts and the key of their phone numbers are kept."""

from __future__ import annotations

from bot.channels.sessions import signing_key
from bot.settings import ROOT, Settings


def text_database(here: Settings) -> str:
    """Where texts wait, as an SQLAlchemy address."""
    return here.sms_database or f"sqlite:///{ROOT / 'var' / 'texts.db'}"


def key_of_texts(here: Settings) -> str:
    """The key that locks phone numbers and makes their pseudonyms; a random one, kept in var/, when none is set."""
    return here.sms_key or signing_key(None, ROOT / "var" / "sms.key")
