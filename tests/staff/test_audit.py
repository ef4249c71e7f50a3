"""The log of what staff did only grows, and shows when somebody changed it behind the program's back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.staff.audit import entries, first_broken, note
from bot.staff.database import Database


@pytest.fixture
def written(database: str) -> Iterator[Database]:
    """A database with three rows in its log."""
    opened = Database(database)
    with opened.transaction() as connection:
        note(connection, 1, "anna@clinic.example", "signed in", "account:1", at=1.5)
        note(
            connection, 1, "anna@clinic.example", "invited", "invitation:ben@clinic.example", {"roles": ["editor"]}, 2.0
        )
        note(connection, None, "nobody signed in", "sign-in refused", "account:unknown", at=3.25)
    yield opened
    opened.close()


def test_rows_come_back_newest_first(written: Database) -> None:
    with written.reading() as connection:
        rows = [
            (row.id, row.at, row.account, row.who, row.action, row.object, row.details) for row in entries(connection)
        ]
        older = [row.id for row in entries(connection, before=2)]
        newest = [row.id for row in entries(connection, most=1)]
    assert rows == [
        (3, 3.25, None, "nobody signed in", "sign-in refused", "account:unknown", {}),
        (2, 2.0, 1, "anna@clinic.example", "invited", "invitation:ben@clinic.example", {"roles": ["editor"]}),
        (1, 1.5, 1, "anna@clinic.example", "signed in", "account:1", {}),
    ]
    assert (older, newest) == ([1], [3])


@pytest.mark.parametrize(
    "change", ["update staff_audit set who = 'somebody else'", "delete from staff_audit where id = 2"]
)
def test_the_database_refuses_to_change_or_delete_a_row(written: Database, change: str) -> None:
    with pytest.raises(DBAPIError, match="staff_audit only grows"), written.transaction() as connection:
        connection.execute(text(change))
    with written.reading() as connection:
        assert [row.id for row in entries(connection)] == [3, 2, 1]
        assert first_broken(connection) is None


@pytest.mark.parametrize(
    ("change", "shows_at"),
    [
        ("update staff_audit set who = 'somebody else' where id = 2", 2),
        ("update staff_audit set details = '{}' where id = 2", 2),
        ("update staff_audit set at = 1.75 where id = 1", 1),
        ("delete from staff_audit where id = 1", 2),
        ("delete from staff_audit where id = 2", 3),
    ],
)
def test_a_change_by_somebody_who_took_the_guard_away_shows(written: Database, change: str, shows_at: int) -> None:
    with written.transaction() as connection:
        if written.engine.dialect.name == "sqlite":
            connection.execute(text("drop trigger staff_audit_no_update"))
            connection.execute(text("drop trigger staff_audit_no_delete"))
        else:
            connection.execute(text("drop trigger staff_audit_no_change on staff_audit"))
        connection.execute(text(change))
    with written.reading() as connection:
        assert first_broken(connection) == shows_at


def test_what_is_undone_is_not_in_the_log(written: Database) -> None:
    with contextlib.suppress(KeyError), written.transaction() as connection:
        note(connection, 1, "anna@clinic.example", "account closed", "account:2")
        raise KeyError("the change failed")
    with written.reading() as connection:
        assert [row.id for row in entries(connection)] == [3, 2, 1]
        assert first_broken(connection) is None
