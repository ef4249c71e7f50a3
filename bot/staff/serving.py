"""Serve the console, and print the link to the first account."""

from __future__ import annotations

import time

import uvicorn

from bot.settings import Settings
from bot.staff import accounts, links
from bot.staff.app import create_app
from bot.staff.console import Console, database_address, own_address
from bot.staff.database import Database
from bot.staff.links import Purpose

STOP_SECONDS = 3


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


def serve(here: Settings) -> None:
    """Serve until the process is told to end."""
    console = Console.open(here)
    uvicorn.run(
        create_app(console),
        host=here.staff_host,
        port=here.staff_port,
        log_level="warning",
        ws="none",
        access_log=False,  # one-time links stand in addresses
        server_header=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
