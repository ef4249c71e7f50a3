"""Conversations are kept whole, and each turn works with their latest turns alone; on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, AllSlotsReset, BotUttered, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.exc import OperationalError

from bot.engine.conversation_database import FileReplaced
from bot.engine.conversation_tables import ConversationChanged
from bot.engine.tracker_store import Conversations
from bot.engine.watch import Watch, watched_by
from bot.engine.window import TURNS_KEPT
from tests.engine.running import Running
from tests.engine.talking import opening, say, texts, turn

DOMAIN = Domain.from_dict(
    {"slots": {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("region", "at")}}
)


async def talk(store: Conversations, turns: int, conversation: str = "ana") -> list[str]:
    """So many turns, each with its number as text and as id."""
    await say(store, conversation, *opening())
    said = [str(number) for number in range(turns)]
    for text in said:
        await say(store, conversation, *turn(text, name=text))
    return said


def known(tracker: DialogueStateTracker) -> dict[str, Any]:
    """The slots that have a value."""
    return {name: value for name, value in tracker.current_slot_values().items() if value is not None}


async def test_a_window_holds_the_latest_turns_and_the_log_holds_all(store: Conversations) -> None:
    said = await talk(store, 40)

    window = texts(await store.retrieve("ana"))
    assert window == said[-len(window) :]
    assert TURNS_KEPT <= len(window) < 2 * TURNS_KEPT
    assert texts(await store.retrieve_full_tracker("ana")) == said


async def test_a_window_never_grows_beyond_twice_the_turns_kept(store: Conversations) -> None:
    sizes = []
    for number in range(60):
        await say(store, "ana", *turn(str(number)))
        sizes.append(len((await store.retrieve("ana")).events))

    assert max(sizes[2 * TURNS_KEPT :]) == max(sizes[: 2 * TURNS_KEPT]) + len(opening())


async def test_what_was_known_before_the_window_is_known_in_it(store: Conversations) -> None:
    store.domain = DOMAIN
    await say(store, "ana", *turn("hello", SlotSet("region", "UK"), ActiveLoop("check_in"), SlotSet("at", {"q": [1]})))
    for number in range(50):
        await say(store, "ana", *turn(str(number)))

    window = await store.retrieve("ana")
    assert known(window) == {"region": "UK", "at": {"q": [1]}}
    assert window.active_loop_name == "check_in"
    assert "hello" not in texts(window)


async def test_what_was_forgotten_before_the_window_stays_forgotten(store: Conversations) -> None:
    store.domain = DOMAIN
    await say(store, "ana", *turn("hello", SlotSet("region", "UK"), ActiveLoop("check_in")))
    await say(store, "ana", *turn("stop", AllSlotsReset(), ActiveLoop(None)))
    for number in range(50):
        await say(store, "ana", *turn(str(number)))

    window = await store.retrieve("ana")
    assert (known(window), window.active_loop_name) == ({}, None)


async def test_a_window_says_the_same_as_the_whole_log(store: Conversations) -> None:
    """Whatever was set, changed and reset on the way: slots and form end up as a replay of everything has them."""
    store.domain = DOMAIN
    for number in range(45):
        events = [SlotSet("at", number)] if number % 3 == 0 else []
        events += [SlotSet("region", f"r{number}")] if number % 7 == 0 else []
        events += [AllSlotsReset()] if number % 20 == 19 else []
        events += [ActiveLoop("check_in" if number % 4 else None)]
        await say(store, "ana", *turn(str(number), *events))
        window, whole = await store.retrieve("ana"), await store.retrieve_full_tracker("ana")
        assert whole is not None
        assert window.current_slot_values() == whole.current_slot_values()
        assert window.active_loop_name == whole.active_loop_name
        assert window.latest_message == whole.latest_message


async def test_a_new_session_begins_a_window(store: Conversations) -> None:
    await talk(store, 5)
    await say(store, "ana", *opening(), *turn("back again"))

    assert texts(await store.retrieve("ana")) == ["back again"]
    assert len(texts(await store.retrieve_full_tracker("ana"))) == 6


async def test_nothing_that_stands_for_what_was_known_is_written(store: Conversations) -> None:
    store.domain = DOMAIN
    await say(store, "ana", *opening(), *turn("hello", SlotSet("region", "UK")))
    for number in range(50):
        await say(store, "ana", *turn(str(number)))

    whole = await store.retrieve_full_tracker("ana")
    assert whole is not None
    assert len(whole.events) == len(opening()) + 51 * len(turn("")) + 1


async def test_what_was_said_last_is_found_without_reading_everything(store: Conversations) -> None:
    await talk(store, 30)

    assert [event.text for event in await store.said("ana", 3)] == ["You wrote: 28", "29", "You wrote: 29"]
    assert await store.said("nobody", 3) == []


async def test_what_was_said_to_a_message_is_found_by_its_id(store: Conversations) -> None:
    await talk(store, 30)

    assert [event.text for event in await store.said_to("ana", "7") or ()] == ["You wrote: 7"]
    assert await store.said_to("ana", "30") is None
    assert await store.said_to("ben", "7") is None


async def test_the_second_of_two_turns_made_at_once_is_refused(store: Conversations) -> None:
    await talk(store, 3)
    first, second = await store.retrieve("ana"), await store.retrieve("ana")
    for tracker, text in ((first, "one"), (second, "two")):
        for event in turn(text):
            tracker.update(event)
    await store.save(first)

    with pytest.raises(ConversationChanged):
        await store.save(second)
    assert texts(await store.retrieve_full_tracker("ana")) == ["0", "1", "2", "one"]


async def test_of_two_first_turns_made_at_once_one_is_kept(store: Conversations) -> None:
    trackers = [store.init_tracker("ana") for _ in range(2)]
    for tracker, text in zip(trackers, ("one", "two"), strict=True):
        for event in turn(text):
            tracker.update(event)
    results = await asyncio.gather(*(store.save(tracker) for tracker in trackers), return_exceptions=True)

    assert sorted(type(result).__name__ for result in results) == ["ConversationChanged", "NoneType"]
    assert len(texts(await store.retrieve_full_tracker("ana"))) == 1


async def test_a_message_with_an_id_is_written_once(store: Conversations) -> None:
    await say(store, "ana", *turn("hello", name="m1"))

    with pytest.raises(ConversationChanged):
        await say(store, "ana", *turn("hello", name="m1"))
    assert texts(await store.retrieve_full_tracker("ana")) == ["hello"]


async def test_a_turn_after_the_conversation_was_erased_leaves_nothing_behind(store: Conversations) -> None:
    await talk(store, 3)
    late = await store.retrieve("ana")
    assert store.erase(["ana", "nobody"]) == 1
    for event in turn("late"):
        late.update(event)

    with pytest.raises(ConversationChanged):
        await store.save(late)
    assert (await store.retrieve("ana"), await store.retrieve_full_tracker("ana")) == (None, None)
    assert await store.said_to("ana", "1") is None


async def test_quiet_conversations_are_found_by_their_last_event(store: Conversations) -> None:
    for name, at in (("old", 100.0), ("older", 50.0), ("new", 200.0)):
        await say(store, name, BotUttered("hello", timestamp=at))

    assert sorted(store.quiet_since(150.0)) == ["old", "older"]
    assert sorted(await store.keys()) == ["new", "old", "older"]


async def test_a_whole_conversation_put_over_rasas_interface_adds_what_is_new(store: Conversations) -> None:
    await talk(store, 2)
    whole = await store.retrieve_full_tracker("ana")
    assert whole is not None
    whole.update(BotUttered("From staff"))
    await store.save(whole)

    assert [event.text for event in await store.said("ana", 1)] == ["From staff"]
    assert len(texts(await store.retrieve_full_tracker("ana"))) == 2


async def test_many_conversations_are_written_at_once(store: Conversations) -> None:
    async def talk_of(name: str) -> None:
        for number in range(5):
            await say(store, name, *turn(str(number)))

    await asyncio.gather(*(talk_of(f"c{number}") for number in range(12)))

    assert [len(texts(await store.retrieve_full_tracker(f"c{number}"))) for number in range(12)] == [5] * 12


async def test_a_file_of_rasas_own_store_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    before = SQLTrackerStore(DOMAIN, dialect="sqlite", db=str(file))
    await say(before, "ana", *opening(), *turn("long ago"))
    await say(before, "ana", *opening(), *turn("before", SlotSet("region", "UK")))
    store = Conversations(DOMAIN, url=f"sqlite:///{file}")
    assert texts(await store.retrieve("ana")) == ["before"]
    await say(store, "ana", *turn("now"))

    window = await store.retrieve("ana")
    assert (texts(window)[-2:], window.get_slot("region")) == (["before", "now"], "UK")
    assert texts(await store.retrieve_full_tracker("ana")) == ["long ago", "before", "now"]


async def test_a_database_that_restarted_costs_no_turn(servers: Running, new_database: Callable[[str], str]) -> None:
    store = Conversations(Domain.empty(), url=new_database("postgresql"))
    await talk(store, 3)
    servers.kill("postgres")
    servers.start("postgres")

    await say(store, "ana", *turn("after"))
    assert texts(await store.retrieve_full_tracker("ana")) == ["0", "1", "2", "after"]


async def test_a_turn_hears_that_the_database_is_away(servers: Running, new_database: Callable[[str], str]) -> None:
    store = Conversations(Domain.empty(), url=new_database("postgresql"))
    await talk(store, 1)
    watch = Watch()
    servers.kill("postgres")
    with watched_by(watch), pytest.raises(OperationalError):
        await store.retrieve("ana")
    servers.start("postgres")

    assert watch.failed
    assert texts(await store.retrieve("ana")) == ["0"]


async def test_a_database_that_is_away_when_the_bot_starts_is_used_once_it_is_there(
    servers: Running, new_database: Callable[[str], str]
) -> None:
    address = new_database("postgresql")
    servers.kill("postgres")
    store = Conversations(Domain.empty(), url=address)
    servers.start("postgres")

    await say(store, "ana", *turn("hello"))
    assert texts(await store.retrieve("ana")) == ["hello"]


async def test_a_file_that_was_moved_away_is_not_written_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    file, aside = tmp_path / "conversations.db", tmp_path / "aside.db"
    store = Conversations(Domain.empty(), url=f"sqlite:///{file}")
    await talk(store, 2)
    file.rename(aside)
    for content in (None, b"this is no database"):
        if content:
            file.write_bytes(content)
        with pytest.raises(FileReplaced):
            await store.retrieve("ana")
    aside.replace(file)

    await say(store, "ana", *turn("after"))
    assert texts(await store.retrieve_full_tracker("ana")) == ["0", "1", "after"]


async def test_a_locked_file_is_not_waited_for_long(tmp_path: Path) -> None:
    file = tmp_path / "conversations.db"
    store = Conversations(Domain.empty(), url=f"sqlite:///{file}")
    await talk(store, 1)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("begin exclusive")
    with pytest.raises(Exception, match="locked"):
        await say(store, "ana", *turn("during"))
    other.execute("rollback")
    other.close()

    await say(store, "ana", *turn("after"))
    assert texts(await store.retrieve_full_tracker("ana")) == ["0", "after"]
