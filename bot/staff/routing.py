"""Routes with the permission each needs: a route that declares none keeps the console from starting."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable
from typing import cast
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.staff import accounts, sessions
from bot.staff.console import Console
from bot.staff.cookies import cookie_name, set_cookie
from bot.staff.roles import Permission
from bot.staff.tokens import new_token
from bot.staff.visit import Problem, Visit

logger = logging.getLogger(__name__)

Handler = Callable[[Visit], Response] | Callable[[Visit], Awaitable[Response]]

MOST_FIELDS = 500
PART = "x-part"
"""Header by which our scripts ask for a piece of a page; they are told 401 where a browser is sent to sign in."""


BROKEN = Problem(
    500,
    "Something went wrong",
    "Nothing was half done. Try once more; if it happens again, tell whoever runs this console.",
)


class PermissionMissing(Exception):
    """A route that does not say who may use it."""


class Routes:
    """The routes of one part of the console: `@routes.get("/look-up", Permission.LOOK_UP)` above a function that takes
    a Visit and returns a response. A plain function runs in a thread, and may wait for the database; an async one must
    not wait for anything but the network."""

    def __init__(self) -> None:
        self.listed: list[Route] = []

    def get(self, path: str, permission: Permission) -> Callable[[Handler], Handler]:
        """A page, or a part of one. It must change nothing."""
        return self._adding(path, "GET", permission)

    def post(self, path: str, permission: Permission) -> Callable[[Handler], Handler]:
        """What a form does. The form's token is checked before."""
        return self._adding(path, "POST", permission)

    def _adding(self, path: str, method: str, permission: Permission) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            endpoint = _guarded(handler, permission)
            self.listed.append(Route(path, endpoint, methods=[method], name=f"{method} {path}"))
            return handler

        return add


def permission_of(route: BaseRoute) -> Permission:
    """What a route needs. Raises PermissionMissing."""
    permission = getattr(getattr(route, "endpoint", None), "permission", None)
    if not isinstance(permission, Permission):
        raise PermissionMissing(
            f"{getattr(route, 'path', route)} does not say who may use it; the console stays closed."
        )
    return permission


def all_routes(parts: Iterable[Routes]) -> list[Route]:
    """The routes of all parts. Raises PermissionMissing."""
    listed = [route for part in parts for route in part.listed]
    for route in listed:
        permission_of(route)
    return listed


def _guarded(handler: Handler, permission: Permission) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        posted = await request.form(max_files=0, max_fields=MOST_FIELDS) if request.method == "POST" else FormData()
        visit = await run_in_threadpool(_visit, request, posted)
        try:
            refused = _refusal(visit, permission)
            if refused is not None:
                response = refused
            elif inspect.iscoroutinefunction(handler):
                response = await handler(visit)
            else:
                response = await run_in_threadpool(cast(Callable[[Visit], Response], handler), visit)
        except Problem as problem:
            response = await run_in_threadpool(_problem_page, visit, problem)
        except Exception:
            logger.exception("%s %s failed.", request.method, route_path(request))
            response = await run_in_threadpool(_problem_page, visit, BROKEN)
        name = cookie_name(visit.console)
        if name not in request.cookies and "set-cookie" not in response.headers:
            set_cookie(response, visit.console, visit.token)
        return response

    endpoint.permission = permission  # type: ignore[attr-defined]
    return endpoint


def route_path(request: Request) -> str:
    """The address as the route spells it: one-time links must not reach a log."""
    return str(getattr(request.scope.get("route"), "path", "an address"))


def _visit(request: Request, form: FormData) -> Visit:
    console: Console = request.app.state.console
    token = request.cookies.get(cookie_name(console))
    now = console.clock()
    session = account = None
    if token:
        with console.database.reading() as connection:
            session = sessions.find(connection, token, now, console.limits)
            account = accounts.by_id(connection, session.account) if session and session.complete else None
        if account is not None and not account.active:
            session = account = None
        background = PART in request.headers or request.url.path == "/events"
        if session is not None and now - session.seen_at > sessions.SEEN_EVERY and not background:
            with console.database.transaction() as connection:
                sessions.seen(connection, session, now)
    return Visit(request, console, token or new_token(), session, account, form)


def _refusal(visit: Visit, permission: Permission) -> Response | None:
    """What is said to whoever may not do this; None when they may."""
    if permission is not Permission.ANYONE and visit.account is None:
        if PART in visit.request.headers:
            return HTMLResponse("You are signed out.", 401)
        return RedirectResponse(visit.sign_in_address(), 303)
    if not visit.may(permission):
        raise Problem(
            403, "Not allowed", "Your role does not include this. An administrator can change roles, under People."
        )
    if visit.request.method == "POST" and not _is_own_form(visit):
        raise Problem(403, "The form is out of date", "Go back, load the page again, and send it once more.")
    return None


def _is_own_form(visit: Visit) -> bool:
    """Whether a form was drawn by this console for this browser, and sent from its own page."""
    site = visit.request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    origin = visit.request.headers.get("origin")
    if site is None and origin is not None and urlsplit(origin).netloc != visit.request.headers.get("host", ""):
        return False
    return visit.console.key.is_form_token(visit.field("csrf"), visit.token)


def _problem_page(visit: Visit, problem: Problem) -> Response:
    if PART in visit.request.headers:
        return HTMLResponse(problem.words, problem.status)
    return visit.page("problem.html", problem.status, title=problem.title, words=problem.words)
