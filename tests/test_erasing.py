"""Erasing really deletes: one conversation when asked, all of them when their time is over."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered

from bot.commands import erase as command
from bot.engine.tracker_store import Conversations, ConversationsInMemory
from bot.erasing import CannotErase, Erased, erase_before, erase_conversation
from bot.records import Records
from tests.sms.phone import Desk

NOW = datetime.now(timezone.utc)
VERDICT = {"category": "new-stroke", "level": "emergency", "sure": True}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    records = Records(f"sqlite:///{tmp_path / 'records.db'}", str.strip)
    yield records
    records.close()


@pytest.fixture(params=["memory", "sqlite", "wrapped", "ours", "ours in memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TrackerStore:
    file = {"domain": Domain.empty(), "dialect": "sqlite", "db": str(tmp_path / "conversations.db")}
    kinds: dict[str, Callable[[], TrackerStore]] = {
        "memory": lambda: InMemoryTrackerStore(Domain.empty()),
        "sqlite": lambda: SQLTrackerStore(**file),
        "wrapped": lambda: FailSafeTrackerStore(SQLTrackerStore(**file)),
        "ours": lambda: FailSafeTrackerStore(Conversations(url=f"sqlite:///{file['db']}")),
        "ours in memory": lambda: ConversationsInMemory(Domain.empty()),
    }
    return kinds[request.param]()


async def talk(store: TrackerStore, conversation: str, text: str, days_ago: float = 0) -> None:
    at = NOW.timestamp() - days_ago * 86400
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    tracker.update(UserUttered(text, timestamp=at))
    tracker.update(BotUttered(f"You wrote: {text}", timestamp=at))
    await store.save(tracker)


async def said(store: TrackerStore, conversation: str) -> int:
    tracker = await store.retrieve_full_tracker(conversation)
    return len([event for event in tracker.events if isinstance(event, UserUttered)]) if tracker else 0


async def test_one_conversation_goes_with_its_records_and_the_others_stay(
    store: TrackerStore, records: Records
) -> None:
    for name in ("ana", "ben"):
        await talk(store, name, f"I am {name}")
        records.escalation(name, f"I am {name}", VERDICT)
        records.consent(name, "v1", "words")
        records.helpful(name, "m1", True, "clonus", "text")
    records.unplaced("blue cheese")

    assert erase_conversation("ana", store, records) == Erased(1, 3)

    assert (await said(store, "ana"), await said(store, "ben")) == (0, 1)
    kept = {
        table: [row.get("conversation") for row in records.rows(table)]
        for table in ("escalations", "consents", "helpful")
    }
    assert kept == {"escalations": ["ben"], "consents": ["ben"], "helpful": ["ben"]}
    assert [row["text"] for row in records.rows("unplaced")] == ["blue cheese"]
    assert erase_conversation("ana", store, records) == Erased(0, 0)


async def test_no_trace_of_the_words_stays_in_the_files(tmp_path: Path, records: Records) -> None:
    store = SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(tmp_path / "conversations.db"))
    await talk(store, "ana", "Zebedee Quillfeather wrote this")
    records.escalation("ana", "Zebedee Quillfeather wrote this", VERDICT)
    records.rows("escalations")
    files = sorted(tmp_path.glob("*.db*"))
    assert len([path for path in files if b"Quillfeather" in path.read_bytes()]) == 2

    erase_conversation("ana", store, records)

    assert [path for path in tmp_path.glob("*.db*") if b"Quillfeather" in path.read_bytes()] == []


async def test_only_conversations_that_were_silent_for_long_are_old(store: TrackerStore, records: Records) -> None:
    await talk(store, "silent", "long ago", days_ago=40)
    await talk(store, "returned", "long ago", days_ago=40)
    await talk(store, "returned", "and now")
    await talk(store, "new", "now")

    assert erase_before(NOW - timedelta(days=30), store, records).conversations == 1

    assert [await said(store, name) for name in ("silent", "returned", "new")] == [0, 2, 1]


def test_old_records_go_and_new_ones_stay(tmp_path: Path, records: Records) -> None:
    records.unplaced("old")
    records.consent("old", "v1", "words")
    records.rows("unplaced")
    with sqlite3.connect(tmp_path / "records.db") as database:
        for table in ("unplaced", "consents"):
            database.execute(f"update {table} set at = ?", [(NOW - timedelta(days=31)).isoformat(timespec="seconds")])
    records.unplaced("new")
    store = InMemoryTrackerStore(Domain.empty())

    assert erase_before(NOW - timedelta(days=30), store, records) == Erased(0, 2)

    assert [row["text"] for row in records.rows("unplaced")] == ["new"]


def test_a_store_that_cannot_be_erased_is_named(records: Records) -> None:
    class Elsewhere(TrackerStore):
        pass

    with pytest.raises(CannotErase, match="Conversations are kept in Elsewhere"):
        erase_conversation("ana", Elsewhere(Domain.empty()), records)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, records: Records) -> InMemoryTrackerStore:
    store = InMemoryTrackerStore(Domain.empty())
    monkeypatch.setattr(command, "tracker_store", lambda: store)
    monkeypatch.setattr(command, "records", lambda: records)
    return store


@pytest.mark.parametrize(
    ("conversation", "expired", "code", "said_then"),
    [
        ("ana", False, 0, "Deleted: 1 conversation(s), 0 record(s)."),
        ("nobody", False, 1, "Nothing is kept of a conversation 'nobody'."),
        (None, True, 0, "Deleted: 1 conversation(s), 0 record(s)."),
        (None, False, 2, "Name one conversation, or say --expired."),
        ("ana", True, 2, "Name one conversation, or say --expired."),
    ],
)
def test_the_command_says_what_it_did(
    kept: InMemoryTrackerStore, capsys: pytest.CaptureFixture[str],
    conversation: str | None, expired: bool, code: int, said_then: str,
) -> None:  # fmt: skip
    import asyncio

    loop = asyncio.new_event_loop()
    loop.run_until_complete(talk(kept, "ana", "hello"))
    loop.run_until_complete(talk(kept, "silent", "hello", days_ago=400))
    loop.close()

    assert command.run(conversation, expired) == code
    assert capsys.readouterr().out.strip() == said_then


async def test_the_command_deletes_the_number_of_a_phone_too(
    kept: InMemoryTrackerStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(tmp_path)
    await desk.say("hello")
    phone = desk.phone()
    monkeypatch.setattr(command, "text_database", lambda _: f"sqlite:///{tmp_path / 'texts.db'}")
    assert (command.run(phone["id"], False), desk.phone()["number"]) == (0, None)
    assert command.run("phone-unknown", False) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Deleted: 0 conversation(s), 0 record(s).",
        "Nothing is kept of a conversation 'phone-unknown'.",
    ]
