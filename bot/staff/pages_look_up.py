"""Look up: find a topic while somebody waits."""

from __future__ import annotations

from starlette.responses import Response

from bot.staff.roles import Permission
from bot.staff.routing import Routes
from bot.staff.visit import Visit

routes = Routes()


@routes.get("/look-up", Permission.LOOK_UP)
def look_up_page(visit: Visit) -> Response:
    """The search box and what it found."""
    return visit.page("look_up.html", words=visit.asked("q"))
