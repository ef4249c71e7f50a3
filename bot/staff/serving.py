"""Serve the console."""

from __future__ import annotations

import uvicorn

from bot.settings import Settings
from bot.staff.app import create_app
from bot.staff.console import Console

STOP_SECONDS = 3


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
