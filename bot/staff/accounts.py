"""Accounts of staff: who they are and which roles they have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from bot.staff.accounts_tables import accounts, recovery_codes, roles, sessions
from bot.staff.passwords import hashed
from bot.staff.roles import Permission, Role, permitted

EMAIL = re.compile(r"^[^\s@]+@[^\s@]+$")
LONGEST_EMAIL, LONGEST_NAME, LONGEST_FIRST_NAME = 200, 100, 50


class AccountProblem(Exception):
    """What stands against a change, as a sentence for the person who asked for it."""


@dataclass(frozen=True)
class Account:
    """A person of the service."""

    id: int
    email: str
    name: str
    first_name: str
    active: bool
    roles: frozenset[Role]
    created_at: float
    signed_in_at: float | None
    second_factor: bool

    def may(self, permission: Permission) -> bool:
        """Whether the person may do this."""
        return permission in permitted(self.roles)

    @property
    def role_titles(self) -> str:
        """The roles in words."""
        return ", ".join(role.title for role in Role if role in self.roles) or "No role"


def tidy_email(email: str) -> str:
    """An address in the one form it is kept in. Raises AccountProblem when it is none."""
    email = email.strip().casefold()
    if not EMAIL.match(email) or len(email) > LONGEST_EMAIL:
        raise AccountProblem("Write the e-mail address in full, such as name@clinic.example.")
    return email


def create(connection: Connection, email: str, name: str, password: str, given: Iterable[Role], now: float) -> int:
    """Make an account; its id. The password must have been found good. Raises AccountProblem."""
    email, name = tidy_email(email), " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise AccountProblem(f"Write a name of 1 to {LONGEST_NAME} characters.")
    if connection.execute(select(accounts.c.id).where(accounts.c.email == email)).first():
        raise AccountProblem("There is an account for this e-mail address already.")
    values = {
        "email": email,
        "name": name,
        "first_name": name.split()[0][:LONGEST_FIRST_NAME],
        "password_hash": hashed(password),
        "active": True,
        "created_at": now,
        "password_changed_at": now,
        "totp_on": False,
    }
    account = int(connection.execute(accounts.insert().values(**values)).inserted_primary_key[0])
    for role in set(given):
        connection.execute(roles.insert().values(account=account, role=role.value))
    return account


def by_id(connection: Connection, account: int) -> Account | None:
    """One account."""
    return _one(connection, accounts.c.id == account)


def by_email(connection: Connection, email: str) -> Account | None:
    """The account that signs in with this address."""
    return _one(connection, accounts.c.email == email.strip().casefold())


def everybody(connection: Connection) -> list[Account]:
    """Every account, by name."""
    rows = connection.execute(select(accounts).order_by(accounts.c.name, accounts.c.id)).mappings().all()
    return [_account(connection, row) for row in rows]


def any_exist(connection: Connection) -> bool:
    """Whether the console has an account yet."""
    return bool(connection.execute(select(func.count()).select_from(accounts)).scalar())


def password_hash(connection: Connection, account: int) -> str | None:
    """The kept hash of an active account's password."""
    query = select(accounts.c.password_hash).where(accounts.c.id == account, accounts.c.active.is_(True))
    return connection.execute(query).scalar()


def set_password(connection: Connection, account: int, password: str, now: float) -> None:
    """Replace the password; every session of the account ends."""
    values = {"password_hash": hashed(password), "password_changed_at": now}
    connection.execute(accounts.update().where(accounts.c.id == account).values(**values))
    end_sessions(connection, account)


def renew_hash(connection: Connection, account: int, password: str) -> None:
    """Keep the same password with today's parameters."""
    connection.execute(accounts.update().where(accounts.c.id == account).values(password_hash=hashed(password)))


def set_name(connection: Connection, account: int, name: str, first_name: str) -> None:
    """Change how a person is called, and what patients see. Raises AccountProblem."""
    name, first_name = " ".join(name.split()), " ".join(first_name.split())
    if not name or len(name) > LONGEST_NAME or not first_name or len(first_name) > LONGEST_FIRST_NAME:
        raise AccountProblem(f"Write a name of 1 to {LONGEST_NAME} and a first name of 1 to {LONGEST_FIRST_NAME}.")
    connection.execute(accounts.update().where(accounts.c.id == account).values(name=name, first_name=first_name))


def set_roles(connection: Connection, account: int, given: Iterable[Role]) -> None:
    """Replace the roles. Raises AccountProblem when no administrator would be left."""
    given = set(given)
    if Role.ADMINISTRATOR not in given:
        _keep_an_administrator(connection, account)
    connection.execute(roles.delete().where(roles.c.account == account))
    for role in given:
        connection.execute(roles.insert().values(account=account, role=role.value))


def set_active(connection: Connection, account: int, active: bool) -> None:
    """Close an account, so that it cannot sign in and every session ends; or open it again.

    Accounts are not deleted: the log names them. Raises AccountProblem when no administrator would be left.
    """
    if not active:
        _keep_an_administrator(connection, account)
        end_sessions(connection, account)
    connection.execute(accounts.update().where(accounts.c.id == account).values(active=active))


def without_second_factor(connection: Connection, account: int) -> None:
    """Take the second factor and its recovery codes away."""
    values = {"totp_secret": None, "totp_on": False, "totp_last_step": None}
    connection.execute(accounts.update().where(accounts.c.id == account).values(**values))
    connection.execute(recovery_codes.delete().where(recovery_codes.c.account == account))


def end_sessions(connection: Connection, account: int) -> int:
    """Sign the account out everywhere; how many sessions ended."""
    return int(connection.execute(sessions.delete().where(sessions.c.account == account)).rowcount)


def _keep_an_administrator(connection: Connection, without: int) -> None:
    administrators = (
        select(accounts.c.id)
        .select_from(roles.join(accounts, accounts.c.id == roles.c.account))
        .where(roles.c.role == Role.ADMINISTRATOR.value, accounts.c.active.is_(True))
        .with_for_update()  # two who take the role from each other at once take turns
    )
    if connection.execute(administrators).scalars().all() == [without]:
        raise AccountProblem("This is the last administrator. Make somebody else administrator first.")


def _one(connection: Connection, where: Any) -> Account | None:
    row = connection.execute(select(accounts).where(where)).mappings().first()
    return _account(connection, row) if row else None


def _account(connection: Connection, row: Mapping[str, Any]) -> Account:
    query = select(roles.c.role).where(roles.c.account == row["id"])
    return Account(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        first_name=row["first_name"],
        active=row["active"],
        roles=frozenset(Role(role) for role in connection.execute(query).scalars()),
        created_at=row["created_at"],
        signed_in_at=row["signed_in_at"],
        second_factor=row["totp_on"],
    )
