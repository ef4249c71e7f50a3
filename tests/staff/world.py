"""A staff console with its own database, people with every role, and ways to visit it."""

from __future__ import annotations

import re
import socket
import threading
import time
from pathlib import Path
from typing import Any

import uvicorn
from httpx import Response
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.staff import accounts, audit, sessions
from bot.staff.accounts import Account
from bot.staff.app import create_app
from bot.staff.audit import Entry
from bot.staff.console import Console
from bot.staff.cookies import cookie_name
from bot.staff.roles import Role

PASSWORD = "four plain words here"
START = 1_800_000_000.0
"""When a test begins, in seconds since 1970."""


class Clock:
    """Time as a test wants it."""

    def __init__(self, now: float = START) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


class Visitor:
    """Somebody with a browser of their own, without scripts. Redirects are followed."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def get(self, path: str, **more: Any) -> Response:
        return self.client.get(path, **more)

    def send(self, path: str, fields: dict[str, Any] | None = None, page: str = "/account", **more: Any) -> Response:
        """Send a form with the token that stands on `page`."""
        return self.client.post(path, data={"csrf": self.token(page), **(fields or {})}, **more)

    def token(self, page: str) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self.get(page).text)
        assert found, f"there is no form on {page}"
        return found.group(1)


class World:
    """The console of one test."""

    def __init__(self, folder: Path, clock: Clock | None = None, **settings: Any) -> None:
        values = {
            "staff_database": f"sqlite:///{folder / 'staff.db'}",
            "staff_secret": "a secret of the tests",
            "records_path": folder / "records.db",
            "sms_database": f"sqlite:///{folder / 'texts.db'}",
            "sms_key": "a key of the tests only",
            "library_path": folder / "knowledge.db",
            "models_folder": folder / "models",
            **settings,
        }
        self.settings = Settings(**values)
        self.console = Console.open(self.settings)
        if clock is not None:
            self.console.clock = clock
        self.app = create_app(self.console)

    def person(self, *roles: Role, email: str = "", name: str = "", password: str = PASSWORD) -> Account:
        """An account with these roles."""
        email = email or f"{'-'.join(role.value for role in roles) or 'none'}@clinic.example"
        with self.console.database.transaction() as connection:
            known = accounts.by_email(connection, email)
            if known is not None:
                return known
            made = accounts.create(connection, email, name or "Anna Berg", password, roles, self.console.clock())
            person = accounts.by_id(connection, made)
        assert person is not None
        return person

    def nobody(self) -> Visitor:
        """A browser that is not signed in."""
        return Visitor(TestClient(self.app, base_url=self.address, headers={"Sec-Fetch-Site": "same-origin"}))

    def signed_in(self, person: Account) -> Visitor:
        """A browser in which this person is signed in."""
        visitor = self.nobody()
        visitor.client.cookies.set(cookie_name(self.console), self.session(person))
        return visitor

    def visitor(self, *roles: Role) -> Visitor:
        """A browser of somebody with these roles."""
        return self.signed_in(self.person(*roles))

    def session(self, person: Account) -> str:
        """A new session of this person: the value of its cookie."""
        with self.console.database.transaction() as connection:
            return sessions.start(connection, person.id, "a test", self.console.clock(), complete=True)

    def log(self) -> list[Entry]:
        """What was done, oldest first."""
        with self.console.database.reading() as connection:
            return audit.entries(connection, 10_000)[::-1]

    def done(self) -> list[tuple[str, str, str]]:
        """Who did what on what, oldest first."""
        return [(entry.who, entry.action, entry.object) for entry in self.log()]

    def rows(self, query: Any) -> list[dict[str, Any]]:
        """What a query finds."""
        with self.console.database.reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def change(self) -> Any:
        """A connection to change the data with: `with world.change() as connection`."""
        return self.console.database.transaction()

    @property
    def address(self) -> str:
        return "https://staff.example" if self.console.is_https else "http://localhost"

    def close(self) -> None:
        self.console.close()


class Served:
    """A console that is served over HTTP, on a port of its own."""

    def __init__(self, world: World) -> None:
        self.world = world
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        world.settings.staff_port = self.port
        config = uvicorn.Config(
            world.app,
            port=self.port,
            log_level="warning",
            ws="none",
            lifespan="off",
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def start(self) -> Served:
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self._server.started
        return self

    def stop(self) -> None:
        self.world.console.live.close()
        self._server.should_exit = True
        self._thread.join(10)
