"""A phrase that cannot be read is named with its file and line before it can stop a start."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.safety import rules
from bot.safety.content_check import phrase_problems
from bot.settings import ROOT
from bot.staff.editing.whole_files import file_mistakes

NAME = "red_flags/shared/languages.yml"
GOOD, BAD = '"me duele el pecho"', '"me duele (el |pecho"'
SHOWN = "cannot read the phrase 'me duele .. el | pecho': '|' holds no word"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content, to spoil."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "knowledge"


def spoiled(folder: Path) -> tuple[str, int]:
    """The text of the languages with a mistake in a phrase, and the line it is on."""
    text = (folder / NAME).read_text(encoding="utf-8")
    assert text.count(GOOD) == 1
    return text.replace(GOOD, BAD), text[: text.index(GOOD)].count("\n") + 1


def test_the_products_own_phrases_can_be_read() -> None:
    assert phrase_problems(ROOT / "knowledge" / "red_flags") == []


def test_phrases_are_checked_without_loading_a_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> frozenset[str]:
        raise AssertionError("no message was to be read")

    monkeypatch.setattr(rules, "dictionary", never)
    assert phrase_problems(ROOT / "knowledge" / "red_flags") == []


def test_the_check_names_file_and_line_and_fails(folder: Path) -> None:
    text, line = spoiled(folder)
    (folder / NAME).write_text(text, encoding="utf-8")
    (problem,) = phrase_problems(folder / "red_flags")
    assert (problem.path, problem.line) == (folder / NAME, line)
    assert problem.message == SHOWN
    done = CliRunner().invoke(app, ["knowledge", "check", "--folder", str(folder)])
    assert (done.exit_code, str(problem) in done.output) == (1, True)


def test_staff_are_told_before_it_can_be_published(folder: Path) -> None:
    text, line = spoiled(folder)
    (mistake,) = file_mistakes(folder, NAME, text)
    assert mistake == f"{NAME}, line {line}: {SHOWN}"
