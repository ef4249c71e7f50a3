"""The long steps of `clonus train`, each in a process of its own, so that one can run beside another."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from bot.settings import ROOT

THREADS = "OPENBLAS_NUM_THREADS"

ALREADY_SECONDS = 1.0
"""An interruption from the terminal has reached a step as well: it may be ending already."""

END_SECONDS = 30.0
"""A large matrix is solved to the end before an interruption is heard."""


class Step:
    """One of our modules, run as a program. What it prints is told to `hear` line by line, in a thread of its own, and
    kept in the file `log`, if there is one. Where `many` steps run side by side, each gets its share of the processors
    for linear algebra: on a few of its own it is quicker than on all of them in turns. Raises OSError when the log
    cannot be written."""

    def __init__(
        self, module: str, *arguments: str, hear: Callable[[str], None], log: Path | None = None, many: int = 1
    ) -> None:
        self.lines: list[str] = []
        self._hear = hear
        self._kept: TextIO | None = None
        if log is not None:
            log.parent.mkdir(parents=True, exist_ok=True)
            self._kept = log.open("w", encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            text=True,
            encoding="utf-8",
            errors="replace",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **_share_of_processors(many)},
        )
        self._listening = threading.Thread(target=self._listen, name=module, daemon=True)
        self._listening.start()

    def wait(self) -> int:
        """Its exit code, once it has ended and all it printed was heard."""
        code = self._process.wait()
        self._listening.join()
        return code

    def end(self) -> None:
        """End it, if it still runs, letting it clear away what is half done."""
        try:
            self._process.wait(ALREADY_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self.wait()

    def _listen(self) -> None:
        for line in self._process.stdout or ():
            self.lines.append(line.rstrip("\n"))
            if self._kept is not None:
                self._kept.write(line)
            self._hear(line)
        if self._kept is not None:
            self._kept.close()


def _share_of_processors(many: int) -> dict[str, str]:
    """The settings under which the linear algebra takes one of `many` shares of the processors, unless somebody told it
    already how many to take."""
    if many == 1 or THREADS in os.environ:
        return {}
    return {THREADS: str(max(1, len(os.sched_getaffinity(0)) // many))}
