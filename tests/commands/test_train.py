"""`clonus train` tells a mistake in the content before anything long begins, and what danger is, in a process apart."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands import train
from bot.settings import ROOT, settings

MISTAKE = "dvt.yml:5: level: value is not a valid enumeration member"


@pytest.fixture
def mistaken(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The content with a level that does not exist."""
    folder = elsewhere / "knowledge"
    shutil.copytree(settings().knowledge_folder, folder)
    flag = folder / "red_flags" / "dvt.yml"
    flag.write_text(flag.read_text().replace("level: urgent", "level: nonsense", 1))
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(folder))
    settings.cache_clear()
    return folder


def test_a_mistake_in_a_red_flag_is_told_before_anything_is_learned(
    mistaken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.run() == 1
    printed = capsys.readouterr().out.replace("\n", "")
    assert MISTAKE in printed
    assert "mend the 1 problem(s) above." in printed
    assert not (mistaken.parent / "models").exists()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("slug: [dvt\n", "this is not valid YAML"),
        (None, "cannot read the phrase '(swollen|puffy'"),
    ],
)
def test_what_cannot_be_learned_of_danger_is_told_without_a_trace(mistaken: Path, wrong: str | None, told: str) -> None:
    flag = mistaken / "red_flags" / "dvt.yml"
    right = flag.read_text().replace("level: nonsense", "level: urgent", 1)
    rule = "\nrules:\n  - {id: broken, level: urgent, says: ['(swollen|puffy']}\n"
    flag.write_text(wrong if wrong is not None else right.replace("\nrules:\n", rule, 1))
    learned = subprocess.run(
        [sys.executable, "-m", "bot.safety.training"], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True
    )
    assert learned.returncode == 1
    assert "dvt.yml:" in learned.stdout
    assert told in learned.stdout
    assert "Traceback" not in learned.stdout + learned.stderr
