"""Whatever happens, each message is answered once and in order: random schedules against a model.

Two processes share a database and a Redis. Messages arrive at either one, processes are killed in the middle of a turn
(before it is written, or after it was written and before anybody hears of it), and a message that was not answered is
handed to the other process under the same id, as nginx does it.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import redis_queues
from bot.engine.lock_store import Locks
from bot.engine.redis_queues import RedisPlace, RedisQueues
from bot.engine.tracker_store import Conversations
from tests.engine.running import Running
from tests.engine.talking import texts, turn

_numbers = itertools.count()
NEVER, BEFORE_WRITING, AFTER_WRITING = "never", "before it is written", "after it was written"


class Killed(Exception):
    """What work in a killed process comes to: nothing of it reaches anybody."""


class MortalStore(Conversations):
    """The conversations as one process reaches them, until it is killed."""

    alive = True

    async def save_unless_killed(self, tracker: DialogueStateTracker, dies: str) -> None:
        """Write a turn, or be killed over it."""
        self.alive = self.alive and dies != BEFORE_WRITING
        if not self.alive:
            raise Killed
        await self.save(tracker)
        self.alive = self.alive and dies != AFTER_WRITING
        if not self.alive:
            raise Killed


class MortalQueues(RedisQueues):
    """The queues as one process reaches them: once it is killed it neither leaves its place nor says it is there."""

    store: MortalStore
    places_taken = 0

    async def _ask(self, client: Any, place: RedisPlace, *, entering: bool) -> int:  # type: ignore[override]
        state = await RedisQueues._ask(client, place, entering=entering)
        self.places_taken += entering
        return state

    async def leave(self, place: RedisPlace) -> None:
        if self.store.alive:
            await super().leave(place)
        elif place.alive is not None:
            place.alive.cancel()


class Life:
    """A chat process until it is killed: the real locks and store, before a bot that repeats what it hears."""

    def __init__(self, database: str, redis_url: str) -> None:
        self.store = MortalStore(Domain.empty(), url=database)
        self._locks = Locks()
        self.queues = MortalQueues(redis_url)
        self.queues.store = self.store
        self._locks._everywhere = self.queues

    async def hear(self, conversation: str, text: str, dies: str) -> list[str] | None:
        """What the person reads; None when the process was killed, so that nobody reads anything."""
        try:
            async with self._locks.lock(conversation):
                said = await self.store.said_to(conversation, text) or await self._turn(conversation, text, dies)
        except Killed:
            return None
        return [event.text for event in said if isinstance(event, BotUttered)] if self.store.alive else None

    async def _turn(self, conversation: str, text: str, dies: str) -> list[Event]:
        events = turn(text, name=text)
        tracker = await self.store.get_or_create_tracker(conversation, append_action_listen=False)
        for event in events:
            tracker.update(event)
        await self.store.save_unless_killed(tracker, dies)
        return events


@dataclass(frozen=True)
class Step:
    """A message: who writes, at which process it arrives, when that is killed, and whether the next waits for it."""

    person: str
    at: int
    dies: str
    waits: bool


STEPS = st.lists(
    st.builds(
        Step,
        person=st.sampled_from(["ana", "ben"]),
        at=st.integers(0, 1),
        dies=st.sampled_from([NEVER, NEVER, NEVER, BEFORE_WRITING, AFTER_WRITING]),
        waits=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture(autouse=True)
def quick_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Places of killed processes end soon, so that many schedules can be tried."""
    monkeypatch.setattr(redis_queues, "LEASE_SECONDS", 0.5)
    monkeypatch.setattr(redis_queues, "RENEWED_SECONDS", 0.05)
    monkeypatch.setattr(redis_queues, "WAKE_SECONDS", 0.05)


async def deliver(processes: list[Life], again: Callable[[], Life], step: Step, text: str) -> list[str]:
    """Hand a message to a process, and to the other one when the first was killed over it and began `again`."""
    dies, at = step.dies, step.at
    while True:
        process = processes[at]
        heard = await process.hear(step.person, text, dies)
        if heard is not None:
            return heard
        if processes[at] is process:
            processes[at] = again()
        dies, at = NEVER, 1 - at


async def run(steps: list[Step], database: str, redis_url: str) -> None:
    def begin() -> Life:
        return Life(database, redis_url)

    processes = [begin(), begin()]
    prefix = next(_numbers)
    people = {name: f"{name}-{prefix}" for name in ("ana", "ben")}
    deliveries: list[asyncio.Task[list[str]]] = []
    for number, step in enumerate(steps):
        named = Step(people[step.person], step.at, step.dies, step.waits)
        queues = processes[step.at].queues
        taken = queues.places_taken
        deliveries.append(asyncio.create_task(deliver(processes, begin, named, str(number))))
        while queues.places_taken == taken and not deliveries[-1].done():
            await asyncio.sleep(0.005)  # the next message comes after this one, however busy the machine is
        if step.waits or step.dies != NEVER:
            await asyncio.gather(*deliveries)
    heard = await asyncio.gather(*deliveries)

    assert heard == [[f"You wrote: {number}"] for number in range(len(steps))]
    store = Conversations(Domain.empty(), url=database)
    for name, conversation in people.items():
        whole = await store.retrieve_full_tracker(conversation)
        written = [str(number) for number, step in enumerate(steps) if step.person == name]
        assert texts(whole) == written
        said = Counter(event.text for event in whole.events if isinstance(event, BotUttered)) if whole else Counter()
        assert said == Counter(f"You wrote: {text}" for text in written)
    store.tables.close()


async def test_every_message_is_answered_once_and_in_order(servers: Running, tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    database = f"sqlite:///{tmp_path / 'conversations.db'}"

    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def holds(steps: list[Step]) -> None:
        asyncio.run_coroutine_threadsafe(run(steps, database, servers.redis_url), loop).result(60)

    await asyncio.to_thread(holds)
