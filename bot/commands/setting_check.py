"""Settings that do not fit together, found before anything is started."""

from __future__ import annotations

from bot.desk.alert_ways import ways_of
from bot.desk.opening_hours import OpeningHours
from bot.settings import Settings, own_address


def wrong_setting(here: Settings) -> str | None:
    """What is wrong with the settings of staff hours and alerts, and what to write; None when all is in order."""
    try:
        if here.staff_hours:
            OpeningHours.read(here.staff_hours, here.staff_time_zone, here.staff_closed or "")
        ways_of(here, own_address(here))
    except ValueError as problem:
        return str(problem)
    return None
