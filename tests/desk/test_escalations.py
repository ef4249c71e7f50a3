"""Escalations as staff work them: nothing disappears unseen, and nobody undoes what a colleague did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy.engine import Engine

from bot.desk import escalations
from bot.desk.erased import trace_seen, unseen_traces
from bot.desk.escalations import Counts
from bot.desk.staff import Clash
from bot.records import Records
from tests.databases import change, found

VERDICT = {"category": "new-stroke", "level": "emergency", "sure": True, "matched": ["face drops"], "rule": "stroke"}


@pytest.fixture
def records(database: str, engine: Engine) -> Iterator[Records]:
    """The records with three escalations of two people."""
    records = Records(database, str.strip)
    records.escalation("ana", "my face drops", VERDICT, told="Call 911.", channel="web")
    records.escalation("bo", "my calf is hot", {**VERDICT, "category": "dvt", "level": "urgent"}, channel="sms")
    records.escalation("ana", "it drops still", VERDICT, channel="web")
    records.written()
    yield records
    records.close()


def test_a_list_is_newest_first_and_shows_no_words(records: Records, engine: Engine) -> None:
    with engine.begin() as connection:
        rows = escalations.listed(connection)
    assert [(row["id"], row["level"]) for row in rows] == [(3, "emergency"), (2, "urgent"), (1, "emergency")]
    assert {"text", "told", "verdict", "correction"} & set(rows[0]) == set()


def test_a_list_by_level_by_what_is_open_and_page_by_page(
    records: Records, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(escalations, "PAGE", 1)
    with engine.begin() as connection:
        escalations.acknowledge(connection, 3, "Anna")
        escalations.set_outcome(connection, 2, 0, "Anna", "false-alarm")

        def ids(**wanted: object) -> list[int]:
            return [row["id"] for row in escalations.listed(connection, **wanted)]  # type: ignore[arg-type]

        found = [ids(level="urgent"), ids(show="new"), ids(show="open"), ids(), ids(before=3), ids(before=2)]
        assert found == [[2], [1], [3], [3], [2], [1]]
        assert escalations.counts(connection) == Counts(unacknowledged=1, without_outcome=2, newest=3)


def test_the_first_acknowledgment_stays(records: Records, engine: Engine) -> None:
    with engine.begin() as connection:
        first = [escalations.acknowledge(connection, 1, who) for who in ("Anna", "Ben")]
        row = escalations.one(connection, 1)
    assert row is not None
    assert (first, row["acknowledged_by"]) == ([True, False], "Anna")


def test_an_outcome_is_chosen_from_what_is_on_the_screen(records: Records, engine: Engine) -> None:
    with engine.begin() as connection:
        escalations.set_outcome(connection, 1, 0, "Anna", "called-is-fine")
        with pytest.raises(Clash, match="A colleague changed this just now"):
            escalations.set_outcome(connection, 1, 0, "Ben", "false-alarm")
        with pytest.raises(ValueError, match="Choose what came of it"):
            escalations.set_outcome(connection, 1, 1, "Ben", "gone")
        row = escalations.one(connection, 1)
    assert row is not None
    assert (row["outcome"], row["outcome_by"], row["acknowledged_by"]) == ("called-is-fine", "Anna", "Anna")


def test_notes_stay_in_order_and_an_empty_one_is_refused(records: Records, engine: Engine) -> None:
    with engine.begin() as connection:
        for who, text in (("Anna", "rang her"), ("Ben", "rang again ")):
            escalations.add_note(connection, 1, who, text)
        with pytest.raises(ValueError, match="A note has 1 to 2000 characters"):
            escalations.add_note(connection, 1, "Anna", " ")
        notes = [(note["who"], note["text"]) for note in escalations.notes(connection, 1)]
    assert notes == [("Anna", "rang her"), ("Ben", "rang again")]


def test_one_that_was_erased_unseen_leaves_a_trace_without_words_until_somebody_has_seen_it(
    records: Records, engine: Engine
) -> None:
    with engine.begin() as connection:
        escalations.acknowledge(connection, 1, "Anna")
        escalations.add_note(connection, 1, "Anna", "rang her")
    assert records.erase("ana") == 3
    with engine.begin() as connection:
        (trace,) = unseen_traces(connection)
        assert set(trace) == {"escalation", "escalated_at", "erased_at", "category", "level", "seen_at", "seen_by"}
        assert (trace["escalation"], trace["category"], trace["level"]) == (3, "new-stroke", "emergency")
        with pytest.raises(Clash, match="was erased"):
            escalations.add_note(connection, 3, "Anna", "too late")
        assert [trace_seen(connection, 3, "Anna") for _ in range(2)] == [True, False]
        assert unseen_traces(connection) == []


def test_one_whose_time_is_over_unseen_leaves_a_trace_too(records: Records, engine: Engine, database: str) -> None:
    long_ago = (datetime.now(timezone.utc) - timedelta(days=40)).isoformat(timespec="seconds")
    change(database, "update escalations set at = :at where id = 2", at=long_ago)
    assert records.erase_before(datetime.now(timezone.utc) - timedelta(days=30)) == 1
    with engine.begin() as connection:
        assert [trace["escalation"] for trace in unseen_traces(connection)] == [2]


def test_a_trace_goes_some_time_after_somebody_has_seen_it_and_no_earlier(
    records: Records, engine: Engine, database: str
) -> None:
    records.erase("ana")
    with engine.begin() as connection:
        trace_seen(connection, 1, "Anna")
    later = datetime.now(timezone.utc) + timedelta(days=1)
    records.erase_before(datetime.now(timezone.utc) - timedelta(days=1))
    before = [row["escalation"] for row in found(database, "select escalation from erased_escalations")]
    records.erase_before(later)
    after = [row["escalation"] for row in found(database, "select escalation from erased_escalations order by 1")]
    assert (sorted(before), after) == ([1, 3], [2, 3])


def test_every_change_shows_in_the_state_that_open_pages_watch(records: Records, engine: Engine) -> None:
    seen = []

    def look() -> None:
        with engine.begin() as connection:
            seen.append(escalations.state_of_all(connection))

    look()
    with engine.begin() as connection:
        escalations.acknowledge(connection, 1, "Anna")
    look()
    with engine.begin() as connection:
        escalations.add_note(connection, 1, "Anna", "rang her")
    look()
    records.correction("ana", "it was a joke")
    records.written()
    look()
    assert len(set(seen)) == 4
