"""The signed cookie that ties a conversation to one browser: knowing a conversation's id is worth nothing."""

from __future__ import annotations

import os
import secrets
from hashlib import sha256
from pathlib import Path

from itsdangerous import BadData, TimestampSigner

from bot.settings import ROOT

KEY_FILE = ROOT / "var" / "cookie.key"
SHORTEST_SECRET = 16
DAYS_REMEMBERED = 30
SECONDS_REMEMBERED = DAYS_REMEMBERED * 24 * 60 * 60
"""How long a browser finds its conversation again after the last visit."""


COOKIE = "clonus_chat"
FRAMED_COOKIE = "clonus_chat_framed"
"""The same inside another site's page. Browsers keep it apart for each of those sites."""


def cookie_header(value: str, path: str, *, framed: bool, secure: bool) -> str:
    """The Set-Cookie header that gives a browser its conversation; an empty `value` takes it away.

    In a frame on another site only a cookie that says so is sent back (SameSite=None), and browsers take such a one
    only over https or from this machine; Partitioned ties it to that site. Sanic's cookies cannot say Partitioned.
    """
    age = SECONDS_REMEMBERED if value else 0
    parts = [f"{FRAMED_COOKIE if framed else COOKIE}={value}", f"Path={path}", f"Max-Age={age}", "HttpOnly"]
    parts += ["SameSite=None", "Secure", "Partitioned"] if framed else ["SameSite=Lax"]
    if secure and not framed:
        parts.append("Secure")
    return "; ".join(parts)


class Sessions:
    """Makes and reads the cookie values that stand for conversations."""

    def __init__(self, key: str) -> None:
        self._signer = TimestampSigner(key, salt="clonus.chat.conversation", digest_method=sha256)

    def new(self) -> str:
        """The id of a conversation nobody else has: 192 random bits."""
        return secrets.token_urlsafe(24)

    def sealed(self, conversation: str) -> str:
        """The cookie value that stands for a conversation, dated now."""
        return self._signer.sign(conversation).decode("ascii")

    def opened(self, cookie: str | None) -> str | None:
        """The conversation a cookie stands for; None when it is missing, forged or too old."""
        if not cookie:
            return None
        try:
            return self._signer.unsign(cookie, max_age=SECONDS_REMEMBERED).decode("ascii")
        except (BadData, UnicodeError):
            return None


def signing_key(secret: str | None, key_file: Path = KEY_FILE, setting: str = "CLONUS_COOKIE_SECRET") -> str:
    """The key that signs cookies: `secret` when it is set (by `setting`), otherwise a random one kept in `key_file`.

    The file is made at first use, for its owner only; every process of this machine reads the same one.
    Raises ValueError when the secret or the key in the file is too short to protect anything.
    """
    source = setting
    if secret is None:
        source = str(key_file)
        if not key_file.exists():
            _write_key(key_file)
        secret = key_file.read_text(encoding="ascii").strip()
    if len(secret) < SHORTEST_SECRET:
        raise ValueError(f"{source} must hold at least {SHORTEST_SECRET} characters.")
    return secret


def _write_key(key_file: Path) -> None:
    """Put a whole key in place in one step, so that a process starting beside this one never reads half of it."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    draft = key_file.with_name(f"{key_file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    try:
        os.link(draft, key_file)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink()
