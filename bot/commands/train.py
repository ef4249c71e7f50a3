"""`clonus train`: build the library and train the model, unless nothing has changed."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from contextlib import ExitStack

from rich.console import Console
from rich.status import Status

from bot.commands.steps import Step
from bot.model_files import model_is_fresh, newest_model, note_training
from bot.published import build_published, content_folder
from bot.settings import ROOT, settings
from bot.triage.table import TABLE_FILE, load_table
from bot.triage.wording import WORDING_FILE, load_wording
from knowledge.files import ContentError
from knowledge.red_flag_models import load_red_flags

TRAINING_STEP = re.compile(r"(Starting to train|Finished training) component '(\w+)'")
SENTENCES = re.compile(r"Read \d+ of \d+ new sentences")
"""How far the reading of example sentences is; only new ones are read, so it is long the first time only."""


def build_knowledge(console: Console) -> bool:
    """Build the library; False, with every problem printed, when the content has mistakes."""
    here = settings()
    try:
        built = build_published(here)
        table = load_table(content_folder(here) / TABLE_FILE.name)
        load_wording(table, content_folder(here) / WORDING_FILE.name)
        load_red_flags(content_folder(here) / "red_flags")
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


class DangerStep:
    """Learning what danger looks like, beside whatever else is done."""

    def __init__(self, console: Console, status: Status, many: int) -> None:
        """`many` is how many steps run side by side."""
        self._console, self._status = console, status
        self._step = Step("bot.safety.training", hear=self._heard, many=many)
        self.end = self._step.end

    def _heard(self, line: str) -> None:
        if far := SENTENCES.search(line):
            self._status.update(f"Learning what danger looks like ... {far.group()}")

    def succeeded(self) -> bool:
        """Wait for its end and tell what became of it, with the reason when it failed."""
        done = self._step.wait() == 0
        for line in self._step.lines:
            if not SENTENCES.search(line):
                self._console.print(line, style=None if done else "red", markup=False)
        return done


class ModelStep:
    """Training the model, naming each of its steps."""

    def __init__(self, console: Console, status: Status, many: int) -> None:
        """`many` is how many steps run side by side. Raises OSError when the model cannot be kept."""
        self._console, self._status = console, status
        self._started = time.monotonic()
        console.print("Training the model. This takes half a minute, the first time a few minutes.")
        folder = settings().models_folder
        folder.mkdir(parents=True, exist_ok=True)
        self._log = ROOT / "var" / "train.log"
        self._model = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.tar.gz"
        self._step = Step("bot.engine.training", str(self._model), hear=self._heard, log=self._log, many=many)
        self.end = self._step.end

    def _heard(self, line: str) -> None:
        if step := TRAINING_STEP.search(line):
            self._console.print(f"  {step.group(1)}: {step.group(2)}")
        elif far := SENTENCES.search(line):
            self._status.update(f"Training ... {far.group()}")

    def succeeded(self) -> bool:
        """Wait for its end and put the model in the place of others; False, with the reason printed, when it failed."""
        if self._step.wait() != 0 or not self._model.is_file():
            self._console.print(f"Training failed. The reason stands at the end of {self._log}", style="red")
            return False
        note_training(self._model)
        for old in self._model.parent.glob("*.tar.gz"):
            if old != self._model:
                old.unlink()
        self._console.print(f"Model trained in {time.monotonic() - self._started:.0f} s: {self._model.name}")
        return True


def run(force: bool = False) -> int:
    """Make knowledge base and model fit their files; the exit code."""
    console = Console(highlight=False)
    due = force or not model_is_fresh()
    many = 2 if due else 1
    with console.status("Training ...") as status, ExitStack() as steps:
        danger = DangerStep(console, status, many)  # needs no library, so it does not wait for one
        steps.callback(danger.end)
        if not build_knowledge(console):
            return 1
        training = None
        if due:
            training = ModelStep(console, status, many)
            steps.callback(training.end)
        if not danger.succeeded():
            return 1
        if training is not None:
            return 0 if training.succeeded() else 1
    model = newest_model()
    console.print(f"Model unchanged, reused: {model.name if model else ''}")
    return 0


def run_apart() -> int:
    """The same in a process of its own: the memory it takes is given back before the bot runs."""
    try:
        return subprocess.run([sys.executable, "-m", "bot.cli", "train"]).returncode
    except KeyboardInterrupt:
        return 1  # the training has heard it, too, and says so
