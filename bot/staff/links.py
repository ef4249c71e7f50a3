"""One-time links: to make the first account, to join, to choose a new password. Only a hash of each is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.staff.accounts_tables import links
from bot.staff.roles import Role
from bot.staff.tokens import kept, new_token

LASTS_SECONDS = {"first": 24 * 3600.0, "invitation": 7 * 24 * 3600.0, "password": 24 * 3600.0}


class Purpose(str, Enum):
    """What a link is for."""

    FIRST = "first"
    INVITATION = "invitation"
    PASSWORD = "password"


@dataclass(frozen=True)
class Link:
    """A link that can be used."""

    id: str
    purpose: Purpose
    email: str
    name: str
    roles: frozenset[Role]
    account: int | None
    made_at: float
    expires_at: float


def make(
    connection: Connection,
    purpose: Purpose,
    now: float,
    *,
    email: str = "",
    name: str = "",
    roles: Iterable[Role] = (),
    account: int | None = None,
    made_by: int | None = None,
) -> str:
    """A new link; its token. Earlier unused links for the same thing can no longer be used."""
    same = (links.c.purpose == purpose.value) & (links.c.email == email) & links.c.used_at.is_(None)
    connection.execute(links.delete().where(same))
    token = new_token()
    values = {
        "token_hash": kept(token),
        "purpose": purpose.value,
        "email": email,
        "name": name,
        "roles": " ".join(sorted(role.value for role in roles)),
        "account": account,
        "made_by": made_by,
        "made_at": now,
        "expires_at": now + LASTS_SECONDS[purpose.value],
    }
    connection.execute(links.insert().values(**values))
    return token


def find(connection: Connection, token: str, now: float) -> Link | None:
    """The link of a token; None when it is unknown, used or too old."""
    row = connection.execute(select(links).where(links.c.token_hash == kept(token))).mappings().first()
    return _link(row) if row and row["used_at"] is None and row["expires_at"] > now else None


def use(connection: Connection, link: Link, now: float) -> bool:
    """Use a link up; False when somebody else was first."""
    unused = (links.c.token_hash == link.id) & links.c.used_at.is_(None)
    return bool(connection.execute(links.update().where(unused).values(used_at=now)).rowcount)


def open_invitations(connection: Connection, now: float) -> list[Link]:
    """Invitations nobody has used yet, newest first."""
    query = (
        select(links)
        .where(links.c.purpose == Purpose.INVITATION.value, links.c.used_at.is_(None), links.c.expires_at > now)
        .order_by(links.c.made_at.desc())
    )
    return [_link(row) for row in connection.execute(query).mappings()]


def withdraw(connection: Connection, link: str) -> Link | None:
    """Take an unused invitation back; what it was, None when there is none."""
    row = connection.execute(select(links).where(links.c.token_hash == link, links.c.used_at.is_(None))).mappings()
    found = row.first()
    if found is None:
        return None
    connection.execute(links.delete().where(links.c.token_hash == link))
    return _link(found)


def _link(row: Mapping[str, Any]) -> Link:
    return Link(
        id=row["token_hash"],
        purpose=Purpose(row["purpose"]),
        email=row["email"],
        name=row["name"],
        roles=frozenset(Role(role) for role in row["roles"].split()),
        account=row["account"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
    )
