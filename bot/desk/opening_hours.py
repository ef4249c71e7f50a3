"""When people of the service are there, by the clock of the place where they work."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = {day[:3].lower(): number for number, day in enumerate(DAYS)}
_RULE = re.compile(r"^([a-z]{3})(?:-([a-z]{3}))?\s+(.+)$")
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")

LOOK_AHEAD = 400
"""Days in which the next opening is looked for."""


class NoOpeningHours(ValueError):
    """The setting cannot be read. The words say what is wrong and what to write."""


@dataclass(frozen=True)
class Span:
    """From one time of a day to a later one of the same day; `end` itself no longer counts."""

    start: time
    end: time | None
    """None: until midnight."""

    def holds(self, at: time) -> bool:
        """Whether a time is in it."""
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(frozen=True)
class OpeningHours:
    """The spans of each day of the week, Monday first, and whole days on which nobody is there."""

    zone: ZoneInfo
    days: tuple[tuple[Span, ...], ...]
    closed: frozenset[date] = frozenset()

    @classmethod
    def read(cls, hours: str, zone: str, closed: str = "") -> OpeningHours:
        """From settings such as "Mon-Fri 09:00-17:00; Sat 10:00-12:00", "Europe/London" and "2026-12-25, 2027-01-01".

        Raises NoOpeningHours.
        """
        try:
            place = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise NoOpeningHours(
                f"CLONUS_STAFF_TIME_ZONE={zone!r} is no time zone. Write one such as America/New_York or Europe/London."
            ) from error
        days: list[list[Span]] = [[] for _ in DAYS]
        for rule in filter(None, map(str.strip, hours.split(";"))):
            found = _RULE.match(rule.lower())
            if found is None or found[1] not in _SHORT or (found[2] or found[1]) not in _SHORT:
                raise NoOpeningHours(_not_read(rule))
            spans = [_span(part.strip(), rule) for part in found[3].split(",")]
            for number in _between(_SHORT[found[1]], _SHORT[found[2] or found[1]]):
                days[number] += spans
        if not any(days):
            raise NoOpeningHours(_not_read(hours))
        ordered = tuple(tuple(sorted(spans, key=lambda span: span.start)) for spans in days)
        return cls(place, ordered, frozenset(_dates(closed)))

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there at a moment, which carries its own zone."""
        here = now.astimezone(self.zone)
        return any(span.holds(here.time()) for span in self._spans(here.date()))

    def opens(self, now: datetime) -> datetime | None:
        """When somebody is there next, by the clock of the place; `now` itself while somebody is; None when never."""
        here = now.astimezone(self.zone)
        if self.is_open(now):
            return here
        for ahead in range(LOOK_AHEAD):
            day = here.date() + timedelta(days=ahead)
            for span in self._spans(day):
                start = datetime.combine(day, span.start, self.zone)
                if start > here:
                    return start
        return None

    def opens_in_words(self, now: datetime) -> str:
        """When somebody is there next, such as "tomorrow at 9 am"; "" when never."""
        start = self.opens(now)
        if start is None:
            return ""
        days = (start.date() - now.astimezone(self.zone).date()).days
        on = {0: "today", 1: "tomorrow"}.get(days)
        if on is None:
            on = f"on {DAYS[start.weekday()]}" if days < 7 else f"on {start:%B} {start.day}"
        return f"{on} at {clock(start.time())}"

    def in_words(self) -> str:
        """All hours, such as "Monday to Friday, 9 am to 5 pm"."""
        parts: list[str] = []
        number = 0
        while number < len(DAYS):
            last = number
            while last + 1 < len(DAYS) and self.days[last + 1] == self.days[number]:
                last += 1
            if self.days[number]:
                names = DAYS[number] if last == number else f"{DAYS[number]} to {DAYS[last]}"
                spans = " and ".join(f"{clock(span.start)} to {clock(span.end)}" for span in self.days[number])
                parts.append(f"{names}, {spans}")
            number = last + 1
        return "; ".join(parts)

    def _spans(self, day: date) -> tuple[Span, ...]:
        return () if day in self.closed else self.days[day.weekday()]


def clock(at: time | None) -> str:
    """A time as people say it: "9 am", "12:30 pm"."""
    if at is None or at == time(0):
        return "midnight"
    if at == time(12):
        return "noon"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes} {'am' if at.hour < 12 else 'pm'}"


def _between(first: int, last: int) -> Iterable[int]:
    return [(first + step) % 7 for step in range((last - first) % 7 + 1)]


def _span(text: str, rule: str) -> Span:
    found = _SPAN.match(text)
    if found is None:
        raise NoOpeningHours(_not_read(rule))
    hour, minute, end_hour, end_minute = map(int, found.groups())
    try:
        start = time(hour, minute)
        end = None if (end_hour, end_minute) == (24, 0) else time(end_hour, end_minute)
    except ValueError as error:
        raise NoOpeningHours(_not_read(rule)) from error
    if end is not None and end <= start:
        raise NoOpeningHours(_not_read(rule))
    return Span(start, end)


def _dates(text: str) -> Iterable[date]:
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            yield date.fromisoformat(part)
        except ValueError as error:
            raise NoOpeningHours(f"CLONUS_STAFF_CLOSED: {part!r} is no date. Write 2026-12-25.") from error


def _not_read(rule: str) -> str:
    return (
        f"CLONUS_STAFF_HOURS: {rule!r} cannot be read. Write such as "
        "Mon-Fri 09:00-12:00, 13:00-17:00; Sat 10:00-14:00. A day ends at 24:00 at the latest."
    )
