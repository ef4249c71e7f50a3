"""The address a provider has called, which is what it signs: also behind a proxy."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

FORWARDED = ("x-forwarded-proto", "x-forwarded-host", "x-forwarded-prefix")


def trusted_headers(said: str) -> frozenset[str]:
    """The headers named in the setting `trust_forwarded`. Raises ValueError for one that is never trusted."""
    names = frozenset(name.strip().lower() for name in said.split(",") if name.strip())
    unknown = names - set(FORWARDED)
    if unknown:
        raise ValueError(f"CLONUS_TRUST_FORWARDED: {sorted(unknown)} is none of {', '.join(FORWARDED)}.")
    return names


def address_called(
    scheme: str, target: str, headers: Mapping[str, str], public_url: str | None, trusted: frozenset[str]
) -> str:
    """The public address of a request.

    `scheme` and `target` (path and query) are as they reached us, `headers` have names in lower case. The setting
    `public_url` counts most, then headers of a trusted proxy, then the request itself.
    """
    if public_url is not None:
        return public_url.rstrip("/") + target

    def said(name: str, otherwise: str) -> str:
        # of a list, the last entry is the one our own proxy wrote
        value = headers.get(name, "").split(",")[-1].strip() if name in trusted else ""
        return value or otherwise

    host = said("x-forwarded-host", headers.get("host", ""))
    prefix = said("x-forwarded-prefix", "").rstrip("/")
    return f"{said('x-forwarded-proto', scheme)}://{host}{prefix}{target}"


def checked_public_url(url: str | None) -> str | None:
    """The setting `public_url`. Raises ValueError when it is no web address."""
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f'CLONUS_PUBLIC_URL must be like "https://help.example.org", not "{url}".')
    return url.rstrip("/")
