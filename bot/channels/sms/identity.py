"""Who a phone is to us: a keyed pseudonym everywhere, and its number locked away for replying only."""

from __future__ import annotations

import base64
import hmac
from hashlib import sha256

import phonenumbers
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from phonenumbers import timezone

from knowledge.regions import Region, Regions

SHORTEST_KEY = 16
PSEUDONYM = "phone-"
"""What the pseudonym of every phone begins with."""
NOT_THE_COUNTRY_CODE = {"GB": "UK", "GG": "UK", "JE": "UK", "IM": "UK"}
"""Countries of the telephone network that our regions call by another name."""


class KeyMismatch(Exception):
    """A number was locked with another key."""


class Identity:
    """Pseudonyms and locked numbers under one secret key.

    Raises ValueError when the key is too short to protect anything.
    """

    def __init__(self, key: str) -> None:
        if len(key) < SHORTEST_KEY:
            raise ValueError(f"CLONUS_SMS_KEY must hold at least {SHORTEST_KEY} characters.")
        self._pseudonym_key = _derived(key, b"pseudonym")
        self._lock = Fernet(base64.urlsafe_b64encode(_derived(key, b"number")))

    def pseudonym(self, number: str) -> str:
        """The name by which Rasa, logs and staff know a phone; the same for the same number and key."""
        digest = hmac.new(self._pseudonym_key, number.encode(), sha256).hexdigest()
        return f"{PSEUDONYM}{digest[:24]}"

    def locked(self, text: str) -> str:
        """A number or a message as it may lie on a disk."""
        return self._lock.encrypt(text.encode()).decode("ascii")

    def opened(self, locked: str) -> str:
        """The reverse of `locked`. Raises KeyMismatch when it was locked with another key."""
        try:
            return self._lock.decrypt(locked.encode("ascii")).decode()
        except InvalidToken as error:
            raise KeyMismatch("CLONUS_SMS_KEY is not the key that phone numbers were locked with.") from error


def _derived(key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"clonus.sms." + purpose).derive(key.encode())


def international(number: str) -> str | None:
    """A number as +14155550100, whether the provider writes the plus or not; None for what is no telephone number,
    such as a short code or a sender's name."""
    digits = number.strip().removeprefix("+")
    if not digits.isascii() or not digits.isdigit():
        return None
    try:
        parsed = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    return f"+{digits}" if phonenumbers.is_possible_number(parsed) else None


def region_of_number(number: str, regions: Regions) -> Region:
    """The region whose numbers help this phone: by its country, else by its code; the unknown region otherwise."""
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        country = None
    named = regions.get(NOT_THE_COUNTRY_CODE.get(country or "", country))
    if named.known:
        return named
    by_code = regions.from_phone(number)
    # +1 is shared by two dozen countries, and not all of them answer 911
    return regions.get(None) if number.startswith("+1") else by_code


def zones_of_number(number: str) -> tuple[str, ...]:
    """The time zones a phone of this number may be in; empty when none is known."""
    try:
        found = timezone.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in found if zone != timezone.UNKNOWN_TIMEZONE)
