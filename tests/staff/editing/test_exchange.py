"""Published edits go to the files and changed files come in; where both changed, nobody is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result as Ran
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import settings
from bot.staff.editing.items import file_item
from knowledge.topic_files import load_library
from tests.knowledge.content import write_topic
from tests.staff.editing.newsroom import ARCH, TOE, publish, toe
from tests.staff.world import World

RUN = CliRunner(env={"COLUMNS": "200", "TERM": "dumb"})
REGIONS = file_item("regions.yml")


@pytest.fixture
def served(desk_world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The same console for the command line, which takes the real time: all is published by then."""
    monkeypatch.setenv("CLONUS_STAFF_DATABASE", str(desk_world.settings.staff_database))
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(folder))
    monkeypatch.setenv("CLONUS_LIBRARY_PATH", str(desk_world.settings.library_path))
    settings.cache_clear()
    desk_world.console.clock.now = 1_700_000_000.0  # type: ignore[attr-defined]
    yield desk_world
    settings.cache_clear()


def run(*words: str) -> Ran:
    return RUN.invoke(app, ["knowledge", *words])


def at(folder: Path, slug: str) -> Path:
    return folder / "topics" / "about" / f"{slug}.yml"


def test_an_export_writes_what_differs_and_can_be_run_again(served: World, folder: Path) -> None:
    publish(served, toe(short="Warm it now."))
    publish(served, {**toe(), "slug": "sore-arch", "title": "Arch", "related": ["cold-toe"],
                     "questions": [f"arch {number}" for number in range(12)]}, ARCH)  # fmt: skip
    text = (folder / "regions.yml").read_text(encoding="utf-8") + "# checked\n"
    publish(served, {"text": text}, REGIONS)
    files = {path: path.read_bytes() for path in folder.rglob("*.yml")}
    paths = [at(folder, "cold-toe"), at(folder, "sore-arch"), folder / "regions.yml"]

    dry = run("export", "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, "".join(f"would be written: {path}\n" for path in paths))
    assert {path: path.read_bytes() for path in folder.rglob("*.yml")} == files

    done = run("export")
    assert (done.exit_code, done.stdout) == (0, "".join(f"written: {path}\n" for path in paths))
    topics = load_library(folder).topics
    assert (topics["cold-toe"].short, topics["sore-arch"].title) == ("Warm it now.", "Arch")
    assert (folder / "regions.yml").read_text(encoding="utf-8") == text
    changed = {path for path in folder.rglob("*.yml") if path.read_bytes() != files.get(path)}
    assert changed == set(paths)
    assert served.log()[-1].action == "knowledge exported"
    assert served.log()[-1].details == {"items": ["topic:cold-toe", "topic:sore-arch", "file:regions.yml"]}

    again = run("export")
    assert (again.exit_code, again.stdout) == (0, "".join(f"in the file already: {path}\n" for path in paths))


def test_a_topic_that_changed_its_shelf_moves_to_the_other_folder(served: World, folder: Path) -> None:
    publish(served, toe(group="help"))
    assert run("export").exit_code == 0
    assert not at(folder, "cold-toe").exists()
    assert load_library(folder).topics["cold-toe"].group.value == "help"


def test_a_file_that_was_changed_beside_an_edit_is_shown_and_left_alone_until_somebody_decides(
    served: World, folder: Path
) -> None:
    publish(served, toe(short="Warm it now."))
    path = write_topic(folder, "cold-toe", "warm-heel", short="Cool it now.")
    before = path.read_bytes()
    for command in ("export", "import"):
        clash = run(command)
        assert clash.exit_code == 2
        assert clash.stderr.splitlines()[0] == f"clash, left alone: {path} (topic:cold-toe)"
        assert {"  Short answer", "  - Cool it now.", "  + Warm it now."} <= set(clash.stderr.splitlines()) or {
            "  Short answer", "  + Cool it now.", "  - Warm it now."} <= set(clash.stderr.splitlines())  # fmt: skip
        assert clash.stderr.splitlines()[-1].startswith("1 clash(es): decide in the console, or with")
        assert path.read_bytes() == before

    kept = run("import", "--keep-console", "topic:cold-toe")
    assert (kept.exit_code, kept.stdout) == (0, f"what was published on the console is kept: {path}\n")
    assert run("export").exit_code == 0
    assert load_library(folder).topics["cold-toe"].short == "Warm it now."


def test_in_a_clash_the_file_can_be_kept(served: World, folder: Path) -> None:
    publish(served, toe(short="Warm it now."))
    path = write_topic(folder, "cold-toe", "warm-heel", short="Cool it now.")
    taken = run("import", "--keep-file", "topic:cold-toe")
    assert (taken.exit_code, taken.stdout) == (0, f"taken from the file: {path}\n")
    with served.change() as connection:
        seen = served.console.editing.see(connection, TOE, served.console.clock() + 1e9)
    assert seen.now.content is not None
    assert seen.now.content["short"] == "Cool it now."
    assert run("export").stdout == f"in the file already: {path}\n"


def test_a_file_that_moved_on_after_an_export_is_taken_in(served: World, folder: Path) -> None:
    publish(served, toe(short="Warm it now."))
    run("export")
    path = write_topic(folder, "cold-toe", "warm-heel", short="Cool it now.")
    told = run("export")
    assert told.stdout == f"the file was changed after an export (clonus knowledge import): {path}\n"
    assert run("import").stdout == f"taken from the file: {path}\n"
    assert run("import").stdout == f"in the file already: {path}\n"


def test_what_is_not_exported_yet_is_said_by_an_import(served: World, folder: Path) -> None:
    publish(served, toe(short="Warm it now."))
    assert run("import").stdout == (
        f"published, and not in the file yet (clonus knowledge export): {at(folder, 'cold-toe')}\n"
    )


def test_nothing_is_written_while_the_files_have_a_mistake(served: World, folder: Path) -> None:
    publish(served, toe(short="Warm it now."))
    broken = write_topic(folder, "warm-heel", "cold-toe", steps=[])
    before = at(folder, "cold-toe").read_bytes()
    refused = run("export")
    assert refused.exit_code == 1
    assert refused.stderr.splitlines()[0].startswith(f"{broken}:")
    assert refused.stderr.splitlines()[-1] == "Nothing was written: 1 problem(s) to mend first."
    assert at(folder, "cold-toe").read_bytes() == before


def test_an_edit_that_cannot_be_used_is_not_written(served: World, folder: Path) -> None:
    publish(served, toe(short="Warm it now.", questions=[f"toe {number}" for number in range(12)]))
    heel = load_library(folder).topics["warm-heel"].questions
    write_topic(folder, "warm-heel", "cold-toe", questions=[*heel, "toe 1"])
    told = run("export")
    assert (told.exit_code, told.stdout) == (
        1,
        f"cannot be used, so the file stays: {at(folder, 'cold-toe')}\n",
    )
    assert told.stderr == "  questions: 'toe 1' is also asked of 'warm-heel'\n"


def test_without_a_staff_database_there_is_nothing_to_do(
    served: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLONUS_STAFF_DATABASE", f"sqlite:///{tmp_path / 'none.db'}")
    settings.cache_clear()
    told = run("export")
    assert (told.exit_code, told.stdout) == (
        0,
        "There is no staff database, so nothing was published on the console.\n",
    )
    assert not (tmp_path / "none.db").exists()


def test_a_name_that_is_nothing_and_a_database_that_is_none_are_told(
    served: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("import", "--keep-file", "../etc").exit_code == 1
    bad = tmp_path / "bad.db"
    bad.write_text("this is no database, but long enough to be taken for one" * 20)
    monkeypatch.setenv("CLONUS_STAFF_DATABASE", f"sqlite:///{bad}")
    settings.cache_clear()
    told = run("export")
    assert told.exit_code == 1
    assert told.stderr.startswith("The staff database cannot be used: ")
