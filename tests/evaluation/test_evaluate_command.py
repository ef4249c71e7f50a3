"""`clonus evaluate understanding` on a small file, through the trained model."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from bot.commands.evaluate import app
from bot.evaluation.document import UNDERSTANDING_DOC


def evaluated(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["understanding", *arguments])


def written(folder: Path, text: str) -> str:
    path = folder / "mine.jsonl"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_file_of_anybodys_is_measured(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '{"text": "What is clonus?", "topics": ["what-is-clonus"], "style": "plain"}\n'
        '{"text": "What is clonus?", "topics": ["footwear"], "style": "mislabelled"}\n'
        '{"text": "", "kind": "nothing"}\n',
    )
    result = evaluated("--messages", path, "--wrong")
    lines = [" ".join(line.replace("│", " ").split()) for line in result.stdout.splitlines()]
    assert result.exit_code == 0, result.stderr
    assert "Right topic first 2 50.0 % (9.5–90.5)" in lines
    assert "Out of scope: refused 1 100.0 % (20.7–100.0)" in lines
    assert "footwear → what-is-clonus 1" in lines
    assert "footwear: answered what-is-clonus (0.99): What is clonus?" in lines
    assert "Intents" not in result.stdout


def test_a_topic_the_library_does_not_have_is_named(tmp_path: Path) -> None:
    result = evaluated("--messages", written(tmp_path, '{"text": "hm", "topics": ["what-is-clonis"]}'))
    assert (result.exit_code, result.stderr.strip()) == (2, "The library has no such topic: what-is-clonis")


def test_a_bad_file_is_one_clear_line(tmp_path: Path) -> None:
    path = written(tmp_path, "not json")
    result = evaluated("--messages", path)
    assert (result.exit_code, result.stderr.strip()) == (2, f"{path}:1: not JSON (Expecting value)")


def test_anybodys_messages_never_reach_the_docs(tmp_path: Path) -> None:
    before = UNDERSTANDING_DOC.read_text(encoding="utf-8")
    result = evaluated("--messages", written(tmp_path, '{"text": "hm"}'), "--write")
    assert result.exit_code == 2
    assert UNDERSTANDING_DOC.read_text(encoding="utf-8") == before
