"""YAML is read strictly, and every complaint names the file and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.files import ContentError, Problem, load_yaml, parse_model
from knowledge.models import Source


def complaints(path: Path) -> list[Problem]:
    """What is reported when the file is read."""
    with pytest.raises(ContentError) as caught:
        load_yaml(path)
    return caught.value.problems


def test_values_keep_the_line_they_stand_on(tmp_path: Path) -> None:
    path = tmp_path / "topic.yml"
    path.write_text("title: A\nreviewed:\n  by: B\n  due: C\nsteps:\n- one\n- two\n")
    document = load_yaml(path)
    assert document.data == {"title": "A", "reviewed": {"by": "B", "due": "C"}, "steps": ["one", "two"]}
    assert [
        document.line_of("title"),
        document.line_of("reviewed", "due"),
        document.line_of("steps", 1),
        document.line_of("reviewed", "missing"),
        document.line_of("missing"),
    ] == [1, 4, 7, 2, 1]


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "nothing.yml"
    assert complaints(path) == [Problem(path, 1, "the file is missing")]


def test_a_key_written_twice_is_reported_on_its_second_line(tmp_path: Path) -> None:
    path = tmp_path / "topic.yml"
    path.write_text("title: A\ngroup: about\ntitle: B\n")
    assert complaints(path) == [Problem(path, 3, "this is not valid YAML: the key 'title' is written twice")]


def test_a_key_written_twice_inside_another_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "topic.yml"
    path.write_text("reviewed:\n  by: A\n  by: B\n")
    assert complaints(path) == [Problem(path, 3, "this is not valid YAML: the key 'by' is written twice")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("title: A\n\tgroup: about\n", 2),
        ("title: A\nsteps: [one, two\ngroup: about\n", 3),
        ("title: 'A\n", 2),
        ("title: *missing\n", 1),
        ("title: !!python/name:os.system x\n", 1),
        ("title: A\ndue: 2026-02-30\n", 2),
        ("? [a, b]\n: c\n", 1),
        ("title: A\nshort: be\x07ll\n", 2),
    ],
    ids=[
        "tab",
        "open bracket",
        "open quote",
        "unknown alias",
        "python object",
        "no such day",
        "list as key",
        "control",
    ],
)
def test_a_file_that_is_not_valid_yaml_is_reported_on_the_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "topic.yml"
    path.write_text(text)
    (problem,) = complaints(path)
    assert (problem.path, problem.line) == (path, line)
    assert problem.message.startswith("this is not valid YAML: ")


def test_a_file_that_is_not_utf8_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "topic.yml"
    path.write_bytes("title: Café\n".encode("latin-1"))
    assert complaints(path) == [Problem(path, 1, "the file is not UTF-8 text (invalid continuation byte)")]


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "only words\n"])
def test_a_file_without_named_fields_is_reported(tmp_path: Path, text: str) -> None:
    path = tmp_path / "source.yml"
    path.write_text(text)
    with pytest.raises(ContentError) as caught:
        parse_model(load_yaml(path), Source)
    assert caught.value.problems == [Problem(path, 1, "the file must hold named fields (key: value)")]
