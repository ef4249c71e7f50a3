"""Conversations are read from where Rasa keeps them, as endpoints.yml says, and nothing is changed there."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ROOT
from bot.staff.conversations import OUR_STORE, Conversations, Unreadable, tracker_address
from tests.staff.at_desk import ANSWER, AtDesk


def endpoints(folder: Path, **store: object) -> Path:
    path = folder / "endpoints.yml"
    lines = [f"  {name}: {value}" for name, value in store.items()]
    path.write_text("\n".join(["tracker_store:", *lines]) if store else "action_endpoint: {url: http://x}")
    return path


@pytest.mark.parametrize(
    ("store", "address"),
    [
        ({"type": OUR_STORE}, f"sqlite:///{ROOT}/var/conversations.db"),
        ({"type": OUR_STORE, "url": "postgresql://c@db/clonus"}, "postgresql://c@db/clonus"),
        ({"dialect": "sqlite", "db": "var/conversations.db"}, f"sqlite:///{ROOT}/var/conversations.db"),
        ({"dialect": "sqlite", "db": "/srv/conversations.db"}, "sqlite:////srv/conversations.db"),
        (
            {"dialect": "postgresql", "url": "db", "port": 5433, "username": "c", "password": "${PASS}", "db": "rasa"},
            "postgresql://c:secret@db:5433/rasa",
        ),
        ({"dialect": "postgresql", "url": "postgresql://c@db/rasa"}, "postgresql://c@db/rasa"),
    ],
)
def test_the_place_is_the_one_that_the_bot_uses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: dict[str, object], address: str
) -> None:
    monkeypatch.setenv("PASS", "secret")
    found = tracker_address(endpoints(tmp_path, **store))
    assert (found if isinstance(found, str) else found.render_as_string(hide_password=False)) == address


def test_another_kind_of_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not kept in an SQL database"):
        tracker_address(endpoints(tmp_path))


async def test_what_was_said_and_what_the_bot_remembers_come_back_as_rasa_holds_them(desk: AtDesk) -> None:
    await desk.talked("ana", "one", "two", region="US")
    await desk.talked("bo", "other")
    found = desk.world.console.desk.conversations.read("ana")
    assert [(one.who, one.text) for one in found.said] == [
        ("person", "one"), ("bot", ANSWER), ("person", "two"), ("bot", ANSWER),
    ]  # fmt: skip
    assert found.slots == {"region": "US"}
    assert desk.world.console.desk.conversations.read("nobody").said == ()


def test_a_place_that_is_not_there_raises_what_the_database_says(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="no such table"):
        Conversations(lambda: f"sqlite:///{tmp_path / 'nothing.db'}").read("ana")
