"""Programs that belong together as processes of this machine: started, watched, started again, and ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from bot.engine.servers import Program

START_SECONDS = 300
STOP_SECONDS = 10
POLL_SECONDS = 0.25
STARTS_SECONDS = 300
AGAIN_SECONDS = 1.0
"""Shortest time between two starts of a program that ended twice: what it left behind needs a moment to go."""
MOST_STARTS = 4
"""A process that ends this often within STARTS_SECONDS is not started again."""

LIGHT_THREADS = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""Matrix libraries of the bot's processes use one thread: with more, the others spin while they wait, which costs
40 % of the processor time of a message."""


def answers(url: str) -> bool:
    """Whether something answers at `url`."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def end_orphans(ended: subprocess.Popen[bytes]) -> None:
    """End what a process left running that has ended just now: workers of a killed nginx would keep its ports.

    Not for one that ended long ago: its number may be another's by now.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(ended.pid, signal.SIGKILL)  # each program has a session, and so a group, of its own


def stop(processes: Mapping[str, subprocess.Popen[bytes]], seconds: float = STOP_SECONDS) -> None:
    """End every process that runs: kindly first, then at once."""
    running = [process for process in processes.values() if process.poll() is None]
    for process in running:
        process.terminate()
    deadline = time.monotonic() + seconds
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        end_orphans(process)


class Processes:
    """The processes of `programs`, by name. Each writes to <name>.log in `logs`.

    `may_be_missing`: programs without which the others go on when they cannot run.
    """

    def __init__(
        self, programs: Mapping[str, Program], logs: Path, console: Console, may_be_missing: Collection[str] = ()
    ) -> None:
        self.programs = dict(programs)
        self._may_be_missing = may_be_missing
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self._logs = logs
        self._console = console
        self._ending = threading.Event()

    def start(self, *names: str) -> None:
        """Start programs for the first time; all of them when none is named."""
        for name in names or self.programs:
            self.running[name] = self.programs[name].start(self.log(name), "wb")

    def log(self, name: str) -> Path:
        """Where a program writes."""
        return self._logs / f"{name}.log"

    def stop(self, *last: str) -> None:
        """End all of them, those named `last` after the others; none is started again."""
        self._ending.set()
        stop({name: process for name, process in self.running.items() if name not in last})
        stop(self.running)

    def wait_until_ready(self, addresses: Mapping[str, str]) -> bool:
        """Wait until something answers at each address; False, with the reason printed, when one does not come up."""
        waiting = dict(addresses)
        deadline = time.monotonic() + START_SECONDS
        with self._console.status("Starting (about half a minute) ..."):
            while waiting:
                for name, process in self.running.items():
                    if process.poll() is not None and name in waiting:
                        self._console.print(f"The {name} process ended by itself; see {self.log(name)}", style="red")
                        if name not in self._may_be_missing:
                            return False
                        del waiting[name]
                waiting = {name: url for name, url in waiting.items() if not answers(url)}
                if waiting and time.monotonic() > deadline:
                    self._console.print(f"Not ready after {START_SECONDS} s: {', '.join(waiting)}", style="red")
                    return False
                time.sleep(POLL_SECONDS)
        return True

    def keep_running(self, started: Callable[[], None] | None = None) -> None:
        """Start a process again that ended by itself. The others go on meanwhile. `started`: called after each start.

        Returns when one has ended MOST_STARTS times within STARTS_SECONDS, as a start cannot mend what is wrong then,
        and once they are ended with `stop`, which another thread may do.
        """
        ends: dict[str, list[float]] = {name: [] for name in self.programs}
        kept = dict(self.programs)
        while not self._ending.is_set():
            for name, program in list(kept.items()):
                now = time.monotonic()
                too_soon = len(ends[name]) > 1 and now - ends[name][-1] < AGAIN_SECONDS
                if self.running[name].poll() is None or too_soon or self._ending.is_set():
                    continue
                ends[name] = [*(at for at in ends[name] if now - at < STARTS_SECONDS), now]
                if len(ends[name]) >= MOST_STARTS:
                    self._console.print(f"The {name} process keeps ending by itself; see {self.log(name)}", style="red")
                    if name not in self._may_be_missing:
                        return
                    del kept[name]
                    continue
                self._console.print(
                    f"The {name} process ended by itself and is started again; see {self.log(name)}", style="red"
                )
                end_orphans(self.running[name])
                self.running[name] = program.start(self.log(name))
                if started is not None:
                    started()
            self._ending.wait(POLL_SECONDS)
