"""What the pages say is there: files, commands, settings, keys of the reply contract."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import app
from bot.replies.reply import CONTRACT_KEYS, Kind
from bot.settings import ROOT, Settings
from tests.browser.states import STATES
from tests.docs.pages import PAGES, calls_in, headings_of, links_in, paths_in, table_after

MADE_LATER = ("var", "models", ".venv")
"""Folders that are not in the repository: they are made by set-up, training and use."""

IN_BACKTICKS = re.compile(r"`([^`]+)`")


def tracked_files() -> list[Path]:
    """Every file that is in git or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def is_there(name: str) -> bool:
    """Whether a path of a page stands in the repository; "<...>" fits anything."""
    return bool(list(ROOT.glob(re.sub(r"<[^>]*>", "*", name.rstrip("/")))))


def is_named_in_the_code(name: str) -> bool:
    """Whether a file that is made later is one that some code makes."""
    word = Path(name).stem
    return any(word in path.read_text(encoding="utf-8") for path in tracked_files() if path.suffix in (".py", ".yml"))


def commands(command: Any, named: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below a group of commands, by the words that call it."""
    if not hasattr(command, "commands"):
        yield named, command
        return
    for name, below in command.commands.items():
        yield from commands(below, (*named, name))


def options_of(words: tuple[str, ...]) -> set[str]:
    """Every option a command takes."""
    parameters = COMMANDS[words].params if words in COMMANDS else ()
    return {option for parameter in parameters for option in (*parameter.opts, *parameter.secondary_opts)}


COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("page", PAGES)
def test_every_path_is_there(page: str) -> None:
    paths = [path for path in paths_in(page) if path.split("/")[0] not in MADE_LATER]

    assert [path for path in paths if not is_there(path)] == []
    assert paths


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_is_made_later_is_made_by_the_code(page: str) -> None:
    made = [path for path in paths_in(page) if path.split("/")[0] in MADE_LATER and not path.endswith("/")]

    assert [path for path in made if path != ".venv/bin" and not is_named_in_the_code(path)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    assert [str(path) for path, _ in links_in(page) if not path.exists()] == []
    assert [(str(path), part) for path, part in links_in(page) if part and part not in headings_of(path)] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_clonus_command_is_there(page: str) -> None:
    calls = calls_in(page, "clonus")
    groups = {words[:-1] for words in COMMANDS}

    unknown = []
    for call in calls:
        words = tuple(call[:2]) if tuple(call[:1]) in groups else tuple(call[:1])
        options = {word for word in call if word.startswith("--")}
        if words not in {*COMMANDS, *groups} or not options <= options_of(words):
            unknown.append(call)
    assert unknown == []
    assert calls


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_is_there(page: str) -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert [call for call in calls_in(page, "make") if not set(call) <= targets] == []


@pytest.mark.parametrize("words", sorted(COMMANDS), ids=" ".join)
def test_every_command_explains_itself_with_an_example(words: tuple[str, ...]) -> None:
    explained = COMMANDS[words].help or ""

    assert re.search(rf"\n *Example: .*clonus {' '.join(words)}\b", explained), explained


def test_the_readme_lists_exactly_the_settings() -> None:
    listed = [IN_BACKTICKS.findall(row[0]) for row in table_after("README.md", "Settings")]

    assert sorted(listed) == sorted([f"CLONUS_{name.upper()}"] for name in Settings.__fields__)


def test_the_readme_tells_every_default() -> None:
    told = {row[0].strip("`"): row[1] for row in table_after("README.md", "Settings")}
    wrong = {}
    for name, field in Settings.__fields__.items():
        default = field.default
        if default is None:
            continue
        shown = default.relative_to(ROOT).as_posix() if isinstance(default, Path) else str(default)
        if told[f"CLONUS_{name.upper()}"].strip("`").rstrip("/") != shown:
            wrong[name] = (told[f"CLONUS_{name.upper()}"], shown)
    assert wrong == {}


def test_the_architecture_lists_exactly_the_reply_contract() -> None:
    rows = table_after("docs/architecture.md", "The reply contract")

    assert sorted(IN_BACKTICKS.findall(row[0])[0] for row in rows) == sorted(CONTRACT_KEYS)
    assert IN_BACKTICKS.findall(rows[0][1]) == [kind.value for kind in Kind]


def test_no_file_tells_of_the_machine_or_the_way_it_was_written() -> None:
    said = ["/" + "work/", "/" + "root/", "helper " + "agent", "prompt " + "engineering", "co-authored-" + "by"]
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", errors="replace").casefold()
        found += [(path.relative_to(ROOT).as_posix(), words) for words in said if words in text]
    assert found == []


def test_the_readme_shows_two_pictures_that_make_screenshots_draws() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[([^\]]+)\]\(docs/screenshots/([\w-]+)\.png\)", readme)

    assert len(pictures) == 2
    assert {name for _, name in pictures} <= set(STATES)
    assert [name for _, name in pictures if not (ROOT / "docs" / "screenshots" / f"{name}.png").exists()] == []
