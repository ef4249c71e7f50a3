"""When people of the service are there, and how the bot says so."""

from __future__ import annotations

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from bot.desk.opening_hours import NoOpeningHours, OpeningHours

HOURS = "Mon-Thu 09:00-12:00, 13:00-17:00; Fri 09:00-12:30; Sat 22:00-24:00"
NEW_YORK = ZoneInfo("America/New_York")


def hours(text: str = HOURS, zone: str = "America/New_York", closed: str = "2026-12-25") -> OpeningHours:
    return OpeningHours.read(text, zone, closed)


def at(text: str, zone: ZoneInfo | timezone = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("moment", "is_open", "opens"),
    [
        ("2026-11-30 08:59", False, "today at 9 am"),
        ("2026-11-30 09:00", True, "today at 9 am"),
        ("2026-11-30 12:00", False, "today at 1 pm"),
        ("2026-11-30 16:59", True, "today at 4:59 pm"),
        ("2026-11-30 17:00", False, "tomorrow at 9 am"),
        ("2026-12-04 12:30", False, "tomorrow at 10 pm"),
        ("2026-12-05 23:59", True, "today at 11:59 pm"),
        ("2026-12-06 00:00", False, "tomorrow at 9 am"),
        ("2026-12-24 18:00", False, "on Saturday at 10 pm"),
    ],
    ids=["before", "the first minute", "the break", "the last minute", "the evening", "the short day", "until midnight",
         "after midnight", "a day on which nobody is there"],
)  # fmt: skip
def test_the_hours_hold_by_the_clock_of_the_place(moment: str, is_open: bool, opens: str) -> None:
    now = at(moment)
    told = opens if not is_open else hours().opens_in_words(now)
    assert (hours().is_open(now), hours().opens_in_words(now)) == (is_open, told)


def test_somebody_in_another_zone_hears_of_the_same_hours() -> None:
    assert hours().is_open(at("2026-11-30 15:00", timezone.utc))
    assert not hours().is_open(at("2026-11-30 13:00", timezone.utc))


def test_hours_that_are_never_open_again_say_so() -> None:
    only_then = OpeningHours(NEW_YORK, ((),) * 7)
    assert (only_then.opens(at("2026-11-30 10:00")), only_then.opens_in_words(at("2026-11-30 10:00"))) == (None, "")


def test_hours_in_words() -> None:
    assert hours().in_words() == (
        "Monday to Thursday, 9 am to noon and 1 pm to 5 pm; Friday, 9 am to 12:30 pm; Saturday, 10 pm to midnight"
    )


def test_days_may_go_over_the_weekend() -> None:
    assert hours("Sat-Mon 10:00-11:00").in_words() == "Monday, 10 am to 11 am; Saturday to Sunday, 10 am to 11 am"


@pytest.mark.parametrize(
    ("text", "zone", "closed", "wrong"),
    [
        ("weekdays 9-5", "UTC", "", "CLONUS_STAFF_HOURS: 'weekdays 9-5' cannot be read."),
        ("Mon 17:00-09:00", "UTC", "", "CLONUS_STAFF_HOURS: 'Mon 17:00-09:00' cannot be read."),
        ("Mon 25:00-26:00", "UTC", "", "CLONUS_STAFF_HOURS: 'Mon 25:00-26:00' cannot be read."),
        (";", "UTC", "", "CLONUS_STAFF_HOURS: ';' cannot be read."),
        ("Mon 09:00-17:00", "New York", "", "CLONUS_STAFF_TIME_ZONE='New York' is no time zone."),
        ("Mon 09:00-17:00", "UTC", "25.12.2026", "CLONUS_STAFF_CLOSED: '25.12.2026' is no date."),
    ],
)
def test_a_setting_that_cannot_be_read_says_what_to_write(text: str, zone: str, closed: str, wrong: str) -> None:
    with pytest.raises(NoOpeningHours) as problem:
        hours(text, zone, closed)
    assert str(problem.value).startswith(wrong)
    assert "Write" in str(problem.value)
