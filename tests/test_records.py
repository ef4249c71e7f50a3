"""What staff must see later is kept whole, and never holds up a reply."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlite_utils
from sqlite_utils.migrations import Migrations

from bot.records import Records, m001_escalations, migrations

VERDICT = {"category": "new-stroke", "level": "emergency", "sure": True, "matched": ["face drops – “links”", "今"]}


@pytest.fixture
def opened() -> Iterator[Callable[[Path], Records]]:
    """Opens records that are closed after the test."""
    made: list[Records] = []

    def open_records(path: Path) -> Records:
        made.append(Records(path))
        return made[-1]

    yield open_records
    for records in made:
        records.close()


def test_an_escalation_comes_back_whole(tmp_path: Path, opened: Callable[[Path], Records]) -> None:
    records = opened(tmp_path / "var" / "records.db")
    before = datetime.now(timezone.utc).replace(microsecond=0)
    records.escalation("visitor-1", "my face drops “now” 😨", VERDICT)
    (row,) = records.rows("escalations")
    assert before <= datetime.fromisoformat(row.pop("at")) <= datetime.now(timezone.utc)
    assert json.loads(row.pop("verdict")) == VERDICT
    assert row == {
        "id": 1,
        "conversation": "visitor-1",
        "text": "my face drops “now” 😨",
        "category": "new-stroke",
        "level": "emergency",
        "sure": 1,
        "message": None,
        "corrected_at": None,
        "correction": None,
    }


def test_a_message_is_escalated_once_however_often_it_is_noted(
    tmp_path: Path, opened: Callable[[Path], Records]
) -> None:
    records = opened(tmp_path / "records.db")
    for message in ("first", "first", "second"):
        records.escalation("visitor-1", "my face drops", VERDICT, message)
    assert [row["message"] for row in records.rows("escalations")] == ["first", "second"]


def test_what_a_person_says_later_stands_beside_their_escalations_only(
    tmp_path: Path, opened: Callable[[Path], Records]
) -> None:
    records = opened(tmp_path / "records.db")
    records.escalation("visitor-1", "my face drops", VERDICT)
    records.escalation("visitor-2", "my face drops", VERDICT)
    records.correction("visitor-1", "it was a joke")
    records.escalation("visitor-1", "no, it does drop", VERDICT)
    rows = records.rows("escalations")
    assert [row["correction"] for row in rows] == ["it was a joke", None, None]
    assert [row["corrected_at"] is not None for row in rows] == [True, False, False]


def test_a_doubtful_escalation_is_marked_as_such(tmp_path: Path, opened: Callable[[Path], Records]) -> None:
    records = opened(tmp_path / "records.db")
    records.escalation("visitor-1", "is it one?", {**VERDICT, "sure": False})
    assert [row["sure"] for row in records.rows("escalations")] == [0]


def test_a_message_that_fitted_nothing_is_kept_without_its_conversation(
    tmp_path: Path, opened: Callable[[Path], Records]
) -> None:
    records = opened(tmp_path / "records.db")
    records.unplaced("blue cheese")
    (row,) = records.rows("unplaced")
    assert (set(row), row["id"], row["text"]) == ({"id", "at", "text"}, 1, "blue cheese")


def test_rows_come_back_oldest_first(tmp_path: Path, opened: Callable[[Path], Records]) -> None:
    records = opened(tmp_path / "records.db")
    for number in range(20):
        records.unplaced(f"message {number}")
    assert [row["text"] for row in records.rows("unplaced")] == [f"message {number}" for number in range(20)]


def test_what_was_waiting_is_written_before_closing(tmp_path: Path, opened: Callable[[Path], Records]) -> None:
    path = tmp_path / "records.db"
    records = opened(path)
    records.unplaced("one")
    records.unplaced("two")
    records.close()
    assert [row["text"] for row in opened(path).rows("unplaced")] == ["one", "two"]


def test_a_file_is_kept_when_it_is_opened_again(tmp_path: Path, opened: Callable[[Path], Records]) -> None:
    path = tmp_path / "records.db"
    first = opened(path)
    first.unplaced("one")
    first.close()
    second = opened(path)
    second.unplaced("two")
    assert [row["text"] for row in second.rows("unplaced")] == ["one", "two"]


def test_an_older_file_is_brought_up_to_date_and_loses_nothing(
    tmp_path: Path, opened: Callable[[Path], Records]
) -> None:
    path = tmp_path / "records.db"
    older = Migrations(migrations.name)
    older()(m001_escalations)
    database = sqlite_utils.Database(path)
    older.apply(database)
    kept = {
        "id": 41, "at": "2026-01-05T10:00:00+00:00", "conversation": "visitor-1", "text": "help",
        "category": "dvt", "level": "urgent", "sure": 1, "verdict": "{}",
    }  # fmt: skip
    database["escalations"].insert(kept)
    assert database.table_names() == ["_sqlite_migrations", "escalations"]
    database.close()

    records = opened(path)
    records.unplaced("blue cheese")
    records.escalation("visitor-2", "fell", VERDICT)
    old, new = records.rows("escalations")
    added = {"message": None, "corrected_at": None, "correction": None}
    assert (old, new["id"]) == ({**kept, **added}, 42)
    assert [row["text"] for row in records.rows("unplaced")] == ["blue cheese"]


def test_migrations_are_applied_once_and_in_order(tmp_path: Path, opened: Callable[[Path], Records]) -> None:
    path = tmp_path / "records.db"
    for _ in range(2):
        records = opened(path)
        records.unplaced("one")
        records.close()
    database = sqlite_utils.Database(path)
    applied = [migration.name for migration in migrations.applied(database)]
    waiting = migrations.pending(database)
    database.close()
    assert applied[:2] == ["m001_escalations", "m002_unplaced"]
    assert (len(applied), waiting) == (len(set(applied)), [])


def test_a_place_that_cannot_be_written_never_troubles_the_caller(
    tmp_path: Path, opened: Callable[[Path], Records], caplog: pytest.LogCaptureFixture
) -> None:
    occupied = tmp_path / "a-file"
    occupied.write_text("in the way")
    records = opened(occupied / "records.db")
    records.escalation("visitor-1", "help", VERDICT)
    records.unplaced("blue cheese")
    records.close()
    assert [record.message for record in caplog.records] == ["A record for staff could not be written."] * 2
    assert occupied.read_text() == "in the way"


def test_a_garbage_file_never_troubles_the_caller_and_stays_as_it_is(
    tmp_path: Path, opened: Callable[[Path], Records], caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"this is not a database " * 100)
    records = opened(path)
    records.unplaced("blue cheese")
    records.close()
    assert [record.message for record in caplog.records] == ["A record for staff could not be written."]
    assert path.read_bytes() == b"this is not a database " * 100


@pytest.mark.parametrize(
    "verdict",
    [{}, {"category": "dvt"}, {**VERDICT, "matched": {1, 2}}, {**VERDICT, "level": None}],
    ids=["empty", "without a level", "not JSON", "level unknown"],
)
def test_a_verdict_that_cannot_be_kept_never_troubles_the_caller(
    tmp_path: Path, opened: Callable[[Path], Records], verdict: dict[str, object]
) -> None:
    records = opened(tmp_path / "records.db")
    records.escalation("visitor-1", "help", verdict)
    records.unplaced("the next one is kept")
    assert [row["text"] for row in records.rows("unplaced")] == ["the next one is kept"]


def test_closing_twice_is_harmless(tmp_path: Path, opened: Callable[[Path], Records]) -> None:
    records = opened(tmp_path / "records.db")
    records.unplaced("one")
    records.close()
    records.close()
