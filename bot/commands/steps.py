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

ALREADY_SECONDS = 1.0
"""An interruption from the terminal has reached a step as well: it may be ending already."""

END_SECONDS = 30.0
"""A large matrix is solved to the end before an interruption is heard."""


class Step:
    """One of our modules, run as a program. What it prints is told to `hear` line by line, in a thread of its own, and
    kept in the file `log`, if there is one. Raises OSError when that cannot be written."""

    def __init__(self, module: str, *arguments: str, hear: Callable[[str], None], log: Path | None = None) -> None:
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
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
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
