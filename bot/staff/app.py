"""The console as a web application."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.staff import (
    pages_account,
    pages_escalations,
    pages_figures,
    pages_improve,
    pages_improve_decide,
    pages_improve_edit,
    pages_joining,
    pages_live,
    pages_look_up,
    pages_people,
    pages_sign_in,
    pages_talks,
    pages_unanswered,
    waiting,
)
from bot.staff.console import Console
from bot.staff.protecting import Protecting
from bot.staff.routing import all_routes

PARTS = [
    pages_live.routes,
    pages_sign_in.routes,
    pages_joining.routes,
    pages_account.routes,
    pages_people.routes,
    pages_look_up.routes,
    pages_escalations.routes,
    pages_talks.routes,
    pages_figures.routes,
    pages_unanswered.routes,
    pages_improve.routes,
    pages_improve_decide.routes,
    pages_improve_edit.routes,
]
"""Every part of the console; its routes are served in this order."""

WORDS = {
    404: ("Not found", "There is no page at this address."),
    405: ("Not possible", "This address cannot be used in this way."),
}


def create_app(console: Console) -> Starlette:
    """The application. Raises routing.PermissionMissing when a route does not say who may use it."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        console.reading.start()
        warming = threading.Thread(target=console.desk.warm, name="warming", daemon=True)
        warming.start()
        console.publisher.start()
        yield
        console.close()

    app = Starlette(
        routes=all_routes(PARTS),
        middleware=[Middleware(Protecting, https=console.is_https)],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )
    app.state.console = console
    waiting.watch(console)
    pages_improve.register(console)
    return app


def _page(request: Request, status: int, title: str, words: str) -> Response:
    console: Console = request.app.state.console
    template = console.templates.get_template("problem.html")
    around: dict[str, Any] = {"account": None, "navigation": [], "messages": [], "csrf": ""}
    return HTMLResponse(template.render(title=title, words=words, **around), status)


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _page(request, status, *WORDS.get(status, ("Not possible", "The request could not be read.")))
