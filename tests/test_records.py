"""What staff must see later is kept whole, in SQLite and in PostgreSQL, and never holds up a reply."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlite_utils
from sqlalchemy import inspect
from sqlalchemy.engine import Engine
from sqlite_utils.migrations import Migrations

from bot.databases import bring_up_to_date, open_engine
from bot.desk.steps import NAME, STEPS
from bot.desk.tables import metadata
from bot.engine.conversation_database import open_database as open_conversations
from bot.records import Records, RecordsAway
from bot.settings import ROOT
from tests.databases import found
from tests.postgresql import PostgreSQL

VERDICT = {"category": "new-stroke", "level": "emergency", "sure": True, "matched": ["face drops – “links”", "今"]}
LOST = "A record for staff could not be written."

Open = Callable[[str], Records]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens records that are closed after the test."""
    made: list[Records] = []

    def open_records(address: str) -> Records:
        made.append(Records(address, str.strip))
        return made[-1]

    yield open_records
    for records in made:
        records.close()


def file(path: Path) -> str:
    return f"sqlite:///{path}"


def test_an_escalation_comes_back_whole(database: str, opened: Open) -> None:
    records = opened(database)
    before = datetime.now(timezone.utc).replace(microsecond=0)
    records.escalation("visitor-1", "my face drops “now” 😨", VERDICT, told="Call 911.", channel="web")
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
        "told": "Call 911.",
        "channel": "web",
        "acknowledged_at": None,
        "acknowledged_by": None,
        "outcome": None,
        "outcome_at": None,
        "outcome_by": None,
        "version": 0,
    }


def test_a_message_is_escalated_once_however_often_it_is_noted(database: str, opened: Open) -> None:
    records = opened(database)
    for message in ("first", "first", "second"):
        records.escalation("visitor-1", "my face drops", VERDICT, message)
    assert [row["message"] for row in records.rows("escalations")] == ["first", "second"]


def test_what_a_person_says_later_stands_beside_their_escalations_only(database: str, opened: Open) -> None:
    records = opened(database)
    records.escalation("visitor-1", "my face drops", VERDICT)
    records.escalation("visitor-2", "my face drops", VERDICT)
    records.correction("visitor-1", "it was a joke")
    records.escalation("visitor-1", "no, it does drop", VERDICT)
    rows = records.rows("escalations")
    assert [row["correction"] for row in rows] == ["it was a joke", None, None]
    assert [row["corrected_at"] is not None for row in rows] == [True, False, False]


def test_a_doubtful_escalation_is_marked_as_such(database: str, opened: Open) -> None:
    records = opened(database)
    records.escalation("visitor-1", "is it one?", {**VERDICT, "sure": False})
    assert [row["sure"] for row in records.rows("escalations")] == [0]


def test_a_message_that_fitted_nothing_is_kept_without_its_conversation(database: str, opened: Open) -> None:
    records = opened(database)
    records.unplaced("blue cheese")
    (row,) = records.rows("unplaced")
    assert (set(row), row["id"], row["text"]) == ({"id", "at", "text"}, 1, "blue cheese")


def test_what_was_asked_is_kept_where_the_answer_did_not_help_without_what_tells_who_asked(
    database: str, opened: Open
) -> None:
    records = Records(database, lambda text: text.replace("Anna", "[name]"))
    records.helpful("visitor-1", "m1", True, "afo", "Wear it.", "Anna asks for more")
    records.helpful("visitor-1", "m2", False, "afo", "Wear it.", "Anna asks for more")
    records.helpful("visitor-1", "m3", False, "afo", "Wear it.", "Anna asks again")
    records.helpful("visitor-1", "m3", True, "afo", "Wear it.", "Anna asks again")
    rows = {row["message"]: row["asked"] for row in records.rows("helpful")}
    records.close()
    assert rows == {"m1": None, "m2": "[name] asks for more", "m3": None}


def test_a_message_that_fitted_nothing_is_kept_only_without_what_tells_who_wrote_it(tmp_path: Path) -> None:
    records = Records(f"sqlite:///{tmp_path / 'records.db'}", lambda text: text.replace("Anna", "[name]"))
    records.unplaced("Anna eats blue cheese")
    assert [row["text"] for row in records.rows("unplaced")] == ["[name] eats blue cheese"]
    records.close()


def test_a_message_that_cannot_be_deidentified_is_not_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def broken(text: str) -> str:
        raise OSError("no language model")

    records = Records(f"sqlite:///{tmp_path / 'records.db'}", broken)
    records.unplaced("Anna eats blue cheese")
    assert records.rows("unplaced") == []
    assert [record.message for record in caplog.records] == [LOST]
    records.close()


def test_rows_come_back_oldest_first(database: str, opened: Open) -> None:
    records = opened(database)
    for number in range(20):
        records.unplaced(f"message {number}")
    assert [row["text"] for row in records.rows("unplaced")] == [f"message {number}" for number in range(20)]


def test_what_was_waiting_is_written_before_closing(database: str, opened: Open) -> None:
    records = opened(database)
    records.unplaced("one")
    records.unplaced("two")
    records.close()
    assert [row["text"] for row in opened(database).rows("unplaced")] == ["one", "two"]


def test_what_is_kept_stays_when_it_is_opened_again(database: str, opened: Open) -> None:
    first = opened(database)
    first.unplaced("one")
    first.close()
    second = opened(database)
    second.unplaced("two")
    assert [row["text"] for row in second.rows("unplaced")] == ["one", "two"]


def test_a_file_of_the_time_before_is_brought_up_to_date_and_loses_nothing(tmp_path: Path, opened: Open) -> None:
    path = tmp_path / "records.db"
    older = Migrations(NAME)

    @older()
    def m001_escalations(database: sqlite_utils.Database) -> None:
        words = dict.fromkeys(("at", "conversation", "text", "category", "level"), str)
        database.table("escalations").create({"id": int, **words, "sure": int, "verdict": str}, pk="id")

    @older()
    def m002_unplaced(database: sqlite_utils.Database) -> None:
        database.table("unplaced").create({"id": int, "at": str, "text": str}, pk="id")

    before = sqlite_utils.Database(path)
    older.apply(before)
    kept = {
        "id": 41, "at": "2026-01-05T10:00:00+00:00", "conversation": "visitor-1", "text": "help",
        "category": "dvt", "level": "urgent", "sure": 1, "verdict": "{}",
    }  # fmt: skip
    before["escalations"].insert(kept)
    before["unplaced"].insert({"at": "2026-01-05T10:00:00+00:00", "text": "red cheese"})
    before.close()

    records = opened(file(path))
    records.unplaced("blue cheese")
    records.escalation("visitor-2", "fell", VERDICT)
    old, new = records.rows("escalations")
    added = {name: old[name] for name in old if name not in kept}
    assert ({name: old[name] for name in kept}, new["id"]) == (kept, 42)
    assert added == {**dict.fromkeys(added), "version": 0}
    assert [row["text"] for row in records.rows("unplaced")] == ["red cheese", "blue cheese"]


def test_the_steps_come_to_the_tables_that_the_program_uses(database: str) -> None:
    engine = open_engine(database)
    taken = [bring_up_to_date(engine, NAME, STEPS) for _ in range(2)]
    look = inspect(engine)
    there = {name: [column["name"] for column in look.get_columns(name)] for name in look.get_table_names()}
    engine.dispose()
    assert taken == [list(STEPS), []]
    assert there.pop("schema_steps") == ["tables", "step", "at"]
    assert there == {table.name: [column.name for column in table.columns] for table in metadata.sorted_tables}


def test_a_step_that_fails_leaves_everything_as_it_was_and_is_taken_again(database: str) -> None:
    def broken(connection: object) -> None:
        raise RuntimeError("power cut")

    engine = open_engine(database)
    bring_up_to_date(engine, NAME, STEPS)
    with pytest.raises(RuntimeError, match="power cut"):
        bring_up_to_date(engine, NAME, {**STEPS, "next": broken})
    with pytest.raises(RuntimeError, match="power cut"):
        bring_up_to_date(
            engine, "other", {"first": lambda c: c.exec_driver_sql("create table x (y text)"), "then": broken}
        )
    assert (inspect(engine).has_table("x"), bring_up_to_date(engine, NAME, {**STEPS, "next": str})) == (False, ["next"])
    engine.dispose()


def test_programs_that_start_together_take_each_step_once(database: str) -> None:
    engines = [open_engine(database) for _ in range(4)]
    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(lambda engine: bring_up_to_date(engine, NAME, STEPS), engines))
    for engine in engines:
        engine.dispose()
    assert sorted(map(len, taken)) == [0, 0, 0, len(STEPS)]


@pytest.mark.parametrize("opening", [open_engine, open_conversations])
def test_a_file_that_another_program_is_just_making_is_waited_for(
    tmp_path: Path, opening: Callable[[str], Engine]
) -> None:
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("begin immediate")
    other.execute("create table made (by_the_other)")
    end = threading.Timer(0.2, other.execute, ["commit"])
    end.start()
    engine = opening(f"sqlite:///{path}")
    with engine.begin() as connection:
        seen = connection.exec_driver_sql("select name from sqlite_master").scalars().all()
        mode = connection.exec_driver_sql("pragma journal_mode").scalar_one()
    engine.dispose()
    end.join()
    other.close()
    assert (seen, mode) == (["made"], "wal")


def test_nothing_is_lost_while_the_database_is_away(
    postgresql_server: PostgreSQL, opened: Open, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.records.WAIT_SECONDS", 0.5)
    address = postgresql_server.new_database()
    records = opened(address)
    records.unplaced("before")
    records.written()
    postgresql_server.stop()
    try:
        for number in range(5):
            records.unplaced(f"while away {number}")
        with pytest.raises(RecordsAway):
            records.erase("somebody")
    finally:
        postgresql_server.start()
    records.unplaced("after")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(found(address, "select * from unplaced")) < 7:
        time.sleep(0.1)
    monkeypatch.undo()
    expected = ["before", *(f"while away {number}" for number in range(5)), "after"]
    assert [row["text"] for row in records.rows("unplaced")] == expected
    assert [record.message.split(":")[0] for record in caplog.records] == ["Records for staff wait"]


def test_a_record_waits_while_another_program_writes(tmp_path: Path, opened: Open) -> None:
    address = file(tmp_path / "records.db")
    records = opened(address)
    records.unplaced("first")
    records.written()
    other = open_engine(address)
    done = threading.Event()
    with other.begin():
        began = time.monotonic()
        records.unplaced("second")
        took = time.monotonic() - began
        waiting = not done.wait(0.3) and [row["text"] for row in found(address, "select text from unplaced")]
    other.dispose()
    assert (waiting, [row["text"] for row in records.rows("unplaced")]) == (["first"], ["first", "second"])
    assert took < 0.3


def test_a_place_that_cannot_be_written_never_troubles_the_caller(
    tmp_path: Path, opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    occupied = tmp_path / "a-file"
    occupied.write_text("in the way")
    records = opened(file(occupied / "records.db"))
    records.escalation("visitor-1", "help", VERDICT)
    records.unplaced("blue cheese")
    records.close()
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [LOST] * 2
    assert occupied.read_text() == "in the way"


def test_a_garbage_file_never_troubles_the_caller_and_stays_as_it_is(
    tmp_path: Path, opened: Open, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"this is not a database " * 100)
    records = opened(file(path))
    records.unplaced("blue cheese")
    records.close()
    assert [record.message for record in caplog.records] == [LOST]
    assert path.read_bytes() == b"this is not a database " * 100


@pytest.mark.parametrize(
    "verdict",
    [{}, {"category": "dvt"}, {**VERDICT, "matched": {1, 2}}, {**VERDICT, "level": None}],
    ids=["empty", "without a level", "not JSON", "level unknown"],
)
def test_a_verdict_that_cannot_be_kept_never_troubles_the_caller(
    database: str, opened: Open, verdict: dict[str, object]
) -> None:
    records = opened(database)
    records.escalation("visitor-1", "help", verdict)
    records.unplaced("the next one is kept")
    assert [row["text"] for row in records.rows("unplaced")] == ["the next one is kept"]


def test_closing_twice_is_harmless(database: str, opened: Open) -> None:
    records = opened(database)
    records.unplaced("one")
    records.close()
    records.close()


def test_what_a_process_noted_as_it_ended_is_looked_through_for_names_and_written(tmp_path: Path) -> None:
    noted = "My name is John Smith and I am from Leeds, what is a zebra?"
    program = (
        "import sys\n"
        "from bot.names import without_identifiers\n"
        "from bot.records import Records\n"
        "from bot.safety.syntax import pipeline\n"
        "records = Records(sys.argv[1], without_identifiers)\n"
        "pipeline()('My foot bounces.')\n"
        "for _ in range(20):\n"
        f"    records.unplaced({noted!r})\n"
    )
    address = file(tmp_path / "records.db")
    done = subprocess.run(
        [sys.executable, "-c", program, address], cwd=ROOT, capture_output=True, text=True, timeout=120,
        env={**os.environ, "MALLOC_PERTURB_": "165"},  # freed memory is overwritten, so that using it shows
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    kept = [row["text"] for row in Records(address, str.strip).rows("unplaced")]
    assert kept == ["My name is [name] and I am from [place], what is a zebra?"] * 20
