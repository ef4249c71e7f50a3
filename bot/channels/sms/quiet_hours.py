"""When a text that is no reply may arrive: not at night, wherever the phone may be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

STEP = timedelta(minutes=15)


def next_allowed(now: datetime, zones: Sequence[str], quiet_from: int, quiet_to: int) -> datetime:
    """`now`, or the next quarter of an hour that is outside the quiet hours in all `zones` (or in as many as can be).

    `now` has a time zone. With zones so far apart that no hour suits all, the one that suits most.
    """
    places = [place for zone in zones if (place := _zone(zone))] or [ZoneInfo("UTC")]
    quarter = now.astimezone(timezone.utc)
    rounded = quarter.replace(minute=quarter.minute // 15 * 15, second=0, microsecond=0)
    candidates = [quarter, *(rounded + STEP * step for step in range(1, 97))]
    return min(
        candidates,
        key=lambda at: (sum(_quiet(at.astimezone(place).hour, quiet_from, quiet_to) for place in places), at),
    )


def next_allowed_seconds(now: float, zones: Sequence[str], quiet_from: int, quiet_to: int) -> float:
    """`next_allowed` for seconds since 1970; `now` itself when that is allowed."""
    at = datetime.fromtimestamp(now, timezone.utc)
    allowed = next_allowed(at, zones, quiet_from, quiet_to)
    return now if allowed == at else allowed.timestamp()


def _quiet(hour: int, quiet_from: int, quiet_to: int) -> bool:
    if quiet_from <= quiet_to:
        return quiet_from <= hour < quiet_to
    return hour >= quiet_from or hour < quiet_to


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None
