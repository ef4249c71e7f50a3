"""`clonus train`: build the library and train the model, unless nothing has changed."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import time

from rich.console import Console
from rich.status import Status

from bot.model_files import model_is_fresh, newest_model, note_training
from bot.published import build_published, content_folder
from bot.settings import ROOT, settings
from bot.triage.table import TABLE_FILE, load_table
from bot.triage.wording import WORDING_FILE, load_wording
from knowledge.files import ContentError

TRAINING_STEP = re.compile(r"(Starting to train|Finished training) component '(\w+)'")
SENTENCES = re.compile(r"Read \d+ of \d+ new sentences")
"""How far the reading of example sentences is; only new ones are read, so it is long the first time only."""


class ProgressShown(logging.Handler):
    """Shows how far the reading of example sentences is while something in this process waits for it."""

    def __init__(self, status: Status) -> None:
        super().__init__(logging.INFO)
        self._status = status

    def emit(self, record: logging.LogRecord) -> None:
        """Show one message of progress."""
        self._status.update(record.getMessage())


def build_knowledge(console: Console) -> bool:
    """Build the library; False, with every problem printed, when the content has mistakes."""
    here = settings()
    try:
        built = build_published(here)
        table = load_table(content_folder(here) / TABLE_FILE.name)
        load_wording(table, content_folder(here) / WORDING_FILE.name)
    except ContentError as error:
        for problem in error.problems:
            console.print(f"{problem}", style="red", markup=False)
        console.print(
            f"The knowledge base was not built: mend the {len(error.problems)} problem(s) above.", style="red"
        )
        return False
    for edit in built.left_out:
        console.print(str(edit), style="red", markup=False)
    state = "built" if built.fresh else "unchanged, reused"
    console.print(f"Knowledge base {state}: {built.topics} topics, {built.questions} questions.")
    return True


def prepare_danger_view(console: Console) -> bool:
    """Learn what danger looks like from the curated messages; False, with the reason printed, when that failed."""
    from bot.shared import prepare_learned_view
    from bot.understanding import vector_cache
    from bot.understanding.encoder import EncoderBroken

    with console.status("Learning what danger looks like ...") as status:
        shown, level = ProgressShown(status), vector_cache.logger.level
        vector_cache.logger.addHandler(shown)
        vector_cache.logger.setLevel(logging.INFO)
        try:
            fresh = prepare_learned_view()
        except (ContentError, EncoderBroken, OSError) as error:
            console.print(f"{error}", style="red", markup=False)
            return False
        finally:
            vector_cache.logger.removeHandler(shown)
            vector_cache.logger.setLevel(level)
    console.print("Danger messages learned." if fresh else "Danger messages unchanged, reused.")
    return True


def train_model(console: Console) -> bool:
    """Train in a process of its own, naming each step; False, with the reason printed, when training failed."""
    folder = settings().models_folder
    started = time.monotonic()
    console.print("Training the model. This takes half a minute, the first time a few minutes.")
    log = ROOT / "var" / "train.log"
    log.parent.mkdir(exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.tar.gz"
    command = [sys.executable, "-m", "bot.engine.training", str(model)]
    with (
        log.open("w", encoding="utf-8") as kept,
        console.status("Training ...") as status,
        subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as training,
    ):
        for line in training.stdout or ():
            kept.write(line)
            step = TRAINING_STEP.search(line)
            if step:
                console.print(f"  {step.group(1)}: {step.group(2)}")
            elif far := SENTENCES.search(line):
                status.update(f"Training ... {far.group()}")
    if training.returncode != 0 or not model.is_file():
        console.print(f"Training failed. The reason stands at the end of {log}", style="red")
        return False
    note_training(model)
    for old in folder.glob("*.tar.gz"):
        if old != model:
            old.unlink()
    console.print(f"Model trained in {time.monotonic() - started:.0f} s: {model.name}")
    return True


def run(force: bool = False) -> int:
    """Make knowledge base and model fit their files; the exit code."""
    console = Console(highlight=False)
    if not build_knowledge(console):
        return 1
    if not prepare_danger_view(console):
        return 1
    if not force and model_is_fresh():
        model = newest_model()
        console.print(f"Model unchanged, reused: {model.name if model else ''}")
        return 0
    return 0 if train_model(console) else 1


def run_apart() -> int:
    """The same in a process of its own: the memory it takes is given back before the bot runs."""
    try:
        return subprocess.run([sys.executable, "-m", "bot.cli", "train"]).returncode
    except KeyboardInterrupt:
        return 1  # the training has heard it, too, and says so
