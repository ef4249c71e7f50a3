"""Many people at once, through Locust: each talks to the REST channel in a conversation of their own.

Run as a program it is a Locust file; `at_once` runs it so and reads what it measured.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MESSAGES = "BENCHMARK_MESSAGES"
"""Environment variable with the messages, as JSON."""


@dataclass(frozen=True)
class Measured:
    """What many people at once came to: turns a second, and the times of a turn in milliseconds."""

    people: int
    turns_a_second: float
    median: float
    p99: float
    turns: int
    failures: int


def at_once(address: str, messages: Sequence[str], people: int, seconds: int) -> Measured:
    """Let so many people talk for so long."""
    command = [
        sys.executable, "-m", "locust", "-f", str(Path(__file__)), "--headless", "--json", "--only-summary",
        "--users", str(people), "--spawn-rate", str(people), "--run-time", f"{seconds}s", "--host", address,
        "--loglevel", "ERROR",
    ]  # fmt: skip
    environment = {**os.environ, MESSAGES: json.dumps(list(messages))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    found = done.stdout[done.stdout.index("[") :]
    (total,) = json.loads(found)
    times = sorted((float(took), count) for took, count in total["response_times"].items())
    turns = total["num_requests"]
    took = total["last_request_timestamp"] - total["start_time"]
    return Measured(
        people, turns / took, _percentile(times, turns, 0.5), _percentile(times, turns, 0.99), turns,
        total["num_failures"],
    )  # fmt: skip


def _percentile(times: list[tuple[float, int]], turns: int, part: float) -> float:
    seen = 0
    for took, count in times:
        seen += count
        if seen >= part * turns:
            return took
    return 0.0


if __name__ != "benchmarks.engine.load":
    from locust import FastHttpUser, task

    class Person(FastHttpUser):  # type: ignore[misc]
        """Somebody who writes as soon as they are answered."""

        def on_start(self) -> None:
            """Begin a conversation."""
            self.name = uuid.uuid4().hex
            self.said = 0
            self.messages = json.loads(os.environ[MESSAGES])

        @task
        def say(self) -> None:
            """One turn; without a reply it has failed."""
            body = {"sender": self.name, "message": self.messages[self.said % len(self.messages)]}
            self.said += 1
            with self.client.post("/webhooks/rest/webhook", json=body, catch_response=True, name="turn") as answer:
                if answer.status_code != 200 or not answer.json():
                    answer.failure("no reply")
