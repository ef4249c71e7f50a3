"""Secrets of the console: random tokens, what is kept of them, and what is locked with the console's key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet, InvalidToken


def new_token() -> str:
    """A token nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def kept(token: str) -> str:
    """What is kept of a random token: its hash, from which it cannot be told."""
    return hashlib.sha256(token.encode()).hexdigest()


class Key:
    """The console's key: seals form tokens to a browser, and locks secrets at rest."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._lock = Fernet(base64.urlsafe_b64encode(self._made_for("lock")))

    def form_token(self, session: str) -> str:
        """The token that a form sent by the browser with this session must carry."""
        return hmac.new(self._made_for("form"), session.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, token: str, session: str) -> bool:
        """Whether a form's token belongs to this session."""
        return hmac.compare_digest(token.encode(), self.form_token(session).encode())

    def locked(self, text: str) -> str:
        """`text` as it may be kept."""
        return self._lock.encrypt(text.encode()).decode("ascii")

    def unlocked(self, text: str) -> str | None:
        """What was locked; None when it was locked with another key."""
        try:
            return self._lock.decrypt(text.encode()).decode()
        except InvalidToken:
            return None

    def _made_for(self, purpose: str) -> bytes:
        return hmac.new(self._secret, f"clonus.staff.{purpose}".encode(), hashlib.sha256).digest()
