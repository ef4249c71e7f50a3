"""What the safety screen costs a message, beside well-known parts doing only their own job in the same run.

    python -m benchmarks.safety            # show the figures
    python -m benchmarks.safety --write    # also renew them in docs/safety.md

Every message is one of the curated ones, never seen before in the run, so nothing is remembered. One core. Times are
processor time, at the median, so that a busy machine disturbs them little; the ratios compare within one run.
"""

from __future__ import annotations

import argparse
import platform
import random
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.evaluation.document import SAFETY_DOC, renew_sections
from bot.quiet import be_quiet
from bot.safety.curated import load_curated
from bot.safety.syntax import pipeline
from bot.settings import ROOT
from bot.shared import prepare_learned_view, safety_screen
from bot.understanding.encoder import SentenceEncoder

MESSAGES = 400
LENGTHS = (250, 500, 1000, 2500, 5000, 10_000, 20_000)
"""Characters of the long messages."""
MOST_RULES, MOST_BOTH = 5.0, 30.0
"""Milliseconds a message may cost at the median: rules alone, rules and vectors together."""


@dataclass(frozen=True)
class Cost:
    """Milliseconds a message: the median and the 95th of 100."""

    median: float
    most: float

    def __str__(self) -> str:
        return f"{self.median:.1f} ({self.most:.1f})"


def cost(work: Callable[[str], object], texts: Sequence[str]) -> Cost:
    """What `work` costs on each text."""
    seconds = []
    for text in texts:
        started = time.process_time()
        work(text)
        seconds.append(time.process_time() - started)
    return Cost(float(np.median(seconds) * 1000), float(np.percentile(seconds, 95) * 1000))


def story(length: int, messages: Sequence[str], rng: random.Random) -> str:
    """Harmless curated messages one after the other, `length` characters."""
    text = ""
    while len(text) < length:
        text += f"{rng.choice(messages).rstrip('.!?')}. "
    return text[:length]


def machine() -> str:
    """Processor, Python and commit, to put beside the figures."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), model)
    except OSError:
        pass  # not Linux: the plain name will do
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    return f"{model}, one core, Python {platform.python_version()}, commit `{commit or 'unknown'}`"


def measure() -> tuple[list[tuple[str, Cost, float]], list[tuple[int, Cost, Cost]]]:
    """(name, cost, ratio to the plain spaCy pipeline) of each part; (characters, rules, both) of long messages."""
    prepare_learned_view()
    whole = safety_screen()
    rules = whole.reviewed_by(None)
    encoder, nlp = SentenceEncoder(), pipeline()
    if nlp is None:
        raise RuntimeError("spaCy's pipeline is not there. Run: make setup")
    rng = random.Random(0)
    curated = load_curated(ROOT / "knowledge", ROOT / "data" / "nlu")
    harmless = [message.text for message in curated if message.category is None]
    texts = [message.text for message in curated]
    warm, chosen = texts[:20], rng.sample(texts[20:], MESSAGES)
    works: list[tuple[str, Callable[[str], object]]] = [
        ("spaCy's small English pipeline, `nlp(text)`", nlp),
        ("Sentence vector (both encoders), nothing remembered", lambda text: encoder.encode([text])),
        ("The rules", rules.screen),
        ("Rules and vectors together", whole.screen),
        ("… the same messages again (vectors remembered)", whole.screen),
    ]
    for _, work in works[:4]:
        for text in warm:
            work(text)
    costs = [(name, cost(work, chosen)) for name, work in works]
    parts = [(name, one, one.median / costs[0][1].median) for name, one in costs]
    long = []
    for length in LENGTHS:
        told = [story(length, harmless, rng) for _ in range(5)]
        long.append((length, cost(rules.screen, told), cost(whole.screen, told)))
    return parts, long


def markdown(parts: Sequence[tuple[str, Cost, float]], long: Sequence[tuple[int, Cost, Cost]]) -> str:
    """The tables as they stand in the docs."""
    lines = ["| Part | Milliseconds a message, median (95th) | spaCy = 1 |", "| --- | ---: | ---: |"]
    lines += [f"| {name} | {one} | {ratio:.2f} |" for name, one, ratio in parts]
    lines += [
        "",
        "| Characters | Rules, ms | … a thousand characters | Rules and vectors, ms |",
        "| ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {n:,} | {rules.median:.1f} | {rules.median / n * 1000:.1f} | {both.median:.1f} |" for n, rules, both in long
    ]
    return "\n".join([*lines, "", f"{MESSAGES} curated messages. {machine()}."])


def main() -> None:
    """Run the benchmark from the command line."""
    be_quiet()
    parser = argparse.ArgumentParser(description="What the safety screen costs a message.")
    parser.add_argument("--write", action="store_true", help="renew the figures in docs/safety.md")
    options = parser.parse_args()
    parts, long = measure()
    console = Console(width=140)
    table = Table("Part", "ms, median (95th)", "spaCy = 1")
    for name, one, ratio in parts:
        table.add_row(name, str(one), f"{ratio:.2f}")
    console.print(table)
    table = Table("Characters", "Rules, ms", "Rules and vectors, ms")
    for length, rules, both in long:
        table.add_row(f"{length:,}", str(rules), str(both))
    console.print(table)
    within = parts[2][1].median <= MOST_RULES and parts[3][1].median <= MOST_BOTH
    console.print(f"Limits ({MOST_RULES:g} and {MOST_BOTH:g} ms at the median): {'kept' if within else 'NOT kept'}")
    if options.write:
        renew_sections(SAFETY_DOC, {"cost": markdown(parts, long)})
        console.print(f"Renewed the cost in {SAFETY_DOC.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
