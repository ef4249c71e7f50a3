"""Passwords: argon2 hashes, and which passwords are accepted."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5

_hasher = PasswordHasher()


def problem_with(password: str, *about: str) -> str | None:
    """Why a password is not accepted, as a sentence; None when it is. `about`: the name and e-mail it must not be."""
    if len(password) < SHORTEST:
        return f"The password needs at least {SHORTEST} characters. A few words in a row are good."
    if len(password) > LONGEST:
        return f"The password may have {LONGEST} characters at most."
    if len(set(password.casefold())) < FEWEST_DIFFERENT:
        return "The password repeats the same few characters. Choose other words."
    parts = {part.casefold() for words in about for part in (words, words.split("@")[0]) if len(part) > 2}
    if any(part in password.casefold() and len(password) - len(part) < SHORTEST // 2 for part in parts):
        return "The password is nearly the name or e-mail address. Choose other words."
    return None


def hashed(password: str) -> str:
    """The argon2 hash to keep."""
    return _hasher.hash(password)


@lru_cache(maxsize=1)
def _nobody() -> str:
    return hashed("nobody has this password")


def is_right(password: str, kept: str | None) -> bool:
    """Whether `password` belongs to the kept hash. Without one it takes as long and says no, so that the time an
    answer takes does not tell whether an account exists."""
    try:
        return _hasher.verify(kept or _nobody(), password[: LONGEST + 1]) and kept is not None
    except (Argon2Error, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)
