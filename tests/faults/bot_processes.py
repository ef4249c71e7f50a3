"""The whole bot as real processes on free ports, to be broken and mended part by part."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml

from bot.commands.processes import answers
from bot.model_files import newest_model
from bot.settings import ROOT

SECONDS = 5.0
"""Longest anybody waits for a reply, whatever is broken."""

START_SECONDS = 270
"""Long, for a machine that is busy with other tests; alone it takes about half a minute."""


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Person:
    """Somebody who writes to the bot, over REST or on the page, and watches the clock."""

    def __init__(self, address: str, channel: str, name: str) -> None:
        self._address, self.channel, self.name = address, channel, name
        self._session = requests.Session()

    def say(self, text: str) -> list[dict[str, Any]]:
        """The replies, each with text and metadata. Fails when they take too long or one is empty."""
        began = time.monotonic()
        if self.channel == "rest":
            body = {"sender": self.name, "message": text}
            answer = self._session.post(f"{self._address}/webhooks/rest/webhook", json=body, timeout=30)
            replies = answer.json()
        else:
            answer = self._session.post(f"{self._address}/chat/messages", json={"text": text}, timeout=30)
            replies = answer.json()["replies"]
        took = time.monotonic() - began
        assert answer.status_code == 200
        assert took < SECONDS, f"{self.channel}: '{text}' took {took:.1f} s"
        assert replies, f"{self.channel}: no reply to '{text}'"
        assert all(reply["text"].strip() for reply in replies), f"{self.channel}: an empty reply to '{text}'"
        return list(replies)

    def history(self) -> list[tuple[str, str]]:
        """What the page shows after it is loaded anew: who, and the first line."""
        messages = self._session.get(f"{self._address}/chat/history", timeout=30).json()["messages"]
        return [(message["from"], message["text"].splitlines()[0]) for message in messages]


class Bot:
    """Chat server and action server in a folder of their own."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.conversations = folder / "conversations.db"
        self.records = folder / "records.db"
        self.library = folder / "knowledge.db"
        self.faults = folder / "faults"
        self.faults.mkdir()
        shutil.copy2(ROOT / "var" / "knowledge.db", self.library)
        self._chat_port, self._actions_port = free_port(), free_port()
        self.address = f"http://127.0.0.1:{self._chat_port}"
        self._model = model
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._people = 0
        endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text())
        endpoints["action_endpoint"]["url"] = f"http://127.0.0.1:{self._actions_port}/webhook"
        self._endpoints = folder / "endpoints.yml"
        self._endpoints.write_text(yaml.safe_dump(endpoints))

    # Processes

    def start(self) -> None:
        """Start both servers without waiting for them."""
        self.start_chat()
        self.start_actions()

    def start_chat(self) -> None:
        """Start the chat server."""
        self._start(
            "chat", "-m", "tests.faults.chat_server", "--model", str(self._model),
            "--endpoints", str(self._endpoints), "--credentials", str(ROOT / "credentials.yml"),
            "--port", str(self._chat_port), "--interface", "127.0.0.1",
        )  # fmt: skip

    def start_actions(self) -> None:
        """Start the action server."""
        self._start("actions", "-m", "rasa_sdk", "--actions", "actions", "--port", str(self._actions_port))

    def wait(self) -> None:
        """Wait until every process that was started answers."""
        addresses = {"chat": f"{self.address}/", "actions": f"http://127.0.0.1:{self._actions_port}/health"}
        deadline = time.monotonic() + START_SECONDS
        for name, process in self._processes.items():
            while not answers(addresses[name]):
                assert process.poll() is None, (self.folder / f"{name}.log").read_text()
                assert time.monotonic() < deadline, (self.folder / f"{name}.log").read_text()
                time.sleep(0.2)

    def stop(self) -> None:
        """End both servers at once."""
        for process in self._processes.values():
            process.kill()
            process.wait()

    def _start(self, name: str, *command: str) -> None:
        environment = {
            **os.environ,
            "FAULTS": str(self.faults),
            "CLONUS_REGION": "US",
            "CLONUS_HUMAN_CONTACT": "Call our clinic on 555 0100.",
            "CLONUS_LIBRARY_PATH": str(self.library),
            "CLONUS_RECORDS_PATH": str(self.records),
            "CLONUS_CONVERSATIONS_DATABASE": f"sqlite:///{self.conversations}",
            "CLONUS_COOKIE_SECRET": "only-for-tests-only-for-tests",
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    # Faults

    @contextmanager
    def actions_killed(self) -> Iterator[None]:
        """The action server ended at once, with kill -9."""
        self._processes["actions"].kill()
        self._processes["actions"].wait()
        yield
        self.start_actions()
        self.wait()

    @contextmanager
    def actions_hanging(self) -> Iterator[None]:
        """The action server stopped in its tracks: it takes requests and never answers."""
        self._processes["actions"].send_signal(signal.SIGSTOP)
        yield
        self._processes["actions"].send_signal(signal.SIGCONT)

    @contextmanager
    def part(self, fault: str) -> Iterator[None]:
        """A part of the chat server that throws or hangs (tests/faults/chat_server.py)."""
        switch = self.faults / fault
        switch.touch()
        yield
        switch.unlink()

    @contextmanager
    def locked(self, path: Path) -> Iterator[None]:
        """Another program holds the file for itself alone."""
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin exclusive")
        yield
        other.execute("rollback")
        other.close()

    @contextmanager
    def conversations_unwritable(self) -> Iterator[None]:
        """Conversations can be read, and every write fails, as on a full disk."""
        self._in_conversations(
            "create trigger full before insert on events begin select raise(fail, 'database or disk is full'); end"
        )
        yield
        self._in_conversations("drop trigger full")

    @contextmanager
    def replaced(self, path: Path, content: bytes | None) -> Iterator[None]:
        """The file holds something else; `None`: it is gone."""
        aside = path.with_suffix(".aside")
        path.rename(aside)
        if content is not None:
            path.write_bytes(content)
        yield
        aside.replace(path)

    def _in_conversations(self, statement: str) -> None:
        database = sqlite3.connect(self.conversations)
        database.execute(statement)
        database.commit()
        database.close()

    # People

    def person(self, channel: str) -> Person:
        """Somebody the bot has not met."""
        self._people += 1
        return Person(self.address, channel, f"{channel}-{self._people}")

    def escalations(self) -> list[dict[str, Any]]:
        """What staff can see."""
        if not self.records.exists():
            return []
        database = sqlite3.connect(self.records)
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute("select * from escalations order by id")]
        database.close()
        return rows


def at_once(*asked: tuple[Person, str]) -> list[list[dict[str, Any]]]:
    """Several people write at the same moment; their replies in the same order."""
    with ThreadPoolExecutor(len(asked)) as pool:
        return [one.result() for one in [pool.submit(person.say, text) for person, text in asked]]


def model() -> Path:
    """The trained model of this project."""
    found = newest_model()
    assert found is not None, "train first: clonus train"
    return found
