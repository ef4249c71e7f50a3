"""The parts that every page of one console process shares."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from jinja2 import Environment

from bot.channels.sessions import signing_key
from bot.settings import ROOT, Settings
from bot.settings import own_address as own_address
from bot.staff.database import Database
from bot.staff.desk import Desk
from bot.staff.drawing import environment
from bot.staff.editing.desk import ContentDesk
from bot.staff.editing.files import ContentFiles
from bot.staff.editing.publisher import Publisher
from bot.staff.library import StaffLibrary
from bot.staff.live import Live
from bot.staff.reading import BotReading
from bot.staff.sessions import Limits
from bot.staff.tokens import Key
from bot.staff.unanswered.listing import Listing
from bot.trial import KEY_FILE


def database_address(here: Settings) -> str:
    """The SQLAlchemy address of the console's data."""
    return here.staff_database or f"sqlite:///{ROOT / 'var' / 'staff.db'}"


@dataclass
class Console:
    """What a console process works with. `clock` gives seconds since 1970."""

    settings: Settings
    database: Database
    key: Key
    reading: BotReading
    library: StaffLibrary
    desk: Desk
    live: Live = field(default_factory=Live)
    templates: Environment = field(default_factory=environment)
    clock: Callable[[], float] = time.time
    editing: ContentDesk = field(init=False)
    publisher: Publisher = field(init=False)
    unanswered: Listing = field(init=False)

    def __post_init__(self) -> None:
        self.editing = ContentDesk(ContentFiles(self.settings.knowledge_folder))
        self.publisher = Publisher(self.database, self.editing, self.settings.library_path, lambda: self.clock())
        self.unanswered = Listing(self.settings.unanswered_alike_at)

    @classmethod
    def open(cls, here: Settings) -> Console:
        """Everything ready to serve; the bot's reading is loaded beside it.

        Raises sqlalchemy.exc.SQLAlchemyError and ValueError (a key that is too short).
        """
        secret = signing_key(here.staff_secret, KEY_FILE, "CLONUS_STAFF_SECRET")
        reading, library = BotReading(here), StaffLibrary(here)
        return cls(here, Database(database_address(here)), Key(secret), reading, library, Desk(here, secret))

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
        self.desk.close()
        self.publisher.close()
        self.database.close()
