"""What understanding costs: a message of 12 words on one core, loading and training, beside Rasa's default pipeline.

    .venv/bin/python -m benchmarks.understanding_speed         # 10 minutes; --write renews docs/understanding.md

Both learn from the same examples, all of them. Rasa's default pipeline would need hours for its 100 epochs, so it gets
one: what a message and loading cost does not depend on how long it was trained.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from benchmarks.systems import DIET_EPOCHS, default_pipeline, prepare, rasa_project
from bot.evaluation.document import UNDERSTANDING_DOC, renew_sections
from bot.evaluation.held_out import HELD_OUT, load_topics
from bot.processor import CORE_TYPE, be_quick
from bot.quiet import be_quiet
from bot.settings import ROOT, settings

WORDS = 12
WARM_UP = 300
"""Other messages that are read before any is measured."""

ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_INTRA_OP_PARALLELISM_THREADS": "1",
            "TF_INTER_OP_PARALLELISM_THREADS": "1"}  # fmt: skip

AIMS = {"vectors": 30.0, "understanding": 8.0, "loading": 2.0, "training": 40.0}
"""Milliseconds a message; seconds."""


class Clock:
    """Adds up the time that functions take, without that of others it knows of which they call."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inside: list[float] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose time counts as `name`."""

        def call(*args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            self._inside.append(0.0)
            try:
                return function(*args, **kwargs)
            finally:
                whole, others = time.perf_counter() - started, self._inside.pop()
                self.seconds[name] = self.seconds.get(name, 0.0) + whole - others
                if self._inside:
                    self._inside[-1] += whole

        return call


def time_parts(clock: Clock) -> None:
    """Have our parts' loading and working timed."""
    from bot.safety.component import RedFlagScreen
    from bot.understanding.component import MessageReader
    from bot.understanding.encoder import SentenceEncoder

    for name, owner, method in (
        ("vectors", SentenceEncoder, "encode"),
        ("safety", RedFlagScreen, "process"),
        ("understanding", MessageReader, "process"),
        ("encoders", SentenceEncoder, "__init__"),
        ("reader", MessageReader, "load"),
    ):
        found = vars(owner)[method]
        if isinstance(found, classmethod):
            setattr(owner, method, classmethod(clock.timed(name, found.__func__)))
        else:
            setattr(owner, method, clock.timed(name, found))


def read_messages(model: Path, *, is_ours: bool) -> dict[str, Any]:
    """Load a model and read every held-out message of 12 words with it, on one core: seconds of import and loading,
    and for each part the milliseconds of every message."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = time.perf_counter()
    if is_ours:
        from bot.lazy_modules import without_training

        without_training()
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(30)
    imported = time.perf_counter()
    clock = Clock()
    if is_ours:
        time_parts(clock)
    agent = Agent.load(model)
    loaded = time.perf_counter()
    loading = {**clock.seconds, "whole": loaded - imported}
    texts = [message.text for message in load_topics(HELD_OUT / "topics.jsonl")]
    measured_texts = [text for text in texts if len(text.split()) == WORDS]
    others = [text for text in texts if len(text.split()) != WORDS]
    loop = asyncio.new_event_loop()
    for text in others[:: len(others) // WARM_UP]:
        loop.run_until_complete(agent.parse_message(text))
    found: dict[str, list[float]] = {}
    for text in measured_texts:
        clock.seconds = {}
        began = time.perf_counter()
        loop.run_until_complete(agent.parse_message(text))
        for part, seconds in {**clock.seconds, "whole": time.perf_counter() - began}.items():
            found.setdefault(part, []).append(seconds * 1000)
    return {"importing": imported - started, "loading": loading, "messages": found}


def measured(*arguments: str, **environment: str) -> dict[str, Any]:
    """What a part of this benchmark found in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.understanding_speed", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, check=True, text=True, capture_output=True, env={**os.environ, **environment}
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def train_theirs(work: Path) -> dict[str, Any]:
    """Train Rasa's default pipeline for one epoch: the model and seconds."""
    from rasa.model_training import train_nlu

    folder = rasa_project(work, "theirs", default_pipeline(epochs=1))
    started = time.perf_counter()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    return {"model": model, "seconds": time.perf_counter() - started}


def own_folder(work: Path) -> dict[str, str]:
    """The settings under which our side keeps what it makes in a folder of its own."""
    return {"CLONUS_VECTORS_PATH": str(work / "vectors.db"), "CLONUS_MODELS_FOLDER": str(work / "models"),
            "CLONUS_LIBRARY_PATH": str(work / "library.db")}  # fmt: skip


def train_ours(work: Path, *more: str) -> float:
    """`clonus train`: seconds from its start to its end."""
    command = [sys.executable, "-m", "bot.cli", "train", *more]
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, **own_folder(work)}, stdout=sys.stderr)
    return time.perf_counter() - started


def table(ours: dict[str, Any], theirs: dict[str, Any], trained: dict[str, float], examples: int) -> str:
    """The figures as they stand in the docs."""

    def typical(found: dict[str, Any], part: str) -> str:
        numbers = found["messages"][part]
        return f"{np.median(numbers):.1f} ms ({np.percentile(numbers, 95):.1f})"

    def judged(value: float, aim: str) -> str:
        return f"{AIMS[aim]:g}: {'met' if value <= AIMS[aim] else 'not met'}"

    def median(part: str) -> float:
        return float(np.median(ours["messages"][part]))

    whole = [float(np.median(found["messages"]["whole"])) for found in (ours, theirs)]
    rows = [
        ("Sentence vectors of a message, for safety and understanding", "", typical(ours, "vectors"),
         judged(median("vectors"), "vectors")),
        ("Understanding it, on top", "", typical(ours, "understanding"),
         judged(median("understanding"), "understanding")),
        ("Screening it for danger, on top", "", typical(ours, "safety"), ""),
        (f"All of Rasa's reading of it (ours : theirs {whole[0] / whole[1]:.2f})", typical(theirs, "whole"),
         typical(ours, "whole"), ""),
        ("Importing Rasa", f"{theirs['importing']:.1f} s", f"{ours['importing']:.1f} s", ""),
        ("Loading what understands, on top", "", f"{ours['loading']['reader']:.1f} s",
         judged(ours["loading"]["reader"], "loading")),
        ("Loading everything: encoders, spaCy, the screen for dangers", f"{theirs['loading']['whole']:.1f} s",
         f"{ours['loading']['whole']:.1f} s", ""),
        ("Training again", f"{trained['theirs']:.0f} s for 1 of {DIET_EPOCHS} epochs", f"{trained['again']:.0f} s",
         judged(trained["again"], "training")),
        ("Training with everything solved anew", "the same", f"{trained['anew']:.0f} s",
         judged(trained["anew"], "training")),
    ]  # fmt: skip
    lines = ["| | Rasa's default pipeline | ours | aim |", "| --- | --- | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    count = len(ours["messages"]["whole"])
    return "\n".join(
        [
            *lines,
            "",
            f"{count} held-out messages of {WORDS} words, median (95th percentile); {examples} training examples. "
            f"OpenBLAS works as for {os.environ.get(CORE_TYPE, 'the processor it finds')}.",
        ]
    )


def main() -> None:
    """Measure from the command line."""
    be_quick()
    be_quiet()
    parser = argparse.ArgumentParser(description="Measure what understanding costs.")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/understanding.md")
    parser.add_argument("--train-theirs", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--ours", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.train_theirs:
        print(json.dumps(train_theirs(options.train_theirs)))
        return
    if options.read:
        print(json.dumps(read_messages(options.read, is_ours=options.ours)))
        return
    console = Console(width=160)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        prepare(work, 0)
        shutil.copyfile(settings().vectors_path, work / "vectors.db")  # the sentences are known, nothing else is
        anew = train_ours(work)
        again = train_ours(work, "--force")
        theirs_trained = measured("--train-theirs", str(work))
        examples = len(json.loads((work / "training.json").read_text(encoding="utf-8")))
        (model,) = (work / "models").glob("*.tar.gz")
        ours = measured("--read", str(model), "--ours", **own_folder(work), **ONE_CORE)
        theirs = measured("--read", theirs_trained["model"], **ONE_CORE)
    found = table(ours, theirs, {"anew": anew, "again": again, "theirs": theirs_trained["seconds"]}, examples)
    console.print(found, markup=False)
    if options.write:
        renew_sections(UNDERSTANDING_DOC, {"speed": found})
        console.print(f"Renewed the speed in {UNDERSTANDING_DOC.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
