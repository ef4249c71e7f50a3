"""Ours against what `rasa init` makes, in turns, in one run: `python -m benchmarks.engine` (make benchmark)."""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.engine.document import write_document
from benchmarks.engine.load import at_once
from benchmarks.engine.measure import long_conversation, one_by_one, warm_up
from benchmarks.engine.systems import (
    FOLDER,
    System,
    default_assistant,
    memory_of,
    our_assistant,
    our_cluster,
)
from bot.settings import ROOT

RESULTS = FOLDER / "results.json"
PEOPLE = (10, 50)
MARKS = (10, 25, 50, 100, 200, 400, 700, 1000)


def machine() -> dict[str, Any]:
    """What it ran on."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    described = Path("/proc/cpuinfo").read_text(encoding="ascii").splitlines()
    model = next((line.split(":")[1].strip() for line in described if "model name" in line), "unknown")
    return {
        "commit": commit.stdout.strip(),
        "at": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def compare(systems: list[System], rounds: int, turns: int, seconds: int) -> dict[str, Any]:
    """Turns one by one and many people at once, first one system and then the other, round by round."""
    single: dict[str, list[float]] = {system.name: [] for system in systems}
    processor: dict[str, list[float]] = {system.name: [] for system in systems}
    loads: dict[str, dict[int, list[dict[str, Any]]]] = {
        system.name: {people: [] for people in PEOPLE} for system in systems
    }
    for number in range(rounds):
        for system in systems if number % 2 == 0 else reversed(systems):
            measured = one_by_one(system, turns)
            single[system.name] += measured.times
            processor[system.name].append(measured.processor)
    for number in range(rounds):
        for people in PEOPLE:
            for system in systems if number % 2 == 0 else reversed(systems):
                loads[system.name][people].append(asdict(at_once(system.address, system.messages, people, seconds)))
    return {
        name: {
            "median": statistics.median(single[name]),
            "quartiles": statistics.quantiles(single[name], n=4)[::2],
            "p99": statistics.quantiles(single[name], n=100)[-1],
            "processor": statistics.median(processor[name]),
            "loads": loads[name],
        }
        for name in single
    }


def curve(chats: tuple[int, ...], seconds: int) -> list[dict[str, Any]]:
    """Turns a second of clusters of several sizes at 20 people."""
    found = []
    for count in chats:
        cluster = our_cluster(count, 1 if count == 1 else 2)
        try:
            if not cluster.start():
                raise RuntimeError(f"The cluster of {count} does not start; see {cluster.folder}")
            messages = our_assistant(train_again=False).messages
            at_once(cluster.address, messages, 4, 5)
            measured = at_once(cluster.address, messages, 20, seconds)
            pids = [process.pid for process in cluster.processes.running.values()]
            found.append({"chats": count, **asdict(measured), "memory": memory_of(pids)})
        finally:
            cluster.stop()
    return found


def main() -> None:
    """Measure everything, keep the figures, write docs/benchmarks.md with its plots."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--turns", type=int, default=40, help="turns of each one-by-one round")
    parser.add_argument("--seconds", type=int, default=12, help="of each load")
    parser.add_argument("--long", type=int, default=1000, help="turns of our long conversation")
    parser.add_argument("--long-default", type=int, default=200, help="turns of the default assistant's")
    parser.add_argument("--chats", type=int, nargs="*", default=[1, 2, 3], help="sizes of clusters")
    parser.add_argument("--no-training", action="store_true", help="leave training out")
    parser.add_argument("--no-document", action="store_true", help="leave docs/benchmarks.md as it is")
    chosen = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {"machine": machine(), "rounds": chosen.rounds, "seconds": chosen.seconds}
    began = time.monotonic()

    def note(text: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {text}", flush=True)

    note("training" if not chosen.no_training else "preparing")
    systems = [make(train_again=not chosen.no_training) for make in (default_assistant, our_assistant)]
    try:
        starts: dict[str, float] = {}
        for system in systems:
            note(f"starting {system.name}")
            starts[system.name] = system.start()
            warm_up(system)
        note("turns one by one, then many people at once")
        results |= compare(systems, chosen.rounds, chosen.turns, chosen.seconds)
        note("a long conversation with each")
        for system, turns in zip(systems, (chosen.long_default, chosen.long), strict=True):
            results[system.name] |= {
                "start": starts[system.name],
                "trained": system.trained,
                "memory": system.memory(),
                "long": long_conversation(system, turns, MARKS),
            }
    finally:
        for system in systems:
            system.stop()
    if chosen.chats:
        note("clusters")
        results["curve"] = curve(tuple(chosen.chats), chosen.seconds)
    note("done")
    RESULTS.write_text(json.dumps(results, indent=1))
    if not chosen.no_document:
        write_document(json.loads(RESULTS.read_text()))


if __name__ == "__main__":
    main()
