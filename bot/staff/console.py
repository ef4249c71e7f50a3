"""The parts that every page of one console process shares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from jinja2 import Environment

from bot.channels.sessions import signing_key
from bot.settings import ROOT, Settings
from bot.staff.database import Database
from bot.staff.drawing import environment
from bot.staff.library import StaffLibrary
from bot.staff.live import Live
from bot.staff.reading import BotReading
from bot.staff.sessions import Limits
from bot.staff.tokens import Key
from bot.trial import KEY_FILE


def database_address(here: Settings) -> str:
    """The SQLAlchemy address of the console's data."""
    return here.staff_database or f"sqlite:///{ROOT / 'var' / 'staff.db'}"


def own_address(here: Settings) -> str:
    """The address under which staff reach the console, without a slash at the end. A console that listens on every
    address of this machine is reached at least on this machine."""
    host = "127.0.0.1" if here.staff_host in ("0.0.0.0", "::") else here.staff_host
    return (here.staff_public_url or f"http://{host}:{here.staff_port}").rstrip("/")


@dataclass
class Console:
    """What a console process works with. `clock` gives seconds since 1970."""

    settings: Settings
    database: Database
    key: Key
    reading: BotReading
    library: StaffLibrary
    live: Live = field(default_factory=Live)
    templates: Environment = field(default_factory=environment)
    clock: Callable[[], float] = time.time

    @classmethod
    def open(cls, here: Settings) -> Console:
        """Everything ready to serve; the bot's reading is loaded beside it.

        Raises sqlalchemy.exc.SQLAlchemyError and ValueError (a key that is too short).
        """
        secret = signing_key(here.staff_secret, KEY_FILE, "CLONUS_STAFF_SECRET")
        return cls(here, Database(database_address(here)), Key(secret), BotReading(here), StaffLibrary(here))

    @property
    def limits(self) -> Limits:
        """How long a session lasts."""
        return Limits(self.settings.staff_idle_minutes * 60.0, self.settings.staff_session_hours * 3600.0)

    @property
    def is_https(self) -> bool:
        """Whether staff reach the console over https."""
        return own_address(self.settings).startswith("https://")

    def close(self) -> None:
        """Stop what runs beside the pages."""
        self.live.close()
        self.database.close()
