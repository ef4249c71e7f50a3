"""Compare ways of understanding a message: the same training data, the same held-out messages, one run.

    python -m benchmarks.understanding                    # everything; Rasa's default pipeline takes most of the time
    python -m benchmarks.understanding --most 0           # on all examples; Rasa's pipeline then takes hours
    python -m benchmarks.understanding --without diet     # the rest, in a few minutes
    python -m benchmarks.understanding --write            # also renew the table in docs/understanding.md

Every topic of the library is a class whose examples are its questions and its title, and every intent of `data/nlu` is
a class, apart from `ask_question` and `report_problem`: those two say how something is asked, not what about, and their
examples would compete with the topics'. Each system runs in a process of its own with at most two threads.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.systems import DIET_EPOCHS, INTENT, SYSTEMS, TOPIC, Trained, prepare, read_training
from bot.evaluation.held_out import LabelledMessage, load_intents, load_out_of_scope, load_topics
from bot.evaluation.intervals import wilson
from bot.processor import be_quick
from bot.quiet import be_quiet
from bot.settings import ROOT
from knowledge.library import LibraryReader

THREADS = "2"
MOST_EXAMPLES = 25
"""Of every class, so that Rasa's default pipeline learns its 100 epochs in less than an hour: its time grows faster
than the examples."""

RESULTS = ROOT / "var" / "benchmarks" / "understanding.json"


@dataclass
class Outcome:
    """What one system made of the held-out messages."""

    system: str
    training_seconds: float
    training_cpu_seconds: float
    load_seconds: float
    milliseconds: float
    milliseconds_p95: float
    peak_megabytes: float
    note: str
    topics: list[dict[str, Any]] = field(default_factory=list)
    """For every topic message: the first three topics, the chance that it is about any topic, the likeliest class, and
    what was right. The next two hold the same."""
    out_of_scope: list[dict[str, Any]] = field(default_factory=list)
    intents: list[dict[str, Any]] = field(default_factory=list)


def measure(system: str, work: Path, epochs: int) -> Outcome:
    """Train one system, read every held-out message with it, and say what came out."""
    cpu = time.process_time()
    trained = SYSTEMS[system][1](work, epochs)
    return read_held_out(system, trained, time.process_time() - cpu, work / "held_out")


def read_held_out(system: str, trained: Trained, cpu: float, folder: Path) -> Outcome:
    """Read every held-out message of a folder with a trained system; `cpu`: seconds that its training took."""
    seconds: list[float] = []
    trained.probabilities("warm up")

    def read(message: LabelledMessage) -> dict[str, Any]:
        started = time.perf_counter()
        chances = trained.probabilities(message.text)
        seconds.append(time.perf_counter() - started)
        ranked = sorted(chances, key=lambda label: -chances[label])
        topics = [label[len(TOPIC) :] for label in ranked if label.startswith(TOPIC)]
        return {
            "topics": topics[:3],
            "about": float(sum(chance for label, chance in chances.items() if label.startswith(TOPIC))),
            "class": ranked[0],
            "right": list(message.right),
        }

    outcome = Outcome(
        system, trained.training_seconds, cpu, trained.load_seconds, 0.0, 0.0, 0.0, trained.note,
        [read(message) for message in load_topics(folder / "topics.jsonl")],
        [read(message) for message in load_out_of_scope(folder / "out_of_scope.jsonl")],
        [read(message) for message in load_intents(folder / "intents.jsonl")],
    )  # fmt: skip
    outcome.milliseconds = float(np.median(seconds) * 1000)
    outcome.milliseconds_p95 = float(np.percentile(seconds, 95) * 1000)
    outcome.peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return outcome


def refused_at(about_in: Sequence[float], about_out: Sequence[float], accepted: float) -> tuple[int, float]:
    """How many of `about_out` fall below the threshold at which the share `accepted` of `about_in` is reached.

    The threshold is the quantile of each system's own scores on the in-scope messages, so every system answers the same
    share of them and the refusals can be compared. Returns (refused, threshold).
    """
    threshold = float(np.quantile(np.asarray(about_in), 1.0 - accepted))
    return int((np.asarray(about_out) < threshold).sum()), threshold


def area_under_curve(about_in: Sequence[float], about_out: Sequence[float]) -> float:
    """The chance that an in-scope message scores above an out-of-scope one: 0.5 is guessing, 1 is perfect."""
    inside, outside = np.asarray(about_in)[:, None], np.asarray(about_out)[None, :]
    return float((inside > outside).mean() + 0.5 * (inside == outside).mean())


@dataclass(frozen=True)
class Row:
    """The figures of one system as the table shows them; shares are from 0 to 1."""

    name: str
    first: float
    first_interval: tuple[float, float]
    first_three: float
    refused: dict[float, float]
    curve: float
    intents: float
    outcome: Outcome


ACCEPTED = (0.95, 0.98)
"""Shares of the in-scope messages that every system answers while its refusals are counted."""


def row_of(outcome: Outcome) -> Row:
    """The figures of one system."""
    total = len(outcome.topics)
    first = sum(read["topics"][0] in read["right"] for read in outcome.topics)
    three = sum(bool(set(read["topics"]) & set(read["right"])) for read in outcome.topics)
    inside = [read["about"] for read in outcome.topics]
    outside = [read["about"] for read in outcome.out_of_scope]
    right = sum(read["class"] == INTENT + read["right"][0] for read in outcome.intents)
    return Row(
        SYSTEMS[outcome.system][0], first / total, wilson(first, total), three / total,
        {share: refused_at(inside, outside, share)[0] / len(outside) for share in ACCEPTED},
        area_under_curve(inside, outside), right / len(outcome.intents), outcome,
    )  # fmt: skip


HEADINGS = (
    "System", "Right topic first (95 % interval)", "In first three",
    *(f"Out of scope refused, {share:.0%} of topics answered" for share in ACCEPTED), "Area under curve",
    "Intents right", "Training, s (CPU s)", "Loading, s", "A message, ms (95th)", "Memory, MB", "Note",
)  # fmt: skip


def cells(row: Row) -> list[str]:
    """One row of the table, as text."""
    low, high = row.first_interval
    out = row.outcome
    # a part taken away starts from the vectors that the whole has kept, so its cost says nothing
    cost = [""] * 4 if row.name.startswith("…") else [
        f"{out.training_seconds:.0f} ({out.training_cpu_seconds:.0f})", f"{out.load_seconds:.1f}",
        f"{out.milliseconds:.1f} ({out.milliseconds_p95:.1f})", f"{out.peak_megabytes:.0f}",
    ]  # fmt: skip
    return [
        row.name, f"{row.first:.1%} ({low * 100:.1f}–{high * 100:.1f})", f"{row.first_three:.1%}",
        *(f"{row.refused[share]:.1%}" for share in ACCEPTED), f"{row.curve:.3f}", f"{row.intents:.1%}", *cost, out.note,
    ]  # fmt: skip


EARLIER = "earlier run"


def markdown(rows: Sequence[Row], training: str, before: str = "") -> str:
    """The table as it stands in the docs. Systems that were not run keep their line of the table `before`, with a note
    of what it was trained on."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    lines += kept_lines(before, {row.name for row in rows})
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join([*lines, "", f"{training}."])


def kept_lines(before: str, run: Collection[str]) -> list[str]:
    """The lines of systems that are not among those `run`, marked as what they are: of an earlier run."""
    lines = [line for line in before.splitlines() if line.startswith("| ")][1:]
    told = next((line.rstrip(".") for line in before.splitlines() if "training examples" in line), "")
    kept = [line for line in lines if line.split("|")[1].strip() not in {*run, "---"}]
    return [line if EARLIER in line else f"{line.rstrip(' |')}, {EARLIER}: {told} |" for line in kept]


@contextmanager
def working_folder(kept: Path | None) -> Iterator[Path]:
    """A folder for the copies and models of this run, removed afterwards unless it was named."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def run_all(
    chosen: Sequence[str], epochs: int, most: int, kept: Path | None, console: Console
) -> tuple[list[Outcome], str]:
    """Measure every chosen system in a process of its own: (outcomes, what they were trained on).

    With a folder `kept`, its copy of the training data is used again and what it already measured is not repeated.
    """
    outcomes: list[Outcome] = []
    with working_folder(kept) as work:
        if not (work / "training.json").is_file():
            prepare(work, most)
        library = LibraryReader(work / "knowledge.db")
        version = library.version
        library.close()
        examples = len(read_training(work)[0])
        threads = {"OMP_NUM_THREADS": THREADS, "OPENBLAS_NUM_THREADS": THREADS,
                   "TF_INTRA_OP_PARALLELISM_THREADS": THREADS, "TF_INTER_OP_PARALLELISM_THREADS": "1"}  # fmt: skip
        for system in track(chosen, description="Measuring", console=console):
            result = work / f"{system}.result.json"
            if not result.is_file():
                subprocess.run(
                    [sys.executable, "-m", "benchmarks.understanding", "--one", system, "--work", str(work),
                     "--epochs", str(epochs)],
                    cwd=ROOT, check=True, env={**os.environ, **threads},
                )  # fmt: skip
            outcomes.append(Outcome(**json.loads(result.read_text(encoding="utf-8"))))
    share = f", at most {most} of a class" if most else ""
    return outcomes, f"{examples} training examples{share}, library version `{version}`"


def main() -> None:
    """Run the comparison from the command line."""
    be_quick()
    be_quiet()
    parser = argparse.ArgumentParser(description="Compare ways of understanding a message.")
    parser.add_argument("--without", nargs="*", choices=SYSTEMS, default=[], help="systems to leave out")
    parser.add_argument("--epochs", type=int, default=DIET_EPOCHS, help="epochs of DIET")
    parser.add_argument("--most", type=int, default=MOST_EXAMPLES, help="examples of a class at most; 0: all")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/understanding.md")
    parser.add_argument("--show", action="store_true", help="show the last run again instead of running")
    parser.add_argument(
        "--work", type=Path, help="keep copies and results here; a second start goes on where it stopped"
    )
    parser.add_argument("--one", choices=SYSTEMS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        outcome = measure(options.one, options.work, options.epochs)
        path = options.work / f"{options.one}.result.json"
        path.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        return
    console = Console(width=200)
    if options.show:
        kept = json.loads(RESULTS.read_text(encoding="utf-8"))
        outcomes, training = [Outcome(**o) for o in kept["outcomes"]], kept["training"]
    else:
        chosen = [system for system in SYSTEMS if system not in options.without]
        outcomes, training = run_all(chosen, options.epochs, options.most, options.work, Console(stderr=True))
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        kept = {"training": training, "outcomes": [asdict(outcome) for outcome in outcomes]}
        RESULTS.write_text(json.dumps(kept), encoding="utf-8")
    rows = [row_of(outcome) for outcome in outcomes]
    table = Table(*HEADINGS, title=training)
    for row in rows:
        table.add_row(*cells(row))
    console.print(table)
    if options.write:
        from bot.evaluation.document import UNDERSTANDING_DOC, renew_sections, section

        before = section(UNDERSTANDING_DOC.read_text(encoding="utf-8"), "comparison")
        renew_sections(UNDERSTANDING_DOC, {"comparison": markdown(rows, training, before)})
        console.print(f"Renewed the comparison in {UNDERSTANDING_DOC.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
