"""`clonus train`: build the library and train the model, unless nothing has changed."""

from __future__ import annotations

import time

from rich.console import Console

from bot.model_files import model_is_fresh, newest_model, note_training
from bot.quiet import be_quiet, quiet_rasa_logs
from bot.settings import ROOT, settings
from knowledge.build import build_library
from knowledge.files import ContentError


def build_knowledge(console: Console) -> bool:
    """Build the library; False, with every problem printed, when the content has mistakes."""
    here = settings()
    try:
        built = build_library(here.knowledge_folder, here.library_path)
    except ContentError as error:
        for problem in error.problems:
            console.print(f"{problem}", style="red", markup=False)
        console.print(
            f"The knowledge base was not built: mend the {len(error.problems)} problem(s) above.", style="red"
        )
        return False
    state = "built" if built.fresh else "unchanged, reused"
    console.print(f"Knowledge base {state}: {built.topics} topics, {built.questions} questions.")
    return True


def train_model(console: Console) -> bool:
    """Train with Rasa; False, with the reason printed, when training failed."""
    be_quiet()
    started = time.monotonic()
    console.print("Training the model. This takes about a minute.")
    with console.status("Training ..."):
        import rasa

        quiet_rasa_logs()

        here = settings()
        here.models_folder.mkdir(parents=True, exist_ok=True)
        result = rasa.train(
            domain=str(ROOT / "domain"),
            config=str(ROOT / "config.yml"),
            training_files=[str(ROOT / "data")],
            output=str(here.models_folder),
            force_training=True,
        )
    model = newest_model()
    if result.code != 0 or result.model is None or model is None:
        console.print("Training failed; the messages above say why.", style="red")
        return False
    note_training(model)
    for old in here.models_folder.glob("*.tar.gz"):
        if old != model:
            old.unlink()
    console.print(f"Model trained in {time.monotonic() - started:.0f} s: {model.name}")
    return True


def run(force: bool = False) -> int:
    """Make knowledge base and model fit their files; the exit code."""
    console = Console(highlight=False)
    if not build_knowledge(console):
        return 1
    if not force and model_is_fresh():
        model = newest_model()
        console.print(f"Model unchanged, reused: {model.name if model else ''}")
        return 0
    return 0 if train_model(console) else 1
