"""The assistants that are measured: what `rasa init` makes, and ours, each as real processes on free ports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import yaml
from rasa.cli.scaffold import create_initial_project
from rich.console import Console

from bot.commands.cluster import Cluster
from bot.commands.processes import LIGHT_THREADS, answers, stop
from bot.commands.run import action_server, chat_server
from bot.engine.servers import Program, free_port
from bot.model_files import newest_model
from bot.settings import ROOT

FOLDER = ROOT / "var" / "benchmark"
START_SECONDS = 600.0
POLL_SECONDS = 0.1

DEFAULT_MESSAGES = ("hello", "great", "hello", "i am sad", "yes", "are you a bot?", "i am sad", "no")
OUR_MESSAGES = (
    "why does my foot bounce when I put it down?",
    "simpler",
    "would a brace help me?",
    "how often should I stretch my calf",
    "what is botox good for here",
    "where is this from",
    "my leg shakes at night and I can not sleep",
    "thank you",
)
"""What people say to each, turn by turn: questions, follow-ups, small talk; to the default as its stories go."""


@dataclass
class System:
    """One assistant: its programs, where it answers, and what is said to it. `trained` in seconds.

    One that `always_replies` has failed when a turn brings no words. The default assistant guesses what comes next, and
    now and then, from one training to the next, its guess is to say nothing: that is its answer.
    """

    name: str
    programs: dict[str, Program]
    ready: dict[str, str]
    address: str
    messages: Sequence[str]
    trained: float
    always_replies: bool = True
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self) -> float:
        """Start it; seconds until it answered everywhere."""
        began = time.monotonic()
        for name, program in self.programs.items():
            self.processes[name] = program.start(FOLDER / f"{self.name}-{name}.log", "wb")
        wait_until(self.ready)
        return time.monotonic() - began

    def memory(self) -> float:
        """Memory of all its processes in MiB; what several share is counted once."""
        return memory_of([process.pid for process in self.processes.values()])

    def stop(self) -> None:
        """End it."""
        stop(self.processes)


def memory_of(pids: Sequence[int]) -> float:
    """Memory of processes and their children in MiB; what several share is counted once (PSS)."""
    family = {child for pid in pids for child in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True))}
    return sum(one.memory_full_info().pss for one in family) / 2**20


def wait_until(ready: Mapping[str, str]) -> None:
    """Wait until something answers at each address. Raises TimeoutError."""
    deadline = time.monotonic() + START_SECONDS
    for name, address in ready.items():
        while not answers(address):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{name} does not start; see {FOLDER}")
            time.sleep(POLL_SECONDS)


def default_assistant(*, train_again: bool) -> System:
    """What `rasa init` makes, trained once and kept in var/benchmark."""
    project = FOLDER / "default"
    if not (project / "config.yml").exists():
        project.mkdir(parents=True, exist_ok=True)
        create_initial_project(str(project))
    trained = 0.0
    if train_again or not list((project / "models").glob("*.tar.gz")):
        began = time.monotonic()
        _rasa("train", "--force", folder=project)
        trained = time.monotonic() - began
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "rasa", "run", "--port", str(port), "--interface", "127.0.0.1"]
    program = Program(command, folder=project, environment={"SANIC_BACKLOG": "200"})
    return System(
        "default", {"chat": program}, {"chat": f"{address}/"}, address, DEFAULT_MESSAGES, trained, always_replies=False
    )


def our_assistant(*, train_again: bool) -> System:
    """Ours as `clonus run` starts it: a chat server and an action server."""
    trained = 0.0
    if train_again:
        began = time.monotonic()
        _clonus("train", "--force")
        trained = time.monotonic() - began
    model = newest_model()
    if model is None:
        raise RuntimeError("There is no trained model. Run: clonus train")
    chat_port, actions_port = free_port(), free_port()
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
    endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{actions_port}/webhook"
    path = FOLDER / "endpoints.yml"
    path.write_text(yaml.safe_dump(endpoints))
    for file in FOLDER.glob("ours.db*"):
        file.unlink()
    own = {
        "CLONUS_CONVERSATIONS_DATABASE": f"sqlite:///{FOLDER / 'ours.db'}",
        "CLONUS_RECORDS_PATH": str(FOLDER / "ours-records.db"),
        "CLONUS_TURN_SECONDS": "30",  # a turn is measured, not cut off
    }
    address = f"http://127.0.0.1:{chat_port}"
    programs = {"actions": action_server(actions_port), "chat": chat_server(model, path, "127.0.0.1", chat_port)}
    programs = {
        name: Program(each.command, environment={**each.environment, **own}, folder=each.folder)
        for name, each in programs.items()
    }
    ready = {"actions": f"http://127.0.0.1:{actions_port}/health", "chat": f"{address}/status"}
    return System("ours", programs, ready, address, OUR_MESSAGES, trained)


def our_cluster(chats: int, actions: int) -> Cluster:
    """Ours as `clonus cluster` starts it."""
    model = newest_model()
    if model is None:
        raise RuntimeError("There is no trained model. Run: clonus train")
    folder = FOLDER / f"cluster-{chats}-{actions}"
    shutil.rmtree(folder, ignore_errors=True)
    ports = {"chat": free_port(), "actions": free_port()}
    more = {"CLONUS_TURN_SECONDS": "30", "CLONUS_RECORDS_PATH": str(folder / "records.db")}
    return Cluster(folder, model, Console(quiet=True), ports=ports, chats=chats, actions=actions, more=more)


def _rasa(*arguments: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "rasa", *arguments], folder)


def _clonus(*arguments: str) -> None:
    _run([str(Path(sys.executable).parent / "clonus"), *arguments], ROOT)


def _run(command: list[str], folder: Path) -> None:
    # as a person calls it: with all threads, whatever `make` set for this process
    environment = {name: value for name, value in os.environ.items() if name not in LIGHT_THREADS}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
