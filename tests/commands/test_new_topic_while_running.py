"""A topic added to the library is answered by a running bot: in every process, without training, never half of it."""

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.processes import answers, stop
from bot.model_files import newest_model
from bot.settings import ROOT
from knowledge.build import build_library

WITHIN_SECONDS = 10.0
"""How soon a new topic must be answered."""

ON_A_BUSY_MACHINE = 90.0
"""The same when other programs hold the processors: then the clock measures them."""

QUESTION = "can I sit in a hot tub with clonus?"


@dataclass(frozen=True)
class Running:
    """A bot with two chat servers, one action server, and a library of its own."""

    content: Path
    library: Path
    ports: tuple[int, int]


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The bot as `clonus run` starts it, with a second chat server beside the first."""
    folder = tmp_path_factory.mktemp("running")
    content, library = folder / "knowledge", folder / "knowledge.db"
    shutil.copytree(ROOT / "knowledge", content, ignore=shutil.ignore_patterns("__pycache__"))
    for kept in [
        *(ROOT / "var").glob("vectors*"),
        *(ROOT / "var").glob("classifier-*"),
        *(ROOT / "var").glob("solved-*"),
        *(ROOT / "var").glob("danger-*"),
    ]:
        shutil.copy(kept, folder / kept.name)
    build_library(content, library)
    actions_port, ports = free_port(), (free_port(), free_port())
    endpoints = folder / "endpoints.yml"
    endpoints.write_text(yaml.safe_dump({"action_endpoint": {"url": f"http://127.0.0.1:{actions_port}/webhook"}}))
    environment = {
        **os.environ,
        "CLONUS_KNOWLEDGE_FOLDER": str(content),
        "CLONUS_LIBRARY_PATH": str(library),
        "CLONUS_VECTORS_PATH": str(folder / "vectors.db"),
        "CLONUS_RECORDS_PATH": str(folder / "records.db"),
        "CLONUS_TURN_SECONDS": "60",
    }
    rasa = [sys.executable, "-m", "rasa", "run"]
    started = {"actions": [*rasa, "actions", "--actions", "actions", "--port", str(actions_port)]}
    for port in ports:
        started[f"chat-{port}"] = [
            *rasa, "--model", str(newest_model()), "--endpoints", str(endpoints),
            "--credentials", str(ROOT / "credentials.yml"), "--port", str(port), "--interface", "127.0.0.1",
        ]  # fmt: skip
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in started.items():
            with (folder / f"{name}.log").open("wb") as log:
                processes[name] = subprocess.Popen(
                    command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
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


def topic_of(replies: list[dict[str, Any]]) -> str | None:
    """The topic that was answered."""
    topic = replies[0]["metadata"].get("topic")
    return str(topic) if topic else None


def add_topic(content: Path) -> dict[str, Any]:
    """Write a topic on hot tubs beside the others."""
    topic: dict[str, Any] = yaml.safe_load((content / "topics" / "help" / "footwear.yml").read_text(encoding="utf-8"))
    places = ("with clonus", "after a stroke", "at the gym")
    topic |= {
        "slug": "hot-tubs",
        "title": "Hot tubs",
        "short": "A hot tub is warm water. Ask your doctor first.",
        "questions": [
            f"{start} a hot tub {place}"
            for start in ("may I use", "is it fine to sit in", "how long can I stay in", "what about")
            for place in places
        ],
        "related": ["footwear"],
    }
    (content / "topics" / "help" / "hot-tubs.yml").write_text(yaml.safe_dump(topic), encoding="utf-8")
    return topic


@pytest.mark.timeout(600)
def test_a_new_topic_is_answered_by_every_process_and_a_changed_one_says_the_new_words(running: Running) -> None:
    assert [topic_of(said(port, "before", QUESTION)) for port in running.ports] != ["hot-tubs"] * 2
    topic = add_topic(running.content)
    busy = os.getloadavg()[0] > (os.cpu_count() or 1)
    build_library(running.content, running.library)
    built = time.monotonic()
    allowed = ON_A_BUSY_MACHINE if busy else WITHIN_SECONDS
    first: dict[int, list[dict[str, Any]]] = {}
    while len(first) < len(running.ports) and time.monotonic() - built < allowed:
        for port in running.ports:
            replies = said(port, f"after-{time.monotonic()}", QUESTION)
            assert replies[0]["metadata"]["kind"] in ("answer", "clarify", "fallback")
            if topic_of(replies) == "hot-tubs":
                first.setdefault(port, replies)
        time.sleep(0.2)

    assert sorted(first) == sorted(running.ports)
    assert [replies[0]["text"].startswith(topic["short"]) for replies in first.values()] == [True, True]

    path = running.content / "topics" / "help" / "hot-tubs.yml"
    topic["short"] = "Warm water can set off clonus. Ask your doctor first."
    path.write_text(yaml.safe_dump(topic), encoding="utf-8")
    build_library(running.content, running.library)
    replies = said(running.ports[0], "changed", "may I use a hot tub with clonus")
    assert replies[0]["text"].startswith(topic["short"])
