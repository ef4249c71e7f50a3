"""The words of the chat page are content: checked like all content, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.check import all_problems
from knowledge.files import ContentError
from knowledge.page_words import hard_to_read, load_page_words


def file_with(folder: Path, text: str) -> Path:
    path = folder / "page.yml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("send: Send\nstop: ''", "page.yml:2: stop: must be a text that is not empty; put quotes around yes and no"),
        ("helpful: yes", "page.yml:1: helpful: must be a text that is not empty; put quotes around yes and no"),
        ("send: Send\n\ncall: Call {nummer}", "page.yml:3: call: unknown placeholder ['nummer']"),
        ("Send-it: Send", "page.yml:1: 'Send-it': a name is written in small letters and underscores"),
        ("- Send", "page.yml:1: the file must hold named texts (name: text)"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(ContentError) as caught:
        load_page_words(file_with(tmp_path, text))

    assert [str(each).removeprefix(f"{tmp_path}/") for each in caught.value.problems] == [problem]


def test_long_texts_are_easy_to_read_and_labels_are_left_alone(tmp_path: Path) -> None:
    hard = "Notwithstanding considerable uncertainty, individuals experiencing deterioration require evaluation."
    problems = hard_to_read(file_with(tmp_path, f"title: Neurological rehabilitation\nhard: {hard}"))

    assert [problem.line for problem in problems] == [2]
    assert "must be 6 or below" in problems[0].message


def test_the_page_is_checked_with_all_other_content() -> None:
    folder = Path(__file__).parents[2] / "knowledge"

    assert [str(problem) for problem in all_problems(folder) if problem.path.name == "page.yml"] == []
    assert len(load_page_words(folder / "page.yml")) > 80
