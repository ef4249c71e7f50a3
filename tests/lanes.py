"""Run all tests in parts, as many side by side as there are processors: `python -m tests.lanes`.

A part is a pytest process of its own. Inside it the order of the tests stays the same from run to run. What drives a
browser has a process to itself, as the driver keeps an event loop running. What breaks and times whole bots comes last
and alone: with others beside it, the machine would be measured. A folder that no part names is run in the last of the
parts that run side by side: none can be forgotten.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

BESIDE = (
    ("tests/browser",),
    ("tests/sms", "tests/channels"),
    ("tests/safety", "tests/conversations", "tests/evaluation"),
    ("tests/patients", "tests/triage"),
)
"""What runs side by side, the longest first, so that none is waited for at the end. What no part names comes last."""

ALONE = ("tests/commands", "tests/faults")
"""What has the machine to itself, when all others are done."""

BY_ITSELF = "tests/cluster"
"""Kills every process of a cluster in turn, for many minutes: `make test-cluster`."""

FEWEST_AT_ONCE = 2

_printing = threading.Lock()


def arguments() -> tuple[list[list[str]], list[str]]:
    """What pytest is called with: the parts that run side by side, and the one that runs alone."""
    named = [*(folder for part in BESIDE for folder in part), *ALONE, BY_ITSELF]
    rest = ["tests", *(f"--ignore={folder}" for folder in named)]
    return [*(list(part) for part in BESIDE), rest], list(ALONE)


def run(part: list[str]) -> int:
    """Run a part and tell how it ended. What it prints appears when it is over."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *part],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with _printing:
        print(f"{done.stdout}--- {' '.join(part)}: {time.monotonic() - began:.0f} s\n", end="", flush=True)
    return done.returncode


def main() -> int:
    """Run everything; the number of parts that did not pass."""
    beside, alone = arguments()
    with ThreadPoolExecutor(max(FEWEST_AT_ONCE, len(os.sched_getaffinity(0)))) as lanes:
        codes = list(lanes.map(run, beside))
    codes.append(run(alone))
    return sum(code != 0 for code in codes)


if __name__ == "__main__":
    sys.exit(main())
