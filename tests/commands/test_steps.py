"""The long steps of a training are processes that are heard, kept in a log, and ended."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import pytest

from bot.commands import steps
from bot.commands.steps import Step


def begun(*arguments: str, log: Path | None = None) -> Step:
    """The long step, once it says that it has begun."""
    heard = threading.Event()
    step = Step("tests.commands.long_step", *arguments, hear=lambda line: heard.set(), log=log)
    assert heard.wait(30)
    return step


def test_every_line_is_heard_and_kept_and_the_exit_code_told(tmp_path: Path) -> None:
    heard: list[str] = []
    log = tmp_path / "logs" / "step.log"
    step = Step("json.tool", "--no-such-option", hear=heard.append, log=log)
    assert step.wait() == 2
    assert heard[0].startswith("usage: ")
    assert log.read_text() == "".join(heard)
    assert step.lines == [line.rstrip("\n") for line in heard]


def test_a_step_that_is_ended_clears_away_what_is_half_done() -> None:
    step = begun()
    step.end()
    assert step.lines[:2] == ["begun", "cleared away"]


def test_a_step_of_a_command_in_the_background_hears_its_end_as_well() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts what shall run in the background
    try:
        step = begun()
    finally:
        signal.signal(signal.SIGINT, before)
    step.end()
    assert step.lines[:2] == ["begun", "cleared away"]


def test_a_step_that_does_not_listen_is_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "ALREADY_SECONDS", 0.1)
    monkeypatch.setattr(steps, "END_SECONDS", 0.3)
    step = begun("deaf")
    step.end()
    assert (step.lines, step.wait()) == (["begun"], -9)


def test_ending_one_that_has_ended_is_no_harm() -> None:
    step = Step("json.tool", "--help", hear=lambda line: None)
    assert step.wait() == 0
    started = time.monotonic()
    step.end()
    assert step.wait() == 0
    assert time.monotonic() - started < steps.ALREADY_SECONDS
