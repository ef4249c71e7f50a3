"""Run all tests in parts, some of them side by side: `python -m tests.lanes`.

A part is a pytest process of its own. Inside it the order of the tests stays the same from run to run. What drives a
browser has a process to itself, as the driver keeps an event loop running; as it waits for its pages most of the time,
one part more than there are processors runs at once. What breaks and times whole bots comes last and alone: with
others beside it, the machine would be measured. A folder that no part names is run in the second of the parts: none can
be forgotten.

Nothing is waited for without end. A part that takes too long is aborted and tells where each of its threads stood. What
a part writes goes to a file, as a pipe would be waited for until the last process that inherited it has ended; and what
a part leaves running is named and ended.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile

import psutil

ROOT = Path(__file__).resolve().parent.parent

BESIDE = (
    ("tests/browser",),
    ("tests/safety", "tests/conversations", "tests/evaluation"),
    ("tests/sms", "tests/channels"),
    ("tests/patients", "tests/triage"),
)
"""What runs side by side, the longest first, so that none is waited for at the end. What no part names is second."""

ALONE = ("tests/commands", "tests/faults")
"""What has the machine to itself, when all others are done."""

BY_ITSELF = "tests/cluster"
"""Kills every process of a cluster in turn, for many minutes: `make test-cluster`."""

MORE_THAN_PROCESSORS = 1
"""Parts at once beyond the number of processors."""

MOST_SECONDS = 20 * 60
"""What a part may take: several times what the longest takes on two processors."""

LEAVING_SECONDS = 10.0
"""What processes may take to end that a part has told to end."""

MARK = "CLONUS_TEST_PART"
"""By this variable of their environment the processes of a part are known."""

_printing = threading.Lock()


def arguments() -> tuple[list[list[str]], list[str]]:
    """What pytest is called with: the parts that run side by side, and the one that runs alone."""
    named = [*(folder for part in BESIDE for folder in part), *ALONE, BY_ITSELF]
    rest = ["tests", *(f"--ignore={folder}" for folder in named)]
    first, *others = (list(part) for part in BESIDE)
    return [first, rest, *others], list(ALONE)


def tell(text: str) -> None:
    """Print without mixing with what another part prints."""
    with _printing:
        print(text, flush=True)


def left_running(mark: str) -> list[psutil.Process]:
    """The processes that carry the mark of a part."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):  # ended meanwhile, or another user's
            if process.environ().get(MARK) == mark:
                found.append(process)
    return found


def end_left(mark: str) -> list[str]:
    """End what a part left running; the command of each."""
    deadline = time.monotonic() + LEAVING_SECONDS
    while (left := left_running(mark)) and time.monotonic() < deadline:
        time.sleep(0.2)
    named = []
    for process in left:
        with suppress(psutil.NoSuchProcess):
            named.append(" ".join(process.cmdline()))
            process.kill()
    return named


def run(command: Sequence[str], name: str, most_seconds: float = MOST_SECONDS) -> int:
    """Run a part and tell how it ended; its exit code.

    What it printed appears when it is over: all of it when it failed, else the last line, in which pytest counts.
    """
    tell(f"--- {name}: started")
    began = time.monotonic()
    mark = uuid.uuid4().hex
    with TemporaryFile("w+", errors="replace") as output:
        part = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, MARK: mark}, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            part.wait(most_seconds)
        except subprocess.TimeoutExpired:
            part.send_signal(signal.SIGABRT)  # pytest writes where each thread stands
        code = part.wait()
        left = [f"left running, and ended: {process}" for process in end_left(mark)]
        output.seek(0)
        printed = output.read().splitlines()
    late = f" It was not done after {most_seconds:.0f} s." if code == -signal.SIGABRT else ""
    ended = "passed" if code == 0 else f"FAILED with code {code}.{late}"
    tell(
        "\n".join(
            [*(printed if code else printed[-1:]), *left, f"--- {name}: {time.monotonic() - began:.0f} s, {ended}"]
        )
    )
    return code


def run_tests(part: list[str]) -> int:
    """Run the tests that pytest is called with `part` for; its exit code."""
    return run([sys.executable, "-m", "pytest", *part], " ".join(part))


def main() -> int:
    """Run everything; the number of parts that did not pass."""
    beside, alone = arguments()
    at_once = len(os.sched_getaffinity(0)) + MORE_THAN_PROCESSORS
    with ThreadPoolExecutor(at_once) as lanes:
        codes = list(lanes.map(run_tests, beside))
    codes.append(run_tests(alone))
    return sum(code != 0 for code in codes)


if __name__ == "__main__":
    sys.exit(main())
