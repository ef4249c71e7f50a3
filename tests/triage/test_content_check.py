"""The check-in's content files are checked like all others: file, line and meaning."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.replies.check_in import interview
from bot.settings import ROOT, settings
from bot.triage.content_check import check_in_problems


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the content, to spoil."""
    shutil.copytree(ROOT / "knowledge", tmp_path / "knowledge", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return tmp_path / "knowledge"


def spoil(path: Path, good: str, bad: str) -> int:
    """Put a mistake in; the line it is on."""
    text = path.read_text(encoding="utf-8")
    assert text.count(good) == 1
    path.write_text(text.replace(good, bad), encoding="utf-8")
    return text[: text.index(good)].count("\n") + 1


def test_the_products_own_files_are_in_order() -> None:
    assert check_in_problems(ROOT / "knowledge") == []


def test_a_mistake_in_the_table_is_named_with_its_line(folder: Path) -> None:
    line = spoil(folder / "triage.yml", "mild: locks-no-pain", "mild: locks-nopain")
    (problem,) = check_in_problems(folder)
    assert str(problem) == f"{folder / 'triage.yml'}:{line}: 'knee' has no option 'locks-nopain'"


def test_a_topic_that_does_not_exist_is_a_mistake_and_the_wording_is_still_checked(folder: Path) -> None:
    spoil(folder / "triage.yml", "topic: stop-an-episode", "topic: stop-an-epsode")
    spoil(folder / "interview.yml", "afo-review: [brace, ten_degrees]", "afo-revew: [brace, ten_degrees]")
    assert [(problem.path.name, problem.message) for problem in check_in_problems(folder)] == [
        ("triage.yml", "there is no topic 'stop-an-epsode'"),
        ("interview.yml", "there is no step 'afo-revew'"),
    ]


def test_knowledge_check_reads_both_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(folder / "interview.yml", "ticks: { knee: [locks-swollen] }", "ticks: { knee: [locks-swolen] }")
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(folder))
    outcome = CliRunner().invoke(app, ["knowledge", "check"])
    assert outcome.exit_code == 1
    assert "the question 'knee' has no option 'locks-swolen'" in outcome.output


def test_the_knowledge_folder_of_the_settings_holds_the_check_in_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(folder / "interview.yml", 'skipped: "That is all right.', 'skipped: "Fine by me.')
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(folder))
    settings.cache_clear()
    interview.cache_clear()
    try:
        assert interview().wording.prompts.skipped.startswith("Fine by me.")
    finally:
        settings.cache_clear()
        interview.cache_clear()
