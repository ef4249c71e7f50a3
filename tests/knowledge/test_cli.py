"""`clonus knowledge` from the command line: what it prints and how it ends."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.settings import ROOT
from knowledge.build import build_library
from tests.knowledge.content import line_of, write_sources, write_topic

RUN = CliRunner(env={"COLUMNS": "120", "TERM": "dumb"})


@pytest.fixture
def at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small folder as the command's content folder, with the project's own warning signs, regions and replies."""
    shutil.copytree(ROOT / "knowledge" / "red_flags", folder / "red_flags")
    for name in ("regions.yml", "replies.yml"):
        shutil.copy(ROOT / "knowledge" / name, folder / name)
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(folder))
    return folder


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's own content, whole, in a folder in which a test may spoil it."""
    folder = shutil.copytree(ROOT / "knowledge", tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__*"))
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(folder))
    return folder


@pytest.fixture
def library(at: Path, tmp_path: Path) -> Path:
    """The small folder, built."""
    return build_library(at, tmp_path / "knowledge.db").path


def test_check_says_when_all_is_in_order(whole: Path) -> None:
    result = RUN.invoke(app, ["knowledge", "check"])
    assert (result.exit_code, result.output) == (0, "All content files are in order.\n")


def test_check_lists_every_problem_and_fails(whole: Path) -> None:
    first = write_topic(whole, "cold-toe", "foot-bounce", steps=[])
    second = write_topic(whole, "warm-heel", "foot-bounce", sources=["seed-clonus-explained"], simple="Don't run.")
    (whole / "page.yml").unlink()
    result = RUN.invoke(app, ["knowledge", "check"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert sorted(result.stderr.splitlines()) == [
        f"{whole / 'page.yml'}:1: the file is missing",
        f"{first}:{line_of(first, 'steps:')}: steps: ensure this value has at least 1 items",
        f"{second}:{line_of(second, 'simple:')}: simple: write 'Don't' out in full",
        "3 problem(s) found.",
    ]


def test_check_can_be_limited_to_one_file(at: Path) -> None:
    bad = write_topic(at, "cold-toe", "warm-heel", simple="Don't run.")
    good = at / "topics" / "about" / "warm-heel.yml"
    assert RUN.invoke(app, ["knowledge", "check", str(good)]).exit_code == 0
    result = RUN.invoke(app, ["knowledge", "check", str(bad)])
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (1, "1 problem(s) found.")


def test_check_of_a_file_that_does_not_exist_fails_and_names_it(at: Path) -> None:
    result = RUN.invoke(app, ["knowledge", "check", str(at / "topics" / "about" / "lost.yml")])
    assert result.exit_code != 0
    assert "lost.yml" in result.output


def test_build_writes_the_library_and_reuses_it(at: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "knowledge.db"
    first = RUN.invoke(app, ["knowledge", "build", "--library", str(target)])
    version = first.output.rstrip(")\n").rsplit(" ", 1)[1]
    assert (first.exit_code, first.output) == (0, f"Built {target} (2 topics, 24 questions, version {version})\n")
    second = RUN.invoke(app, ["knowledge", "build", "--library", str(target)])
    assert (second.exit_code, second.output) == (
        0, f"Unchanged, reused: {target} (2 topics, 24 questions, version {version})\n",
    )  # fmt: skip
    assert RUN.invoke(app, ["knowledge", "build", "--library", str(target), "--force"]).output == first.output


def test_build_takes_the_library_from_the_environment(at: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere.db"
    assert RUN.invoke(app, ["knowledge", "build"], env={"CLONUS_LIBRARY_PATH": str(target)}).exit_code == 0
    assert target.is_file()


def test_build_refuses_content_with_a_mistake(at: Path, tmp_path: Path) -> None:
    write_sources(at, "a-book: {title: A book, verified: seed}\n")
    target = tmp_path / "knowledge.db"
    result = RUN.invoke(app, ["knowledge", "build", "--library", str(target)])
    assert (result.exit_code, target.exists()) == (1, False)
    assert f"{at / 'sources.yml'}:1: a-book.publisher: field required" in result.stderr.splitlines()
    assert result.stderr.splitlines()[-1].startswith("Nothing was built: ")
    assert result.stderr.splitlines()[-1].endswith("problem(s) to mend first.")


def test_search_lists_the_topics_best_first(library: Path) -> None:
    result = RUN.invoke(app, ["knowledge", "search", "warm", "heels", "rest", "--library", str(library)])
    assert result.exit_code == 0
    assert result.output.index("warm-heel") < result.output.index("cold-toe")
    assert "About a warm heel" in result.output


def test_search_says_when_nothing_fits(library: Path) -> None:
    result = RUN.invoke(app, ["knowledge", "search", "zebra", "stripes", "--library", str(library)])
    assert (result.exit_code, result.output) == (1, "No topic holds the words 'zebra stripes'.\n")


def test_show_prints_the_whole_topic(library: Path) -> None:
    result = RUN.invoke(app, ["knowledge", "show", "cold-toe", "--library", str(library)])
    assert result.exit_code == 0
    answer = "You can put your foot down with care. Take your time and rest when you need to."
    assert result.output.splitlines() == [
        "About a cold toe  (about/cold-toe)", "",
        "Short", "A cold toe can feel odd. It is safe to sit down and rest.", "",
        "Simple", "Sit down and rest.", "",
        "Answer", *[answer, ""] * 5,
        "Steps", "- Sit down.", "- Rest your foot.", "",
        "Take care", "- Do not rush.", "",
        "Related", "- warm-heel", "",
        "Sources", "- A book, A press", "",
        "Reviewed 2026-01-05 by Content team",
    ]  # fmt: skip


def test_show_prints_square_brackets_as_they_are(at: Path, tmp_path: Path) -> None:
    write_topic(at, "cold-toe", "warm-heel", simple="Rest [for now].")
    library = build_library(at, tmp_path / "knowledge.db").path
    assert "Rest [for now]." in RUN.invoke(app, ["knowledge", "show", "cold-toe", "--library", str(library)]).output


def test_show_of_an_unknown_topic_names_near_ones(library: Path) -> None:
    result = RUN.invoke(app, ["knowledge", "show", "cold-toes", "--library", str(library)])
    assert (result.exit_code, result.stderr) == (1, "There is no topic 'cold-toes'. Perhaps: cold-toe\n")
    result = RUN.invoke(app, ["knowledge", "show", "zzz", "--library", str(library)])
    assert result.stderr == "There is no topic 'zzz'. Perhaps: run 'clonus knowledge search WORDS'\n"


@pytest.mark.parametrize("command", [["search", "heel"], ["show", "warm-heel"]])
def test_without_a_library_search_and_show_say_how_to_build_it(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "nothing.db"
    result = RUN.invoke(app, ["knowledge", *command, "--library", str(path)])
    assert (result.exit_code, result.stderr) == (
        1, f"There is no knowledge base at {path}. Build it with: clonus knowledge build\n",
    )  # fmt: skip
