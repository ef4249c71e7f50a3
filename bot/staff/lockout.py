"""Slow down whoever guesses: after some wrong answers every further one costs a longer wait, by account and address."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.databases import insert_once
from bot.staff.accounts_tables import failures
from bot.staff.tokens import kept

FORGOTTEN_SECONDS = 24 * 3600.0
"""After a day without one, wrong answers no longer count."""
FIRST_WAIT, LONGEST_WAIT = 15.0, 15 * 60.0


@dataclass(frozen=True)
class Who:
    """What wrong answers are counted by, and how many are free."""

    key: str
    free: int


Counted = list[tuple[str, float]]
"""Answers that were counted, and until when each makes one wait."""


def account(email: str) -> Who:
    """An account, whether it exists or not: who asks must not learn that."""
    return Who(kept(f"account {email.strip().casefold()}"), 5)


def address(ip: str) -> Who:
    """An address on the network; a whole clinic may share one."""
    return Who(kept(f"address {ip}"), 20)


def seconds_to_wait(connection: Connection, who: list[Who], now: float) -> int:
    """Seconds until the next answer is looked at; 0 when it is at once."""
    keys = [one.key for one in who]
    until = connection.execute(select(failures.c.wait_until).where(failures.c.key.in_(keys))).scalars().all()
    return max(0, math.ceil(max(until, default=0.0) - now))


def count(connection: Connection, who: list[Who], now: float) -> Counted:
    """Count an answer as wrong. It is done before the answer is looked at, so that many sent at once count as many; a
    right one is taken back."""
    counted = []
    for one in who:
        insert_once(connection, failures, {"key": one.key, "count": 0, "last_at": now, "wait_until": 0.0})
        row = connection.execute(select(failures).where(failures.c.key == one.key).with_for_update()).mappings().one()
        answers = 1 + (row["count"] if now - row["last_at"] < FORGOTTEN_SECONDS else 0)
        over = answers - one.free
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(over, 20)) if over >= 0 else 0.0
        values = {"count": answers, "last_at": now, "wait_until": now + wait}
        connection.execute(failures.update().where(failures.c.key == one.key).values(**values))
        counted.append((one.key, now + wait))
    return counted


def take_back(connection: Connection, counted: Counted) -> None:
    """The answer was right: it does not count, and nobody waits because of it."""
    for key, until in counted:
        mine = failures.c.key == key
        connection.execute(failures.update().where(mine).values(count=failures.c.count - 1))
        connection.execute(failures.update().where(mine, failures.c.wait_until == until).values(wait_until=0.0))


def forget(connection: Connection, who: Who) -> None:
    """Forget the wrong answers of an account that signed in."""
    connection.execute(failures.delete().where(failures.c.key == who.key))


def forget_old(connection: Connection, now: float) -> None:
    """Delete what no longer counts."""
    connection.execute(failures.delete().where(failures.c.last_at < now - FORGOTTEN_SECONDS))
