"""A bot as `clonus run` starts it, with content, library and data of its own, for tests that change its content."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.commands.processes import answers, stop
from bot.model_files import newest_model
from bot.settings import ROOT
from knowledge.build import build_library

WITHIN_SECONDS = 10.0
"""How soon new content must be answered."""

ON_A_BUSY_MACHINE = 90.0
"""The same when other programs hold the processors: then the clock measures them."""


@dataclass(frozen=True)
class Running:
    """A bot with chat servers, one action server, and a library of its own."""

    content: Path
    library: Path
    ports: tuple[int, ...]


def allowed_seconds() -> float:
    """How long new content may take now."""
    return ON_A_BUSY_MACHINE if os.getloadavg()[0] > (os.cpu_count() or 1) else WITHIN_SECONDS


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def share(file: Path, place: Path) -> None:
    """Make a file be found at `place` as well, without a copy where the disk allows it."""
    try:
        os.link(file, place)
    except OSError:
        shutil.copy(file, place)


@contextmanager
def running_bot(folder: Path, chats: int, **environment: str) -> Iterator[Running]:
    """A bot with so many chat servers side by side; what it keeps is in `folder`."""
    content, library = folder / "knowledge", folder / "knowledge.db"
    shutil.copytree(ROOT / "knowledge", content, ignore=shutil.ignore_patterns("__pycache__"))
    for kept in [
        *(ROOT / "var").glob("vectors*"),
        *(ROOT / "var").glob("classifier-*"),
        *(ROOT / "var").glob("weights-*"),
        *(ROOT / "var").glob("spelling-*"),
        *(ROOT / "var").glob("danger-*"),
    ]:
        shutil.copy(kept, folder / kept.name)
    for kind in ("solved-*", "inverse-*"):  # large, and only ever replaced, never changed, so one copy serves both
        for large in (ROOT / "var").glob(kind):
            share(large, folder / large.name)
    build_library(content, library)
    actions_port, ports = free_port(), tuple(free_port() for _ in range(chats))
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(yaml.safe_dump({"action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}}))
    surroundings = {
        **os.environ,
        "CLONUS_KNOWLEDGE_FOLDER": str(content),
        "CLONUS_LIBRARY_PATH": str(library),
        "CLONUS_VECTORS_PATH": str(folder / "vectors.db"),
        "CLONUS_RECORDS_PATH": str(folder / "records.db"),
        "CLONUS_TURN_SECONDS": "60",
        **environment,
    }
    started = {"actions": [sys.executable, "-m", "rasa_sdk", "--actions", "actions", "--port", str(actions_port)]}
    for port in ports:
        started[f"chat-{port}"] = [
            sys.executable, "-m", "bot.channels.server", "--model", str(newest_model()),
            "--endpoints", str(endpoints), "--port", str(port),
        ]  # fmt: skip
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in started.items():
            with (folder / f"{name}.log").open("wb") as log:
                processes[name] = subprocess.Popen(
                    command, cwd=ROOT, env=surroundings, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
                )
        deadline = time.monotonic() + 240
        while not all(answers(f"http://127.0.0.1:{port}/status") for port in ports):
            ended = [name for name, process in processes.items() if process.poll() is not None]
            assert not ended, (folder / f"{ended[0]}.log").read_text()[-2000:]
            assert time.monotonic() < deadline, "the bot did not start"
            time.sleep(0.5)
        yield Running(content, library, ports)
    finally:
        stop(processes)


def said(port: int, sender: str, message: str) -> list[dict[str, Any]]:
    """What the bot on this port replies."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/webhooks/rest/webhook",
        json.dumps({"sender": sender, "message": message}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=90) as response:
        replies: list[dict[str, Any]] = json.load(response)
    return replies
