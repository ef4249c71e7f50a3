"""Figures, against rows made by hand."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest
from sqlalchemy.engine import Engine

from bot.desk import figures
from bot.desk.figures import Period, Stored
from bot.desk.figures_rows import stored
from bot.records import Records

NOW = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
WEEK = Period.named("week", NOW)


def reply(at: str, conversation: str, turn: str, kind: str, **more: str) -> dict[str, str | None]:
    empty = dict.fromkeys(("topic", "question", "level"))
    return {"at": f"2026-11-{at}:00+00:00", "conversation": conversation, "turn": turn, "kind": kind, **empty, **more}


def asked(at: str, conversation: str, question: str) -> dict[str, str | None]:
    return reply(at, conversation, at, "question", question=question)


@pytest.mark.parametrize(
    ("name", "first"), [("day", date(2026, 11, 28)), ("week", date(2026, 11, 22)), ("month", date(2026, 10, 30))]
)
def test_a_period_ends_with_today(name: str, first: date) -> None:
    period = Period.named(name, NOW)
    assert (period.first, period.last, len(period.days)) == (first, date(2026, 11, 28), figures.PERIODS[name])


def test_conversations_and_messages_of_each_day_count_once() -> None:
    replies = [
        reply("27T10:00", "ana", "1", "answer"),
        reply("27T10:00", "ana", "1", "notice"),
        reply("27T10:05", "ana", "2", "answer"),
        reply("28T10:00", "ana", "3", "answer"),
        reply("28T11:00", "bo", "4", "answer"),
    ]
    rows = figures.conversations(Stored(replies=replies), WEEK).rows
    assert rows == (
        ("2026-11-22", 0, 0), ("2026-11-23", 0, 0), ("2026-11-24", 0, 0), ("2026-11-25", 0, 0), ("2026-11-26", 0, 0),
        ("2026-11-27", 1, 2), ("2026-11-28", 2, 2),
    )  # fmt: skip


def test_topics_are_ranked_by_how_often_they_were_told() -> None:
    told = ["brace", "heel-wedge", "brace"]
    replies = [reply("27T10:00", "ana", str(n), "answer", topic=topic) for n, topic in enumerate(told)]
    replies.append(reply("27T10:00", "ana", "9", "clarify", topic="brace"))
    assert figures.topics(Stored(replies=replies)).rows == (("brace", 2), ("heel-wedge", 1))


def test_what_helped_least_stands_first() -> None:
    votes = [{"about": about, "helpful": value} for about, value in (("a", 1), ("b", 0), ("b", 1), ("c", 0), ("c", 0))]
    assert figures.helpfulness(Stored(helpful=votes)).rows == (("c", 0, 2), ("b", 1, 1), ("a", 1, 0))


def test_messages_that_could_not_be_placed_are_a_part_of_all() -> None:
    replies = [reply("27T10:00", "ana", str(turn), "answer") for turn in range(3)]
    missed = [{"at": "2026-11-27T10:00:00+00:00"}]
    rows = {day: (count, part) for day, count, part in figures.unanswered(Stored(replies, (), missed), WEEK).rows}
    assert (rows["2026-11-27"], rows["2026-11-28"]) == ((1, 33.3), (0, 0.0))


def test_escalations_by_category_and_what_came_of_them() -> None:
    found = [
        {"category": category, "level": level, "outcome": outcome}
        for category, level, outcome in (
            ("new-stroke", "emergency", "false-alarm"), ("dvt", "urgent", None), ("new-stroke", "emergency", None),
        )
    ]  # fmt: skip
    kept = Stored(escalations=found)
    assert figures.escalated(kept).rows == (("new-stroke (emergency)", 2), ("dvt (urgent)", 1))
    assert figures.outcomes(kept).rows == (("no outcome yet", 2), ("false-alarm", 1))


def test_check_ins_by_their_end_and_where_they_were_given_up() -> None:
    replies = [
        asked("27T10:00", "ended", "red-flags"),
        asked("27T10:01", "ended", "falls"),
        reply("27T10:02", "ended", "x", "result", level="soon"),
        asked("27T10:00", "danger", "red-flags"),
        reply("27T10:01", "danger", "x", "escalation", level="emergency"),
        asked("27T10:00", "left", "red-flags"),
        asked("27T10:01", "left", "falls"),
        reply("27T10:02", "left", "x", "answer", topic="brace"),
        asked("27T10:00", "twice", "falls"),
        asked("27T15:00", "twice", "red-flags"),
        reply("27T15:01", "twice", "x", "result", level="urgent"),
        asked("28T11:30", "now", "change"),
        reply("27T10:00", "none", "x", "escalation", level="emergency"),
    ]
    kept = Stored(replies=replies)
    assert figures.check_ins(kept, NOW).rows == (
        ("given up", 2), ("ended by an escalation", 1), ("going on", 1), ("result: soon", 1), ("result: urgent", 1),
    )  # fmt: skip
    assert figures.given_up(kept, NOW).rows == (("falls", 2),)


def test_response_times_are_of_those_that_were_answered() -> None:
    def at(minute: int) -> str:
        return f"2026-11-28T10:{minute:02}:00+00:00"

    kept = Stored(
        escalations=[{"at": at(0), "acknowledged_at": at(minutes)} for minutes in (1, 2, 9)]
        + [{"at": at(0), "acknowledged_at": None}],
        handovers=[
            {"asked_at": at(0), "taken_at": at(4), "answered_at": at(6)},
            {"asked_at": None, "taken_at": at(4), "answered_at": at(5)},
        ],
    )
    assert figures.staff_times(kept).rows == (
        ("Escalation until acknowledged", 2.0, 9.0, 3),
        ("Request until a person took over", 4.0, 4.0, 1),
        ("Request until the first answer", 6.0, 6.0, 1),
    )


def test_texts_and_what_they_cost() -> None:
    sent = [{"at": "2026-11-28T10:00:00+00:00", "segments": segments} for segments in (1, 3)]
    assert figures.segments(Stored(texts=sent), WEEK).rows[-1] == ("2026-11-28", 2, 4)


def test_nothing_stored_makes_every_table_and_no_mistake() -> None:
    tables = figures.all_tables(Stored(), WEEK, NOW)
    assert len({table.name for table in tables}) == len(tables) == 10
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)


def test_what_is_read_for_figures_holds_no_words_of_anybody(engine: Engine, database: str) -> None:
    records = Records(database, str.strip)
    verdict = {"category": "dvt", "level": "urgent", "sure": True}
    records.escalation("ana", "secret words", verdict, told="secret advice")
    records.helpful("ana", "m1", False, "brace", "secret words")
    records.unplaced("secret words")
    records.said("ana", "web", "m1", [{"kind": "answer", "topic": "brace", "reasons": ["secret words"]}, {}])
    records.person_wanted("ana", "web")
    records.written()
    today = Period.named("day", datetime.now(timezone.utc))
    with engine.begin() as connection:
        found = stored(connection, today, [])
    records.close()
    kinds = (found.replies, found.helpful, found.unplaced, found.escalations, found.handovers)
    assert [len(rows) for rows in kinds] == [1, 1, 1, 1, 1]
    assert "secret" not in repr(found)
    assert figures.topics(found).rows == (("brace", 1),)
