"""`make test` runs every test once."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from tests.lanes import BY_ITSELF, ROOT, arguments, run


def files_of(part: list[str]) -> list[Path]:
    """The test files that pytest finds when it is called with these arguments."""
    ignored = [Path(argument.removeprefix("--ignore=")) for argument in part if argument.startswith("--ignore=")]
    return [
        path.relative_to(ROOT)
        for folder in part
        if not folder.startswith("--")
        for path in (ROOT / folder).rglob("test_*.py")
        if not any(ignore in path.relative_to(ROOT).parents for ignore in ignored)
    ]


def test_every_test_file_is_in_one_part() -> None:
    beside, alone = arguments()
    parts = [files_of(part) for part in [*beside, alone]]
    assert all(parts), "a part without tests"
    every = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    assert sorted([file for part in parts for file in part] + files_of([BY_ITSELF])) == every


def test_a_part_that_hangs_where_no_timeout_breaks_in_is_ended_and_tells_where_it_stood(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hanging = tmp_path / "test_hanging.py"
    hanging.write_text(
        "import signal, time\n"
        "def test_waits():\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])\n"
        "    time.sleep(600)\n"
    )
    code = run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(hanging)], "hanging", most_seconds=5)
    told = capsys.readouterr().out
    assert (code, 'test_hanging.py", line 4 in test_waits' in told) == (-6, True), told
    assert "FAILED with code -6. It was not done after 5 s." in told.splitlines()[-1]


def test_what_a_part_leaves_running_is_named_and_ended_and_not_waited_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.lanes.LEAVING_SECONDS", 0.5)
    leave = "import subprocess; subprocess.Popen(['sleep', '600'], start_new_session=True); print('3 passed')"
    began = time.monotonic()
    code = run([sys.executable, "-c", leave], "leaving")
    told = capsys.readouterr().out.splitlines()
    assert (code, time.monotonic() - began < 60) == (0, True)
    assert told[:3] == ["--- leaving: started", "3 passed", "left running, and ended: sleep 600"]


def test_a_part_that_fails_prints_all_it_said(capsys: pytest.CaptureFixture[str]) -> None:
    code = run([sys.executable, "-c", "print('first'); print('last'); raise SystemExit(1)"], "failing")
    told = capsys.readouterr().out.splitlines()
    assert (code, told[:-1]) == (1, ["--- failing: started", "first", "last"])
    assert told[-1].endswith("FAILED with code 1.")
