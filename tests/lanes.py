"""Run all tests in two lanes side by side, each a row of pytest processes: `python -m tests.lanes`.

Two processors are used that way, while inside a process the order of the tests stays the same from run to run. What
drives a browser has a process of its own, as the driver keeps an event loop running. What breaks and times whole bots
comes last and alone: with others beside it, the machine would be measured. A folder that no part names is run in the
second lane: none can be forgotten.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FIRST = (("tests/browser",), ("tests/sms", "tests/channels"))
"""The parts of the first lane, one process after the other."""

ALONE = ("tests/commands", "tests/faults")
"""What has the machine to itself, when both lanes are done."""

BY_ITSELF = "tests/cluster"
"""Kills every process of a cluster in turn, for many minutes: `make test-cluster`."""


def arguments() -> list[list[list[str]]]:
    """What pytest is called with: by lane, and in it by part. The last lane begins when the others have ended."""
    named = [*(folder for part in FIRST for folder in part), *ALONE, BY_ITSELF]
    rest = ["tests", *(f"--ignore={folder}" for folder in named)]
    return [[list(part) for part in FIRST], [rest], [list(ALONE)]]


def run(lane: list[list[str]], codes: list[int]) -> None:
    """Run the parts of a lane and note how each ended. What they print appears when a part is over."""
    for part in lane:
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *part],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        codes.append(done.returncode)
        print(f"{done.stdout}--- {' '.join(part)}: {time.monotonic() - began:.0f} s\n", end="", flush=True)


def main() -> int:
    """Run everything; the number of parts that did not pass."""
    codes: list[int] = []
    *beside, alone = arguments()
    threads = [threading.Thread(target=run, args=(lane, codes)) for lane in beside]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(alone, codes)
    return sum(code != 0 for code in codes)


if __name__ == "__main__":
    sys.exit(main())
