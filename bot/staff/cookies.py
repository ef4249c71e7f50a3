"""The one cookie of the console."""

from __future__ import annotations

from starlette.responses import Response

from bot.staff.console import Console


def cookie_name(console: Console) -> str:
    """Over https browsers keep a cookie of this name from being set by any other site of the domain."""
    return "__Host-clonus_staff" if console.is_https else "clonus_staff"


def set_cookie(response: Response, console: Console, token: str) -> None:
    """Give the browser its token, out of reach of scripts and of forms on other sites. It goes with the browser."""
    response.set_cookie(cookie_name(console), token, path="/", secure=console.is_https, httponly=True, samesite="lax")
