"""`clonus run`: everything on one machine, in one terminal, ended by Ctrl-C."""

from __future__ import annotations

import signal
import socket
import sys
import webbrowser
from pathlib import Path
from types import FrameType

import yaml
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from bot.commands import train
from bot.commands.processes import LIGHT_THREADS, Processes
from bot.commands.setting_check import wrong_setting
from bot.engine.servers import Program
from bot.model_files import newest_model
from bot.quiet import be_quiet
from bot.settings import ROOT, Settings, settings
from bot.staff.console import own_address
from bot.staff.first_link import first_link_of

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


def programs(here: Settings, model: Path, endpoints: Path) -> dict[str, Program]:
    """The programs that make up the bot on one machine."""
    return {
        "actions": action_server(here.actions_port),
        "chat": chat_server(model, endpoints, here.host, here.chat_port),
        STAFF: _bot("-m", "bot.staff"),
    }


def action_server(port: int) -> Program:
    """An action server for this machine alone. rasa-sdk starts it without Rasa, in a fraction of the memory."""
    return _bot("-m", "rasa_sdk", "--actions", "actions", "--port", str(port))


def chat_server(model: Path, endpoints: Path, host: str, port: int) -> Program:
    """A chat server: Rasa's agent behind our channels."""
    return _bot(
        "-m", "bot.channels.server", "--model", str(model), "--endpoints", str(endpoints),
        "--port", str(port), "--interface", host,
    )  # fmt: skip


def _bot(*arguments: str) -> Program:
    environment = {"PYTHONUNBUFFERED": "1", **LIGHT_THREADS}
    return Program([sys.executable, *arguments], environment=environment, folder=ROOT)


def ready_addresses(here: Settings) -> dict[str, str]:
    """Where all answer once they are ready."""
    return {
        "actions": f"http://127.0.0.1:{here.actions_port}/health",
        STAFF: f"http://{here.staff_host}:{here.staff_port}/health",
        "chat": f"http://{here.host}:{here.chat_port}/status",
    }


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
    if train.run_apart():
        return 1
    model = newest_model()
    if model is None:
        console.print("There is no trained model. Run: clonus train", style="red")
        return 1
    logs = ROOT / "var"
    logs.mkdir(exist_ok=True)
    processes = Processes(programs(here, model, write_endpoints(here)), logs, console, may_be_missing=(STAFF,))
    signal.signal(signal.SIGTERM, interrupted)
    try:
        processes.start()
        if not processes.wait_until_ready(ready_addresses(here)):
            return 1
        page = f"http://{here.host}:{here.chat_port}/chat"
        console.print(f"Chat page:   {page}")
        console.print(f"REST:        http://{here.host}:{here.chat_port}/webhooks/rest/webhook")
        console.print(f"Actions:     http://127.0.0.1:{here.actions_port}/webhook (private)")
        say_where_staff_work(here, console)
        console.print("Stop everything with Ctrl-C.")
        if open_page and sys.stdout.isatty():
            webbrowser.open(page)
        processes.keep_running()
        return 1
    except KeyboardInterrupt:
        console.print("\nStopping ...")
        return 0
    finally:
        processes.stop()


def interrupted(signum: int, frame: FrameType | None) -> None:
    """End in order when another program asks for it."""
    raise KeyboardInterrupt
