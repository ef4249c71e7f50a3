"""A warning sign's own words for the general replies: mistakes are named with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.settings import ROOT
from knowledge.danger_words import danger_word_problems
from tests.knowledge.content import line_of

SLUG = "suicidal-thoughts-or-self-harm"


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    """The project's own content, in a folder in which a test may spoil it."""
    return shutil.copytree(ROOT / "knowledge", tmp_path / "content", ignore=shutil.ignore_patterns("*.py", "__*"))


def test_the_projects_own_words_are_in_order(whole: Path) -> None:
    assert danger_word_problems(whole) == []


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("  call-them: Good.", "  call-nobody: Good.", "instead: there is no reply called 'call-nobody'"),
        (
            "  heading-emergency: I am really glad you told me. If you are in danger now, or hurt, call {emergency}",
            "  heading-emergency: I am really glad you told me",
            "instead.heading-emergency: the text must name {emergency}",
        ),
        ("  call-them: Good.", "  call-them: Good, {somebody}.", "instead.call-them: unknown placeholder ['somebody']"),
        ("touches: [fear-of-falling-and-mood,", "touches: [snakes,", "touches: there is no topic called 'snakes'"),
        (
            "  call-them: Good.",
            "  call-them: Notwithstanding considerable uncertainty, professional consultation is advisable.",
            "instead.call-them: reads at school grade",
        ),
    ],
    ids=["reply", "number", "placeholder", "topic", "grade"],
)
def test_a_mistake_is_named_with_its_line(whole: Path, right: str, wrong: str, message: str) -> None:
    path = whole / "red_flags" / f"{SLUG}.yml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    (problem,) = danger_word_problems(whole)
    assert str(problem).startswith(f"{path}:{line_of(path, wrong.split(':')[0])}: {message}")
