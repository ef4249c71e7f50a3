"""Messages of one person are handled one at a time and in order, by one process or by several."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from bot.engine import redis_queues
from bot.engine.lock_store import Locks
from tests.engine.running import Running


class Desk:
    """Whoever handles messages notes when each began and ended, and that nobody else was at it."""

    def __init__(self) -> None:
        self.handled: list[str] = []
        self.busy = 0
        self.most = 0

    async def handle(self, locks: Locks, text: str, seconds: float = 0.01, conversation: str = "ana") -> None:
        async with locks.lock(conversation):
            self.busy += 1
            self.most = max(self.most, self.busy)
            await asyncio.sleep(seconds)
            self.handled.append(text)
            self.busy -= 1


@pytest.fixture(params=["memory", "redis"])
def processes(request: pytest.FixtureRequest, servers: Running) -> list[Locks]:
    """The locks of one process that keeps them in memory, or of three that share a Redis."""
    if request.param == "memory":
        return [Locks()] * 3
    return [Locks(redis_url=servers.redis_url) for _ in range(3)]


@pytest.fixture
def redis_url(servers: Running) -> Iterator[str]:
    """A Redis that runs again after the test."""
    yield servers.redis_url
    if servers.processes["redis"].poll() is not None:
        servers.start("redis")


async def in_line(desk: Desk, processes: list[Locks], count: int) -> list[asyncio.Task[None]]:
    """Messages that arrive one after the other at one process after the other, each while the ones before wait."""
    tasks = []
    for number in range(count):
        tasks.append(asyncio.create_task(desk.handle(processes[number % len(processes)], str(number))))
        await asyncio.sleep(0.05)
    return tasks


async def test_messages_are_handled_one_at_a_time_in_the_order_in_which_they_came(processes: list[Locks]) -> None:
    desk = Desk()
    first = asyncio.create_task(desk.handle(processes[0], "first", 0.8))
    await asyncio.sleep(0.05)
    await asyncio.gather(first, *await in_line(desk, processes, 9))

    assert (desk.handled, desk.most) == (["first", *map(str, range(9))], 1)


async def test_messages_of_one_process_keep_their_order_without_any_pause(processes: list[Locks]) -> None:
    desk = Desk()
    await asyncio.gather(*(desk.handle(processes[0], str(number), 0.0) for number in range(20)))

    assert (desk.handled, desk.most) == ([str(number) for number in range(20)], 1)


async def test_other_people_do_not_wait(processes: list[Locks]) -> None:
    desk = Desk()
    await asyncio.gather(*(desk.handle(processes[n % 3], str(n), 0.3, f"person-{n}") for n in range(6)))

    assert desk.most > 1


async def test_who_holds_a_conversation_may_lock_it_again(processes: list[Locks]) -> None:
    async with processes[0].lock("ana"), processes[0].lock("ana"):
        assert processes[0].is_someone_waiting("ana")

    assert not processes[0].is_someone_waiting("ana")


async def test_a_message_that_breaks_lets_the_next_one_through(processes: list[Locks]) -> None:
    with pytest.raises(ZeroDivisionError):
        async with processes[0].lock("ana"):
            raise ZeroDivisionError
    desk = Desk()
    await desk.handle(processes[1], "next")

    assert desk.handled == ["next"]


async def test_who_gives_up_waiting_lets_the_next_one_through(processes: list[Locks]) -> None:
    desk = Desk()
    tasks = await in_line(desk, processes, 1)
    tasks += [asyncio.create_task(desk.handle(processes[0], "first", 0.4))]
    await asyncio.sleep(0.05)
    gives_up = asyncio.create_task(desk.handle(processes[1], "gives up"))
    await asyncio.sleep(0.05)
    tasks.append(asyncio.create_task(desk.handle(processes[2], "last")))
    gives_up.cancel()
    await asyncio.gather(*tasks)

    assert desk.handled == ["0", "first", "last"]


async def test_a_place_of_a_killed_process_is_passed_over(redis_url: str) -> None:
    place = await redis_queues.RedisQueues(redis_url).enter("ana")
    assert place.alive is not None
    while not place.alive.done():  # a process that was killed says nothing more
        place.alive.cancel()
        await asyncio.sleep(0.01)
    began = time.monotonic()
    desk = Desk()
    await asyncio.wait_for(desk.handle(Locks(redis_url=redis_url), "next"), 30)

    assert desk.handled == ["next"]
    assert time.monotonic() - began > redis_queues.WAKE_SECONDS


async def test_without_redis_each_process_keeps_order_by_itself(servers: Running, redis_url: str) -> None:
    locks = Locks(redis_url=redis_url)
    servers.kill("redis")
    desk = Desk()
    await asyncio.gather(*(desk.handle(locks, str(number)) for number in range(5)))

    assert (desk.handled, desk.most) == (["0", "1", "2", "3", "4"], 1)


async def test_a_redis_that_restarts_forgets_who_waited_and_they_queue_again(servers: Running, redis_url: str) -> None:
    first, second = Locks(redis_url=redis_url), Locks(redis_url=redis_url)
    desk = Desk()
    tasks = [asyncio.create_task(desk.handle(first, "holds", 0.5))]
    await asyncio.sleep(0.05)
    tasks += [asyncio.create_task(desk.handle(second, str(number))) for number in range(3)]
    await asyncio.sleep(0.05)
    servers.kill("redis")
    await asyncio.to_thread(servers.start, "redis")
    await asyncio.gather(*tasks)

    assert sorted(desk.handled) == ["0", "1", "2", "holds"]
