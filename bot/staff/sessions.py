"""Who is signed in, in which browser. Sessions are kept on the server: ending one ends it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.staff.accounts_tables import accounts, sessions
from bot.staff.tokens import kept, new_token

CODE_SECONDS = 10 * 60
"""How long after the password the code is waited for."""
SEEN_EVERY = 60.0
"""Seconds between two notes that a session is in use."""
LONGEST_BROWSER = 200


@dataclass(frozen=True)
class Session:
    """A browser that is signed in; `complete` once every factor was shown."""

    id: str
    account: int
    complete: bool
    created_at: float
    seen_at: float
    browser: str


@dataclass(frozen=True)
class Limits:
    """Seconds a session lasts without a visit, and at all."""

    idle: float
    longest: float


def start(connection: Connection, account: int, browser: str, now: float, *, complete: bool) -> str:
    """A new session; its token, for the cookie. A browser never keeps the token it had before it signed in."""
    token = new_token()
    values = {
        "token_hash": kept(token),
        "account": account,
        "complete": complete,
        "created_at": now,
        "seen_at": now,
        "browser": browser[:LONGEST_BROWSER],
        "flash": "[]",
    }
    connection.execute(sessions.insert().values(**values))
    if complete:
        connection.execute(accounts.update().where(accounts.c.id == account).values(signed_in_at=now))
    return token


def find(connection: Connection, token: str, now: float, limits: Limits) -> Session | None:
    """The session a cookie stands for; None when it is unknown or over."""
    row = connection.execute(select(sessions).where(sessions.c.token_hash == kept(token))).mappings().first()
    if row is None:
        return None
    lasts = limits.longest if row["complete"] else CODE_SECONDS
    if now - row["created_at"] > lasts or now - row["seen_at"] > limits.idle:
        return None
    return _session(row)


def seen(connection: Connection, session: Session, now: float) -> None:
    """Note that a session is in use."""
    connection.execute(sessions.update().where(sessions.c.token_hash == session.id).values(seen_at=now))


def of_account(connection: Connection, account: int, now: float, limits: Limits) -> list[Session]:
    """Where an account is signed in, newest first."""
    query = (
        select(sessions)
        .where(sessions.c.account == account, sessions.c.complete.is_(True))
        .where(sessions.c.created_at > now - limits.longest, sessions.c.seen_at > now - limits.idle)
        .order_by(sessions.c.created_at.desc())
    )
    return [_session(row) for row in connection.execute(query).mappings()]


def end(connection: Connection, session: str) -> None:
    """End one session."""
    connection.execute(sessions.delete().where(sessions.c.token_hash == session))


def forget_old(connection: Connection, now: float, limits: Limits) -> None:
    """Delete the sessions that are over."""
    over = (sessions.c.created_at < now - limits.longest) | (sessions.c.seen_at < now - limits.idle)
    connection.execute(sessions.delete().where(over))


def say_later(connection: Connection, session: str, kind: str, text: str) -> None:
    """Keep a message for the next page of this browser; `kind` is "done" or "problem"."""
    waiting = connection.execute(select(sessions.c.flash).where(sessions.c.token_hash == session)).scalar()
    if waiting is not None:
        flash = json.dumps([*json.loads(waiting), [kind, text]], ensure_ascii=False)
        connection.execute(sessions.update().where(sessions.c.token_hash == session).values(flash=flash))


def messages_wait(connection: Connection, session: str) -> bool:
    """Whether messages wait for this browser."""
    waiting = connection.execute(select(sessions.c.flash).where(sessions.c.token_hash == session)).scalar()
    return waiting not in (None, "[]")


def take_messages(connection: Connection, session: str) -> list[tuple[str, str]]:
    """The messages that wait for this browser, each once."""
    waiting = json.loads(
        connection.execute(select(sessions.c.flash).where(sessions.c.token_hash == session)).scalar() or "[]"
    )
    if waiting:
        connection.execute(sessions.update().where(sessions.c.token_hash == session).values(flash="[]"))
    return [(kind, text) for kind, text in waiting]


def _session(row: Mapping[str, Any]) -> Session:
    names = ("account", "complete", "created_at", "seen_at", "browser")
    return Session(id=row["token_hash"], **{name: row[name] for name in names})
