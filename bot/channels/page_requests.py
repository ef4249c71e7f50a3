"""What a request to the chat page tells: what it holds, and whether our own page sent it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from sanic.request import Request

LONGEST_TEXT = 20_000
"""Characters of one message that are taken in."""
LONGEST_BODY = 8 * LONGEST_TEXT
"""Bytes of one request that are read; a character of JSON may take six."""


async def body_of(request: Request) -> dict[str, Any] | None:
    """The request's JSON object; empty when it is none, None when it is too long to be read."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream:
        size += len(part)
        if size > LONGEST_BODY:
            return None
        parts.append(part)
    try:
        body = json.loads(b"".join(parts))
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def is_framed(request: Request) -> bool:
    """Whether the page stands in a frame on another site."""
    return bool(request.args.get("framed") == "1")


def is_https(request: Request) -> bool:
    """Whether the browser came by https, also to a proxy in front. Believing a false claim only costs its sender."""
    proto: str = request.headers.get("x-forwarded-proto", request.scheme)
    return proto.split(",")[0].strip().lower() == "https"


def is_from_our_page(request: Request) -> bool:
    """Whether a POST came from our page and not from another site in the same browser.

    JSON alone keeps plain forms out. Beyond that, browsers say where a request comes from: in Sec-Fetch-Site over
    https and on this machine, in Origin everywhere. A program that is not a browser says neither and is let in.
    """
    content_type: str = request.headers.get("content-type", "")
    if content_type.split(";")[0].strip().lower() != "application/json":
        return False
    site: str | None = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin: str | None = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")
