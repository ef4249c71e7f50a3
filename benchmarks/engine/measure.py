"""What is measured of an assistant: turns one by one, a long conversation, many people at once."""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import psutil
import requests

from benchmarks.engine.systems import System

ANSWER_SECONDS = 60


@dataclass(frozen=True)
class Turns:
    """Times of single turns in milliseconds, and the processor time of one."""

    times: list[float]
    processor: float

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.times)

    @property
    def quartiles(self) -> tuple[float, float]:
        """Between these lies half of them."""
        low, _, high = statistics.quantiles(self.times, n=4)
        return low, high


class Caller:
    """Somebody who talks over REST, in one conversation."""

    def __init__(self, system: System) -> None:
        self._address = system.address
        self._always_replied = system.always_replies
        self._session = requests.Session()
        self._name = uuid.uuid4().hex

    def say(self, text: str) -> float:
        """Milliseconds until the whole reply was there. Raises RuntimeError when there is none, but must be."""
        began = time.perf_counter()
        body = {"sender": self._name, "message": text}
        answer = self._session.post(f"{self._address}/webhooks/rest/webhook", json=body, timeout=ANSWER_SECONDS)
        took = (time.perf_counter() - began) * 1000
        if answer.status_code != 200 or (self._always_replied and not answer.json()):
            raise RuntimeError(f"No reply to '{text}': {answer.status_code} {answer.text[:200]}")
        return took


def warm_up(system: System) -> None:
    """What is loaded at first use is loaded, and what is remembered is remembered, before anything is measured."""
    caller = Caller(system)
    for text in system.messages:
        caller.say(text)


def one_by_one(system: System, turns: int) -> Turns:
    """Turns of one new conversation, each after the reply to the one before."""
    caller = Caller(system)
    before = _processor_seconds(system)
    times = [caller.say(system.messages[number % len(system.messages)]) for number in range(turns)]
    return Turns(times, (_processor_seconds(system) - before) * 1000 / turns)


def long_conversation(system: System, turns: int, marks: Sequence[int]) -> dict[int, float]:
    """The median time of the turns around each mark in one conversation of so many turns, in milliseconds."""
    caller = Caller(system)
    times = [caller.say(system.messages[number % len(system.messages)]) for number in range(turns)]
    width = len(system.messages)
    return {mark: statistics.median(times[max(0, mark - width) : mark]) for mark in marks if mark <= turns}


def _processor_seconds(system: System) -> float:
    total = 0.0
    for process in system.processes.values():
        for one in (psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)):
            used = one.cpu_times()
            total += used.user + used.system
    return total
