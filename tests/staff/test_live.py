"""Open pages hear that something changed, whoever changed it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice

import httpx
import pytest
from sqlalchemy.engine import Connection

from bot.staff import accounts
from bot.staff.live import Live
from bot.staff.roles import Permission, Role
from tests.staff.world import Served, World


@pytest.fixture
def live() -> Iterator[Live]:
    live = Live()
    yield live
    live.close()


async def next_of(changes: AsyncIterator[str | None]) -> str:
    """The next topic that changes."""
    async for topic in changes:
        if topic is not None:
            return topic
    raise AssertionError("the stream ended")


async def listening(live: Live, *topics: str) -> AsyncIterator[str | None]:
    """A listener that listens already."""
    changes = live.changes(topics, 0.05)
    assert await anext_of(changes) is None
    return changes


async def anext_of(changes: AsyncIterator[str | None]) -> str | None:
    return await changes.__anext__()


async def test_who_listens_to_a_topic_hears_of_it_and_of_no_other(live: Live) -> None:
    changes = await listening(live, "escalations")
    live.publish("messages")
    live.publish("escalations")
    assert await asyncio.wait_for(next_of(changes), 5) == "escalations"
    assert await anext_of(changes) is None


async def test_many_changes_at_once_are_told_once_a_topic(live: Live) -> None:
    changes = await listening(live, "escalations", "messages")
    for _ in range(100):
        live.publish("messages")
        live.publish("escalations")
    heard = [await asyncio.wait_for(next_of(changes), 5) for _ in range(2)]
    assert (heard, await anext_of(changes)) == (["escalations", "messages"], None)


async def test_another_thread_may_tell(live: Live) -> None:
    changes = await listening(live, "escalations")
    threading.Thread(target=live.publish, args=("escalations",)).start()
    assert await asyncio.wait_for(next_of(changes), 5) == "escalations"


async def test_what_another_process_changed_is_noticed_by_its_version(live: Live) -> None:
    version = [1]
    live.topic("escalations", Permission.ESCALATIONS, lambda: version[0])
    changes = await listening(live, "escalations")
    await asyncio.sleep(1.5)
    version[0] = 2
    assert await asyncio.wait_for(next_of(changes), 5) == "escalations"


async def test_a_version_that_cannot_be_told_does_not_end_the_looking(live: Live) -> None:
    versions: list[object] = [RuntimeError("away"), 1, 2]

    def version() -> object:
        now = versions.pop(0) if len(versions) > 1 else versions[0]
        if isinstance(now, Exception):
            raise now
        return now

    live.topic("escalations", Permission.ESCALATIONS, version)
    changes = await listening(live, "escalations")
    assert await asyncio.wait_for(next_of(changes), 10) == "escalations"


async def test_whoever_goes_is_forgotten(live: Live) -> None:
    changes = await listening(live, "escalations")
    assert live.listening == 1
    await changes.aclose()  # type: ignore[attr-defined]
    assert live.listening == 0


@pytest.fixture
def served(world: World) -> Iterator[Served]:
    world.console.live.topic("escalations", Permission.ESCALATIONS)
    served = Served(world).start()
    yield served
    served.stop()


def test_a_page_hears_over_the_wire(world: World, served: Served) -> None:
    cookies = {"clonus_staff": world.session(world.person(Role.SUPPORT))}
    with httpx.stream("GET", f"{served.url}/events?topic=escalations", cookies=cookies, timeout=10) as stream:
        lines = stream.iter_lines()
        assert (stream.headers["content-type"], next(lines)) == ("text/event-stream; charset=utf-8", "retry: 3000")
        while not world.console.live.listening:
            time.sleep(0.01)
        world.console.live.publish("escalations")
        heard = list(islice(lines, 3))
    assert heard == ["", "event: changed", "data: escalations"]


@pytest.mark.parametrize(
    ("role", "query", "status"),
    [(Role.EDITOR, "?topic=escalations", 403), (Role.SUPPORT, "?topic=nothing", 404), (Role.SUPPORT, "", 404)],
)
def test_a_topic_must_exist_and_be_allowed(world: World, served: Served, role: Role, query: str, status: int) -> None:
    cookies = {"clonus_staff": world.session(world.person(role))}
    assert httpx.get(f"{served.url}/events{query}", cookies=cookies).status_code == status


def test_nobody_hears_anything(served: Served) -> None:
    assert httpx.get(f"{served.url}/events?topic=escalations").status_code == 303


def sign_out(connection: Connection, account: int) -> None:
    accounts.end_sessions(connection, account)


def close(connection: Connection, account: int) -> None:
    accounts.set_active(connection, account, False)


def become_editor(connection: Connection, account: int) -> None:
    accounts.set_roles(connection, account, [Role.EDITOR])


@pytest.mark.parametrize("change", [sign_out, close, become_editor])
def test_a_stream_ends_with_the_next_change_when_its_person_may_no_longer_hear_it(
    world: World, served: Served, change: Callable[[Connection, int], None]
) -> None:
    person = world.person(Role.SUPPORT)
    cookies = {"clonus_staff": world.session(person)}
    with httpx.stream("GET", f"{served.url}/events?topic=escalations", cookies=cookies, timeout=10) as stream:
        lines = stream.iter_lines()
        assert list(islice(lines, 2)) == ["retry: 3000", ""]
        while not world.console.live.listening:
            time.sleep(0.01)
        with world.change() as connection:
            change(connection, person.id)
        world.console.live.publish("escalations")
        assert list(lines) == []
