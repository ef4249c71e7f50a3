"""`clonus triage decide`: check-ins as JSON lines in, decisions as JSON lines out."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.triage.cli import app

COMMAND = [sys.executable, "-c", "from bot.triage.cli import app; app()", "decide"]


def run(given: str | bytes) -> tuple[int, list[Any]]:
    """Exit code and the replies to all lines given."""
    result = CliRunner().invoke(app, ["decide"], input=given)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_decided() -> None:
    code, (first, second) = run(
        '{"answers": {"red-flags": ["rf-stroke"]}}\n'
        '{"answers": {"red-flags": "none", "who": "me", "diagnosis": "known", "change": "same",'
        ' "same-day-signs": ["none"], "bounce-when": "never", "medicines": "no-change", "knee": "fine",'
        ' "backward": "not-felt", "falls": "none-year", "skin": "fades", "pain": "none"}}\n'
    )

    assert code == 0
    assert first["level"] == "emergency"
    assert first["rows"][0] == "E1"
    assert first["steps"][0] == "call-emergency-now"
    assert second == {
        "level": "self-care",
        "rows": ["C2", "C3", "C4", "C6", "C7", "C9", "C12", "C14"],
        "steps": ["keep-plan", "recheck-if-change", "reach-a-human", "measure-ankle", "heel-wedge-ask",
                  "calf-stretch-plan", "skin-check-daily", "no-jumping", "ask-about-skipped"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"hello", "this is not JSON: Expecting value at character 1"),
        (b"[]", 'the line must be an object with "answers": {question: option or [options]}'),
        (b'{"answers": []}', 'the line must be an object with "answers": {question: option or [options]}'),
        (b'{"answers": {"red-flags": "rf-stroke", "red-flags": "none"}}', "a name is given twice in one object"),
        (b'{"answers": {"knee": "\xff"}}', "the line is not UTF-8 text"),
        (b"[" * 100_000, "this JSON is nested too deeply"),
    ],
    ids=["no JSON", "a list", "answers are a list", "an answer twice", "not UTF-8", "too deep"],
)
def test_a_bad_line_says_so_and_the_run_goes_on(line: bytes, error: str) -> None:
    code, replies = run(line + b'\n{"answers": {}}\n')

    assert (code, replies[0]) == (1, {"error": error})
    assert replies[1]["level"] == "urgent"


def test_unreadable_answers_are_no_error_but_unknown() -> None:
    code, (silent, garbled) = run(
        '{"answers": {}}\n{"answers": {"red-flags": {"a": 1}, "knee": ["?"], "nonsense": 3, "who": null}}\n'
    )

    assert (code, garbled) == (0, silent)


def test_every_line_is_answered_before_the_next_is_read() -> None:
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for sign in ("rf-stroke", "none"):
            process.stdin.write(json.dumps({"answers": {"red-flags": [sign]}}) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["level"] in {"emergency", "urgent"}
        process.stdin.close()

    assert process.returncode == 0
