"""How far phrasings carry: the reader trained on fewer of each topic's questions, measured on the held-out messages.

    .venv/bin/python -m benchmarks.learning_curve            # a few minutes; --write renews docs/understanding.md

The questions of a topic are drawn at random, the fewer always among the more. Everything else stays: the examples of
`data/nlu`, the topics' answers, the encoders.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from benchmarks.systems import copy_content, ours, training_examples, write_training
from benchmarks.understanding import Outcome, area_under_curve, read_held_out, row_of
from bot.evaluation.document import UNDERSTANDING_DOC, renew_sections
from bot.evaluation.held_out import HELD_OUT
from bot.evaluation.plots import LEARNING_CURVE, draw_learning_curve
from bot.evaluation.tables import Figures, share_with_interval
from bot.quiet import be_quiet
from bot.settings import settings
from bot.shared import sentence_encoder
from knowledge.build import build_library

QUESTIONS = (12, 25, 50, 100)


def prepare_fewer(work: Path, questions: int) -> int:
    """Build a library whose topics have at most so many questions, and the training examples that go with it.

    Returns how many examples there are.
    """
    content = work / "content"
    copy_content(content, questions)
    build_library(content, work / "knowledge.db")
    (work / "cache").mkdir()
    shutil.copyfile(settings().vectors_path, work / "cache" / "v.db")
    pairs = training_examples(work / "knowledge.db")
    write_training(work, pairs)
    return len(pairs)


def measure(questions: int) -> tuple[int, Outcome]:
    """Train on at most so many questions a topic, and read every held-out message: (examples, outcome)."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        examples = prepare_fewer(work, questions)
        trained = ours(work, encoder=sentence_encoder())
        return examples, read_held_out("ours", trained, 0.0, HELD_OUT)


def table(numbers: Sequence[int], found: Sequence[tuple[int, Outcome]]) -> Figures:
    """The curve as a table."""
    rows = []
    for number, (examples, outcome) in zip(numbers, found, strict=True):
        row = row_of(outcome)
        total = len(outcome.topics)
        rows.append((
            str(number), str(examples), share_with_interval(round(row.first * total), total),
            share_with_interval(round(row.first_three * total), total), f"{row.refused[0.95] * 100:.1f} %",
            f"{row.curve:.3f}",
        ))  # fmt: skip
    headings = ("Phrasings a topic, at most", "Examples in all", "Right topic first", "In first three",
                "Out of scope refused, 95 % of topics answered", "Area under curve")  # fmt: skip
    return Figures("learning-curve", "How far phrasings carry", headings, rows)


def main() -> None:
    """Draw the curve from the command line."""
    be_quiet()
    parser = argparse.ArgumentParser(description="How far phrasings carry.")
    parser.add_argument("--write", action="store_true", help="renew the table and the plot of docs/understanding.md")
    options = parser.parse_args()
    found: list[tuple[int, Outcome]] = []
    for number in QUESTIONS:
        found.append(measure(number))
        figures = table(QUESTIONS[: len(found)], found)
        Console(width=160).print(figures.as_rich())
    if options.write:
        picture = f"![Held-out messages understood, by the number of phrasings a topic](plots/{LEARNING_CURVE})"
        renew_sections(UNDERSTANDING_DOC, {figures.name: f"{figures.as_markdown()}\n\n{picture}"})
        draw_learning_curve({
            number: (
                row_of(outcome).first,
                row_of(outcome).first_three,
                area_under_curve([r["about"] for r in outcome.topics], [r["about"] for r in outcome.out_of_scope]),
            )
            for number, (_, outcome) in zip(QUESTIONS, found, strict=True)
        })  # fmt: skip


if __name__ == "__main__":
    main()
