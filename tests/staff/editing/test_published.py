"""Everything that builds the library or reads the content files sees what was published."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import bot.published as published
from bot.cli import app
from bot.commands import doctor
from bot.published import build_published, content_folder
from bot.settings import settings
from bot.staff.editing import store
from bot.staff.editing.history import Event, Kind
from bot.staff.editing.items import file_item, fingerprint
from knowledge.build import build_library
from knowledge.library import LibraryReader
from knowledge.red_flag_models import load_red_flags
from tests.knowledge.content import write_folder, write_topic
from tests.staff.editing.newsroom import publish, toe
from tests.staff.world import World

RUN = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"})
SEIZURE = file_item("red_flags/seizure.yml")


@pytest.fixture
def served(desk_world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("CLONUS_STAFF_DATABASE", str(desk_world.settings.staff_database))
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(folder))
    monkeypatch.setenv("CLONUS_LIBRARY_PATH", str(desk_world.settings.library_path))
    settings.cache_clear()
    published._content_folder.cache_clear()
    desk_world.console.clock.now = 1_700_000_000.0  # type: ignore[attr-defined]
    yield desk_world
    settings.cache_clear()
    published._content_folder.cache_clear()


def short() -> str:
    reader = LibraryReader(settings().library_path)
    try:
        return reader.topics()["cold-toe"].short
    finally:
        reader.close()


def test_the_library_is_built_with_what_was_published(served: World) -> None:
    publish(served, toe(short="Warm it now."))
    assert build_published(settings()).fresh
    assert short() == "Warm it now."
    assert doctor.knowledge_base().in_order
    assert build_library(settings().knowledge_folder, settings().library_path).fresh  # without the edits
    assert not doctor.knowledge_base().in_order
    told = RUN.invoke(app, ["knowledge", "build"])
    assert (told.exit_code, told.output.startswith("Built ")) == (0, True)
    assert short() == "Warm it now."


def test_another_folder_is_built_as_its_files_say(served: World, tmp_path: Path) -> None:
    publish(served, toe(short="Warm it now."))
    other, target = write_folder(tmp_path / "other"), tmp_path / "other.db"
    told = RUN.invoke(app, ["knowledge", "build", "--folder", str(other), "--library", str(target)])
    assert told.exit_code == 0
    assert build_library(other, target).fresh is False


def test_an_edit_that_does_not_fit_is_told_by_build_and_doctor(served: World, folder: Path) -> None:
    publish(served, toe(short="Warm it now.", questions=[f"toe {number}" for number in range(12)]))
    heel = [f"heel {number}" for number in range(12)]
    write_topic(folder, "warm-heel", "cold-toe", questions=[*heel, "toe 1"])
    told = RUN.invoke(app, ["knowledge", "build"])
    reason = "The published edit of 'cold-toe' is left out: questions: 'toe 1' is also asked of 'warm-heel'"
    assert (told.exit_code, told.stderr) == (0, f"{reason}\n")
    assert doctor.knowledge_base().detail == reason


def test_while_the_staff_database_cannot_be_read_the_library_stays_as_it_is(
    served: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    publish(served, toe(short="Warm it now."))
    built = build_published(settings())
    bad = tmp_path / "bad.db"
    bad.write_text("this is no database, but long enough to be taken for one" * 20)
    monkeypatch.setenv("CLONUS_STAFF_DATABASE", f"sqlite:///{bad}")
    settings.cache_clear()
    again = build_published(settings())
    assert (again.version, again.topics, again.questions, again.fresh) == (built.version, 2, 24, False)
    assert short() == "Warm it now."
    refused = RUN.invoke(app, ["knowledge", "build"])
    assert refused.exit_code == 1
    assert "The staff database cannot be read" in refused.stderr
    assert not doctor.knowledge_base().in_order
    settings().library_path.unlink()
    assert build_published(settings()).fresh  # better the files than nothing
    assert short() != "Warm it now."


def test_published_red_flags_are_read_at_the_next_start(served: World, folder: Path) -> None:
    path = folder / SEIZURE.name
    before = path.read_text(encoding="utf-8")
    title = load_red_flags(folder / "red_flags").categories["seizure"].title
    assert content_folder(settings()) == folder
    publish(served, {"text": before.replace(title, "Another name", 1)}, SEIZURE)
    assert content_folder(settings()) == folder  # this process has begun already
    published._content_folder.cache_clear()
    after = content_folder(settings())
    assert after != folder
    assert load_red_flags(after / "red_flags").categories["seizure"].title == "Another name"
    assert path.read_text(encoding="utf-8") == before
    published._content_folder.cache_clear()
    assert content_folder(settings()) == after


def test_a_published_file_that_cannot_be_read_is_left_out(served: World, folder: Path) -> None:
    text = (folder / SEIZURE.name).read_text(encoding="utf-8")
    broken = {"text": text.replace("slug: seizure", "slug: fit", 1)}
    restored = Event(
        1, Kind.RESTORED, 1, 1.0, content=broken, fingerprint="x", base=fingerprint(SEIZURE, {"text": text})
    )
    with served.change() as connection:
        store.append(connection, SEIZURE, [restored])
    after = content_folder(settings())
    assert after != folder
    assert (after / SEIZURE.name).read_text(encoding="utf-8") == text


def test_old_folders_go_once_nobody_reads_them(served: World, folder: Path) -> None:
    text = (folder / SEIZURE.name).read_text(encoding="utf-8")
    place = settings().library_path.parent
    old, recent = place / "content-old", place / "content-recent"
    old.mkdir()
    recent.mkdir()
    os.utime(old, (time.time() - 2 * published.KEPT_SECONDS,) * 2)
    publish(served, {"text": text + "# one\n"}, SEIZURE)
    after = content_folder(settings())
    assert sorted(place.glob("content-*")) == sorted([after, recent])
