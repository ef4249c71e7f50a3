"""Trial messages: what staff try out on the running bot. They leave nothing behind.

A trial conversation has an id that only the console can make, as it is signed: otherwise anybody could speak to the bot
without a record of a danger being kept.
"""

from __future__ import annotations

import secrets
from functools import lru_cache
from hashlib import sha256

from itsdangerous import BadData, TimestampSigner

from bot.channels.sessions import signing_key
from bot.settings import ROOT, settings

TRIAL = "trial-"
LASTS_SECONDS = 60
"""How long after it was made a trial may begin."""
KEY_FILE = ROOT / "var" / "staff.key"


@lru_cache(maxsize=1)
def _signer() -> TimestampSigner:
    key = signing_key(settings().staff_secret, KEY_FILE, "CLONUS_STAFF_SECRET")
    return TimestampSigner(key, salt="clonus.trial", digest_method=sha256)


def new_trial() -> str:
    """The id of a trial conversation."""
    return _signer().sign(f"{TRIAL}{secrets.token_hex(8)}").decode("ascii")


def is_trial(conversation: str) -> bool:
    """Whether a conversation is a trial, whose danger and questions are nobody's. Never raises."""
    return conversation.startswith(TRIAL) and _opened(conversation, None)


def may_begin(conversation: str) -> bool:
    """Whether this is a trial that was made just now."""
    return conversation.startswith(TRIAL) and _opened(conversation, LASTS_SECONDS)


def _opened(conversation: str, seconds: int | None) -> bool:
    try:
        _signer().unsign(conversation, max_age=seconds)
    except (BadData, UnicodeError, ValueError, OSError):
        return False
    return True
