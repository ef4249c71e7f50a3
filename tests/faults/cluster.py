"""The topology of deploy/ as processes of this machine, to be killed one by one; and people who write to it."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from rich.console import Console

from bot.commands.cluster import PIDS, Cluster
from bot.commands.processes import answers
from bot.engine.servers import free_port, takes_work
from tests.faults.bot_processes import model

SECONDS = 10.0
"""Longest anybody waits for a reply while processes are killed."""
START_SECONDS = 270


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Two chat servers, two action servers and what they need, as `clonus cluster` runs them."""
    memory = "/dev/shm"
    with TemporaryDirectory(prefix="clonus-cluster-", dir=memory if Path(memory).is_dir() else None) as name:
        folder = Path(name)
        more = {
            "CLONUS_COOKIE_SECRET": "only-for-tests-only-for-tests",
            "CLONUS_REGION": "US",
            "CLONUS_RECORDS_PATH": str(folder / "records.db"),
            "CLONUS_TURN_SECONDS": "8",
        }
        ports = {"chat": free_port(), "actions": free_port()}
        cluster = Cluster(folder, model(), Console(quiet=True), ports=ports, more=more)
        try:
            assert cluster.start()
            threading.Thread(target=cluster.keep_running, daemon=True).start()
            yield cluster
        finally:
            cluster.stop()


def kill(cluster: Cluster, name: str) -> None:
    """End one process at once, as kill -9 does; `clonus cluster` starts it again."""
    os.kill(json.loads((cluster.folder / PIDS).read_text())[name], signal.SIGKILL)


def wait_until_back(cluster: Cluster, name: str, killed: int) -> None:
    """Wait until a killed process answers again."""
    deadline = time.monotonic() + START_SECONDS
    while not _is_back(cluster, name, killed):
        assert time.monotonic() < deadline, f"{name} does not come back"
        time.sleep(0.2)


def pid_of(cluster: Cluster, name: str) -> int:
    """The id of a process."""
    return int(json.loads((cluster.folder / PIDS).read_text())[name])


def _is_back(cluster: Cluster, name: str, killed: int) -> bool:
    if pid_of(cluster, name) == killed:
        return False
    if name in cluster.ready_addresses:
        return answers(cluster.ready_addresses[name])
    port, address = cluster.needed[name]
    return takes_work(port, address)


class PagePerson:
    """Somebody on the chat page: what was not answered is sent again under the same id, as the page does."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = requests.Session()
        self._session.get(f"{address}/chat/", timeout=30)
        self.sent: list[str] = []

    def say(self, text: str) -> list[dict[str, Any]]:
        """The replies. Fails when they take longer than SECONDS, with all tries."""
        body: dict[str, Any] = {"text": text, "id": uuid.uuid4().hex}
        self.sent.append(text)
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                answer = self._session.post(f"{self._address}/chat/messages", json=body, timeout=SECONDS)
                if answer.status_code == 200:
                    assert time.monotonic() < deadline, f"'{text}' was answered too late"
                    return list(answer.json()["replies"])
            except requests.ConnectionError:
                pass  # nginx itself was killed
            assert time.monotonic() < deadline, f"'{text}' was not answered"
            body["again"] = True
            time.sleep(0.3)

    def history(self) -> list[dict[str, Any]]:
        """What the page shows after it is loaded anew."""
        return list(self._session.get(f"{self._address}/chat/history", timeout=30).json()["messages"])
