"""How it goes, in figures, from what is stored: pure functions of rows without a word of anybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from statistics import median
from typing import Any

Row = Mapping[str, Any]

ENDED = frozenset({"result", "escalation"})
"""Kinds of reply with which a check-in has come to its end."""
GIVEN_UP_AFTER = timedelta(hours=1)
"""A check-in whose last question is older than that was given up."""

PERIODS = {"day": 1, "week": 7, "month": 30}
"""Days of each period."""
MOST_LISTED = 20


@dataclass(frozen=True)
class Table:
    """A table of figures: its title, what its columns are, and its rows. The first column names, the others count."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int | float, ...], ...]
    unit: str = ""


@dataclass(frozen=True)
class Stored:
    """The rows of a period that figures are made of. Times in `at` are UTC texts."""

    replies: Sequence[Row] = ()
    helpful: Sequence[Row] = ()
    unplaced: Sequence[Row] = ()
    escalations: Sequence[Row] = ()
    handovers: Sequence[Row] = ()
    texts: Sequence[Row] = ()
    """Text messages sent: `at` and `segments`."""


@dataclass(frozen=True)
class Period:
    """Some whole days, the last of which is today, in UTC."""

    name: str
    first: date
    last: date

    @classmethod
    def named(cls, name: str, now: datetime) -> Period:
        """The "day", "week" or "month" that ends with today. Raises KeyError for another name."""
        today = now.astimezone(timezone.utc).date()
        return cls(name, today - timedelta(days=PERIODS[name] - 1), today)

    @property
    def days(self) -> list[str]:
        """Its days, as they stand at the beginning of times."""
        count = (self.last - self.first).days + 1
        return [(self.first + timedelta(days=number)).isoformat() for number in range(count)]


def all_tables(stored: Stored, period: Period, now: datetime) -> list[Table]:
    """Every table, in the order of the page."""
    return [
        conversations(stored, period),
        topics(stored),
        helpfulness(stored),
        unanswered(stored, period),
        escalated(stored),
        outcomes(stored),
        check_ins(stored, now),
        given_up(stored, now),
        staff_times(stored),
        segments(stored, period),
    ]


def conversations(stored: Stored, period: Period) -> Table:
    """How many conversations were held on each day, and how many messages were answered."""
    people: dict[str, set[str]] = defaultdict(set)
    turns: dict[str, set[str]] = defaultdict(set)
    for row in stored.replies:
        people[_day(row)].add(row["conversation"])
        turns[_day(row)].add(row["turn"])
    rows = tuple((day, len(people[day]), len(turns[day])) for day in period.days)
    return Table("conversations", "Conversations", ("Day", "Conversations", "Messages answered"), rows)


def topics(stored: Stored) -> Table:
    """Which topics were told, most often first."""
    told = Counter(row["topic"] for row in stored.replies if row["kind"] == "answer" and row["topic"])
    return Table("topics", "Topics told", ("Topic", "Times"), _ranked(told))


def helpfulness(stored: Stored) -> Table:
    """What people said to "Was this helpful?", by topic or kind of reply, least helpful first."""
    votes: dict[str, Counter[bool]] = defaultdict(Counter)
    for row in stored.helpful:
        votes[row["about"]][bool(row["helpful"])] += 1
    order = sorted(votes, key=lambda about: (-votes[about][False], -votes[about][True], about))[:MOST_LISTED]
    rows = tuple((about, votes[about][True], votes[about][False]) for about in order)
    return Table("helpful", "Was this helpful?", ("About", "Helpful", "Not helpful"), rows)


def unanswered(stored: Stored, period: Period) -> Table:
    """Messages that could not be placed on each day, and their part of all messages in percent."""
    turns: dict[str, set[str]] = defaultdict(set)
    for row in stored.replies:
        turns[_day(row)].add(row["turn"])
    missed = Counter(_day(row) for row in stored.unplaced)
    rows = tuple((day, missed[day], _percent(missed[day], len(turns[day]))) for day in period.days)
    return Table("unanswered", "Messages the bot could not place", ("Day", "Not placed", "Percent"), rows)


def escalated(stored: Stored) -> Table:
    """Escalations by category and level."""
    found = Counter((row["category"], row["level"]) for row in stored.escalations)
    order = sorted(found, key=lambda key: (-found[key], key))
    rows = tuple((f"{category} ({level})", found[category, level]) for category, level in order)
    return Table("escalations", "Escalations by category", ("Category", "Times"), rows)


def outcomes(stored: Stored) -> Table:
    """What came of escalations."""
    found = Counter(row["outcome"] or "no outcome yet" for row in stored.escalations)
    return Table("outcomes", "What came of escalations", ("Outcome", "Times"), _ranked(found))


def check_ins(stored: Stored, now: datetime) -> Table:
    """How check-ins ended: by level of the result, with an escalation, or given up."""
    found: Counter[str] = Counter()
    for end in _check_ins(stored.replies):
        if end["kind"] == "result":
            found[f"result: {end['level']}"] += 1
        elif end["kind"] == "escalation":
            found["ended by an escalation"] += 1
        elif _is_given_up(end, now):
            found["given up"] += 1
        else:
            found["going on"] += 1
    return Table("check-ins", "Check-ins", ("End", "Times"), _ranked(found))


def given_up(stored: Stored, now: datetime) -> Table:
    """The questions at which check-ins were given up."""
    ends = (end for end in _check_ins(stored.replies) if end["kind"] not in ENDED and _is_given_up(end, now))
    return Table("given-up", "Where people give a check-in up", ("Question", "Times"), _ranked(Counter(
        end["question"] for end in ends
    )))  # fmt: skip


def staff_times(stored: Stored) -> Table:
    """How long people waited for staff, and escalations for an acknowledgment, in minutes."""
    waits = {
        "Escalation until acknowledged": [_minutes(row["at"], row["acknowledged_at"]) for row in stored.escalations],
        "Request until a person took over": [_minutes(row["asked_at"], row["taken_at"]) for row in stored.handovers],
        "Request until the first answer": [_minutes(row["asked_at"], row["answered_at"]) for row in stored.handovers],
    }
    rows = []
    for what, found in waits.items():
        known = sorted(minutes for minutes in found if minutes is not None)
        if known:
            ninth = known[min(len(known) - 1, round(0.9 * (len(known) - 1)))]
            rows.append((what, round(median(known), 1), round(ninth, 1), len(known)))
    columns = ("What", "Half within (minutes)", "Nine of ten within (minutes)", "How many")
    return Table("staff", "Response times of staff", columns, tuple(rows))


def segments(stored: Stored, period: Period) -> Table:
    """Texts sent on each day, and the segments that they cost."""
    texts = Counter(_day(row) for row in stored.texts)
    cost: Counter[str] = Counter()
    for row in stored.texts:
        cost[_day(row)] += row["segments"]
    rows = tuple((day, texts[day], cost[day]) for day in period.days)
    return Table("texts", "Text messages", ("Day", "Texts", "Segments"), rows)


def _check_ins(replies: Iterable[Row]) -> list[Row]:
    """The last thing said in every check-in: its result, its escalation, or the question that was never answered."""
    open_ones: dict[str, Row] = {}
    ends: list[Row] = []
    for row in replies:
        conversation = row["conversation"]
        if row["question"]:
            before = open_ones.get(conversation)
            if before is not None and _moment(row["at"]) - _moment(before["at"]) > GIVEN_UP_AFTER:
                ends.append(before)
            open_ones[conversation] = row
        elif row["kind"] in ENDED and open_ones.pop(conversation, None) is not None:
            ends.append(row)
    return [*ends, *open_ones.values()]


def _is_given_up(end: Row, now: datetime) -> bool:
    return now - _moment(end["at"]) > GIVEN_UP_AFTER


def _ranked(found: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:MOST_LISTED])


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def _minutes(start: str | None, end: str | None) -> float | None:
    return (_moment(end) - _moment(start)).total_seconds() / 60 if start and end else None


def _moment(at: str) -> datetime:
    return datetime.fromisoformat(at)


def _day(row: Row) -> str:
    return str(row["at"])[:10]
