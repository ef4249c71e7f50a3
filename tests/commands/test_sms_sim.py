"""A phone in the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.channels.in_process import Companion
from bot.commands.sms_sim import InProcessLine, Typed, run, show, talk, typed
from tests.sms.phone import said


@pytest.mark.parametrize(
    ("line", "text", "pictures"),
    [
        ("my foot", "my foot", 0),
        (":picture", "", 1),
        (":picture my foot", "my foot", 1),
        ("a :picture", "a :picture", 0),
    ],
)
def test_a_line_is_a_text_and_may_stand_for_a_picture(line: str, text: str, pictures: int) -> None:
    found = typed(line)
    assert (found.text, found.pictures) == (text, pictures)
    assert found.message_id != typed(line).message_id


def test_a_text_is_shown_with_what_it_costs() -> None:
    out = io.StringIO()
    assert show(Console(file=out, width=80), "x" * 161) == 2
    assert "161 characters, 2 segments, GSM-7" in out.getvalue()


async def test_a_conversation_in_the_terminal(
    companion: Companion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, lines = io.StringIO(), iter(["hello", ":picture", "STOP", "hello", ":leave", "never read"])
    console = Console(file=out, width=80)
    monkeypatch.setattr(console, "input", lambda prompt: next(lines))
    await talk(console, InProcessLine(companion, "+447700900123", tmp_path))
    shown = " ".join(out.getvalue().replace("│", " ").split())
    for words in ("Emergency? Call 999.", "I cannot see pictures", "You will get no more texts", "(no text came back)"):
        assert words in shown
    assert "4 sent, 4 received in" in shown
    assert next(lines) == "never read"


async def test_the_phones_number_decides_the_emergency_number(companion: Companion, tmp_path: Path) -> None:
    line = InProcessLine(companion, "+61412345678", tmp_path)
    assert (await line(Typed("hello")))[0] == said("welcome", "000")


def test_a_number_that_is_none_is_refused_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(None, "12345") == 1
    assert "Write it like +14155550100" in capsys.readouterr().err


def test_a_bot_that_does_not_run_is_named_with_what_to_do(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Console, "input", lambda self, prompt: "hello")
    assert run("http://127.0.0.1:9", "+14155550100") == 1
    assert "Start it with: clonus run" in capsys.readouterr().err
