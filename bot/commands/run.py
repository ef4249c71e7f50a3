"""`clonus run`: everything on one machine, in one terminal, ended by Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from types import FrameType

import yaml
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands import train
from bot.commands.setting_check import wrong_setting
from bot.model_files import newest_model
from bot.quiet import be_quiet
from bot.settings import ROOT, Settings, settings
from bot.staff.console import own_address
from bot.staff.first_link import first_link_of

START_SECONDS = 180
STOP_SECONDS = 10
POLL_SECONDS = 0.5
STARTS_SECONDS = 300
MOST_STARTS = 4
"""A process that ends this often within STARTS_SECONDS is not started again."""
STAFF = "staff"
"""The console's process. People are answered without it, so nothing else stops when it cannot run."""


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def taken_port(here: Settings) -> str | None:
    """What to do about a port that another program uses; None when all are free."""
    for name, host, port in (
        ("CLONUS_CHAT_PORT", here.host, here.chat_port),
        ("CLONUS_ACTIONS_PORT", "127.0.0.1", here.actions_port),
        ("CLONUS_STAFF_PORT", here.staff_host, here.staff_port),
    ):
        if not port_is_free(host, port):
            return f"Port {port} is in use. Stop that program, or choose another: {name}={port + 1} make run"
    return None


def write_endpoints(here: Settings) -> Path:
    """endpoints.yml with the ports of this start."""
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{here.actions_port}/webhook"
    folder = ROOT / "var"
    folder.mkdir(exist_ok=True)
    path = folder / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints))
    return path


def commands(here: Settings, model: Path) -> dict[str, list[str]]:
    """The processes that make up the bot."""
    rasa = [sys.executable, "-m", "rasa"]
    return {
        "actions": [*rasa, "run", "actions", "--actions", "actions", "--port", str(here.actions_port)],
        "chat": [
            *rasa, "run", "--model", str(model), "--endpoints", str(write_endpoints(here)),
            "--credentials", str(ROOT / "credentials.yml"), "--port", str(here.chat_port), "--interface", here.host,
        ],
        STAFF: [sys.executable, "-m", "bot.staff"],
    }  # fmt: skip


def answers(url: str) -> bool:
    """Whether something answers at `url`."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def stop(processes: dict[str, subprocess.Popen[bytes]]) -> None:
    """End every process: kindly first, then at once."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for process in processes.values():
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_ready(here: Settings, processes: dict[str, subprocess.Popen[bytes]], console: Console) -> bool:
    """Wait until all servers answer; False, with the reason printed, when one does not come up that people need."""
    waiting = {
        STAFF: f"http://{here.staff_host}:{here.staff_port}/health",
        "actions": f"http://127.0.0.1:{here.actions_port}/health",
        "chat": f"http://{here.host}:{here.chat_port}/status",
    }
    deadline = time.monotonic() + START_SECONDS
    with console.status("Starting (about half a minute) ..."):
        while waiting:
            for name, process in processes.items():
                if process.poll() is not None and name in waiting:
                    console.print(f"The {name} process ended by itself; see var/{name}.log", style="red")
                    if name != STAFF:
                        return False
                    del waiting[name]
            waiting = {name: url for name, url in waiting.items() if not answers(url)}
            if waiting and time.monotonic() > deadline:
                console.print(f"Not ready after {START_SECONDS} s: {', '.join(waiting)}", style="red")
                return False
            time.sleep(0.3)
    return True


def start(name: str, command: list[str], mode: str = "ab") -> subprocess.Popen[bytes]:
    """Start a process of the bot; it writes to var/<name>.log."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "SANIC_BACKLOG": "200"}
    with (ROOT / "var" / f"{name}.log").open(mode) as log:
        # a session of its own, so that Ctrl-C reaches only this process, which then ends the others in order
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )


def keep_running(
    starting: dict[str, list[str]], processes: dict[str, subprocess.Popen[bytes]], console: Console
) -> None:
    """Start a process again that ended by itself. The others go on: the guard answers while the actions are gone.

    Returns when one has ended MOST_STARTS times within STARTS_SECONDS: a start cannot mend what is wrong then. Only the
    staff console is then left out.
    """
    ends: dict[str, list[float]] = {name: [] for name in starting}
    kept = list(starting)
    while True:
        for name in list(kept):
            if processes[name].poll() is None:
                continue
            now = time.monotonic()
            ends[name] = [*(at for at in ends[name] if now - at < STARTS_SECONDS), now]
            if len(ends[name]) >= MOST_STARTS:
                console.print(f"The {name} process keeps ending by itself; see var/{name}.log", style="red")
                if name != STAFF:
                    return
                kept.remove(name)
                continue
            console.print(f"The {name} process ended by itself and is started again; see var/{name}.log", style="red")
            processes[name] = start(name, starting[name])
        time.sleep(POLL_SECONDS)


def say_where_staff_work(here: Settings, console: Console) -> None:
    """Print the console's address, and the link to its first account while there is none."""
    console.print(f"For staff:   {own_address(here)}")
    try:
        first = first_link_of(here)
    except SQLAlchemyError as error:
        console.print(f"The console's data cannot be reached: {error}", style="red", markup=False)
        return
    if first is not None:
        console.print("             It has no account yet. Make the first one here; the link works once, within a day:")
        console.print(f"             {first}", soft_wrap=True)


def run(open_page: bool = True) -> int:
    """Build and train what is missing, start everything, and stay until Ctrl-C; the exit code."""
    be_quiet()
    here = settings()
    console = Console(highlight=False)
    problem = wrong_setting(here) or taken_port(here)
    if problem:
        console.print(problem, style="red")
        return 1
    if train.run():
        return 1
    model = newest_model()
    if model is None:
        console.print("There is no trained model. Run: clonus train", style="red")
        return 1
    (ROOT / "var").mkdir(exist_ok=True)
    processes: dict[str, subprocess.Popen[bytes]] = {}
    starting = commands(here, model)

    def interrupted(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupted)
    try:
        for name, command in starting.items():
            processes[name] = start(name, command, "wb")
        if not wait_until_ready(here, processes, console):
            return 1
        page = f"http://{here.host}:{here.chat_port}/chat"
        console.print(f"Chat page:   {page}")
        console.print(f"REST:        http://{here.host}:{here.chat_port}/webhooks/rest/webhook")
        console.print(f"Actions:     http://127.0.0.1:{here.actions_port}/webhook (private)")
        say_where_staff_work(here, console)
        console.print("Stop everything with Ctrl-C.")
        if open_page and sys.stdout.isatty():
            webbrowser.open(page)
        keep_running(starting, processes, console)
        return 1
    except KeyboardInterrupt:
        console.print("\nStopping ...")
        return 0
    finally:
        stop(processes)
