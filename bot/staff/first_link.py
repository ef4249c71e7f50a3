"""The link to the first account: whoever sees the terminal may make it."""

from __future__ import annotations

import time

from bot.settings import Settings
from bot.staff import accounts, links
from bot.staff.console import database_address, own_address
from bot.staff.database import Database
from bot.staff.links import Purpose


def first_link(database: Database, here: Settings, now: float | None = None) -> str | None:
    """A new one-time link to the first account; None when there is an account already. Earlier ones stop working."""
    with database.transaction() as connection:
        if accounts.any_exist(connection):
            return None
        token = links.make(connection, Purpose.FIRST, time.time() if now is None else now)
    return f"{own_address(here)}/join/{token}"


def first_link_of(here: Settings) -> str | None:
    """The same for the database of the settings."""
    database = Database(database_address(here))
    try:
        return first_link(database, here)
    finally:
        database.close()
