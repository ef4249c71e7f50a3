"""The console's tables are brought up to date step by step, and keep what they hold."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.engine import Connection

from bot.databases import open_engine
from bot.settings import ROOT
from bot.staff import accounts, accounts_tables, audit
from bot.staff.database import Database
from bot.staff.migrating import Step, migrate, steps
from bot.staff.roles import Role

NAMES = [step.name for step in steps()]


def step(name: str, *statements: str) -> Step:
    """A migration that runs statements."""

    def upgrade(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    return Step(name, SimpleNamespace(upgrade=upgrade))


def test_a_new_database_has_the_tables_the_code_uses(database: str) -> None:
    opened = Database(database)
    found = MetaData()
    found.reflect(opened.engine)
    for used in (accounts_tables.metadata, audit.audit.metadata):
        for name, table in used.tables.items():
            assert {column.name: column.nullable for column in found.tables[name].columns} == {
                column.name: column.nullable for column in table.columns
            }
    opened.close()


def test_each_step_is_applied_once_and_what_is_there_stays(database: str) -> None:
    opened = Database(database)
    with opened.transaction() as connection:
        accounts.create(connection, "anna@clinic.example", "Anna Berg", "four plain words", [Role.EDITOR], 5.0)
    later = step("m9001_shoe_size", "ALTER TABLE staff_accounts ADD COLUMN shoe_size INTEGER")
    assert migrate(opened.engine, [*steps(), later]) == ["m9001_shoe_size"]
    assert migrate(opened.engine, [*steps(), later]) == []
    with opened.reading() as connection:
        kept = connection.execute(text("select email, name, shoe_size from staff_accounts")).all()
        anna = accounts.by_email(connection, "anna@clinic.example")
    assert kept == [("anna@clinic.example", "Anna Berg", None)]
    assert anna is not None
    assert anna.roles == {Role.EDITOR}
    opened.close()


def test_a_step_that_fails_halfway_leaves_nothing_and_is_tried_again(database: str) -> None:
    engine = open_engine(database)
    broken = step("m0001_shoes", "CREATE TABLE shoes (size INTEGER)", "CREATE TABEL boots (size INTEGER)")
    with pytest.raises(Exception, match="TABEL"):
        migrate(engine, [broken])
    assert not inspect(engine).has_table("shoes")
    mended = step("m0001_shoes", "CREATE TABLE shoes (size INTEGER)")
    assert migrate(engine, [mended]) == ["m0001_shoes"]
    engine.dispose()


def test_processes_that_start_together_apply_each_step_once(database: str) -> None:
    script = "import sys; from bot.staff.database import Database; Database(sys.argv[1])"
    started = [
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", script, database], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [(process.communicate()[1].decode(), process.returncode) for process in started]
    assert ended == [("", 0)] * 3
    engine = open_engine(database)
    with engine.connect() as connection:
        names = connection.execute(text("select name from staff_migrations order by name")).scalars().all()
    engine.dispose()
    assert names == NAMES
