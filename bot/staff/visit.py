"""One request to the console: who it comes from, what it holds, and the ways to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.staff import audit, sessions
from bot.staff.accounts import Account
from bot.staff.console import Console
from bot.staff.navigation import links_for
from bot.staff.roles import Permission
from bot.staff.sessions import Session
from bot.staff.waiting import waiting_for

NOBODY = "nobody signed in"


class Problem(Exception):
    """Ends a request with an error page: what is wrong, and what to do."""

    def __init__(self, status: int, title: str, words: str) -> None:
        super().__init__(title)
        self.status, self.title, self.words = status, title, words


def not_found(what: str) -> Problem:
    """There is no such thing (any more)."""
    return Problem(404, "Not found", f"{what} Go back and look again.")


@dataclass
class Visit:
    """A request with its browser. `account` is None until every factor was shown; `session` may then be incomplete."""

    request: Request
    console: Console
    token: str
    session: Session | None
    account: Account | None
    form: FormData

    @property
    def now(self) -> float:
        """Seconds since 1970."""
        return self.console.clock()

    @property
    def address(self) -> str:
        """Where the request comes from on the network."""
        return self.request.client.host if self.request.client else "unknown"

    @property
    def signed_in(self) -> Account:
        """The account, on a page that needs one."""
        if self.account is None:
            raise RuntimeError("this page is open to nobody, and asks who it is")
        return self.account

    def may(self, permission: Permission) -> bool:
        """Whether whoever asks may do this."""
        return self.account.may(permission) if self.account else permission is Permission.ANYONE

    def path(self, name: str) -> str:
        """A part of the address, as the route names it."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A part of the address that must be a number. Raises Problem (404)."""
        value = self.path(name)
        if not value.isascii() or not value.isdigit() or len(value) > 15:
            raise not_found("There is nothing at this address.")
        return int(value)

    def asked(self, name: str, default: str = "") -> str:
        """A value behind the question mark of the address."""
        return self.request.query_params.get(name, default)

    def field(self, name: str, default: str = "") -> str:
        """A field of the form, without spaces around it."""
        value = self.form.get(name, default)
        return value.strip() if isinstance(value, str) else default

    def fields(self, name: str) -> list[str]:
        """Every value of a field that may stand in the form several times (check boxes)."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page drawn from a template. Every template knows `visit`, `account`, `csrf`, `navigation`, `messages`."""
        return HTMLResponse(self.drawn(template, **self._around(), **values), status)

    def part(self, template: str, **values: Any) -> Response:
        """A piece of a page, for a script to put in place. The template must stand by itself, without the frame."""
        return HTMLResponse(self.drawn(template, messages=[], **values))

    def drawn(self, template: str, **values: Any) -> str:
        """A template as text."""
        known: dict[str, Any] = {"visit": self, "account": self.account, "csrf": self.csrf, "Permission": Permission}
        known["waiting"] = partial(waiting_for, self.console, self.account)
        return self.console.templates.get_template(template).render(**known, **values)

    def to(self, path: str, *, done: str = "", problem: str = "") -> Response:
        """Send the browser on to another page (after a form), with a message to show there."""
        if self.session is not None and (done or problem):
            with self.console.database.transaction() as connection:
                for kind, text in (("done", done), ("problem", problem)):
                    if text:
                        sessions.say_later(connection, self.session.id, kind, text)
        return RedirectResponse(path, 303)

    def note(self, connection: Connection, action: str, on: str, details: Mapping[str, Any] | None = None) -> None:
        """Write what is done into the log, in the same transaction. Never what a patient said."""
        who = self.account.email if self.account else NOBODY
        audit.note(connection, self.account.id if self.account else None, who, action, on, details, self.now)

    @property
    def csrf(self) -> str:
        """The token every form must carry in its field `csrf`."""
        return self.console.key.form_token(self.token)

    def sign_in_address(self) -> str:
        """Where to sign in, to come back here afterward."""
        url = self.request.url
        here = url.path + (f"?{url.query}" if url.query else "")
        return f"/sign-in?next={quote(here)}" if self.request.method in ("GET", "HEAD") and here != "/" else "/sign-in"

    def _around(self) -> dict[str, Any]:
        messages: list[tuple[str, str]] = []
        if self.session is not None:
            with self.console.database.reading() as connection:
                waiting = sessions.messages_wait(connection, self.session.id)
            if waiting:
                with self.console.database.transaction() as connection:
                    messages = sessions.take_messages(connection, self.session.id)
        navigation = links_for(self.account, self.request.url.path) if self.account else []
        return {"messages": messages, "navigation": navigation}
