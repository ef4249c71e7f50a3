"""Train a model, `python -m bot.engine.training MODEL`.

`rasa train` does the same, but copies all examples for forms of training data that are not used here, and keeps
checksums and copies of every step's result for a next training, which no step of ours could use.
"""

from __future__ import annotations

import dataclasses
import gc
import os
import sys
import tempfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from rasa.engine.constants import PLACEHOLDER_IMPORTER
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.recipe import Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.training.hooks import LoggingHook
from rasa.engine.validation import validate
from rasa.shared.core.domain import Domain
from rasa.shared.data import TrainingType
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.log_utils import configure_structlog

from bot.ending import end_at_once
from bot.interruptions import hear_interruptions
from bot.settings import ROOT


class ReadOnce(RasaFileImporter):
    """Gives the examples and the domain that it read when it was first asked: several steps of a training ask for
    them."""

    @cached_property
    def _examples(self) -> TrainingData:
        return super().get_nlu_data()

    @cached_property
    def _domain(self) -> Domain:
        return super().get_domain()

    def get_domain(self) -> Domain:
        """The domain, which no step of a training changes."""
        return self._domain

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """All examples; they are in one language."""
        return self._examples


def train(model: Path, root: Path = ROOT) -> None:
    """Train a model on the files of `root` and write it to the file `model`, all of it or nothing.

    The plan of the training is left out of the model: Rasa loads every part that a plan names, and with them
    TensorFlow, also where a model only answers. Raises a RasaException, which says what is wrong, for configuration
    or training data that Rasa cannot use, and OSError when the model cannot be written.
    """
    importer = ReadOnce(str(root / "config.yml"), str(root / "domain"), [str(root / "data")])
    given = importer.get_config()
    recipe = Recipe.recipe_for_name(given["recipe"])
    configuration = recipe.graph_config_for_recipe(given, {}, training_type=TrainingType.BOTH)
    validate(configuration)
    unfinished = model.with_suffix(".unfinished")
    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage(Path(folder))
        plan = configuration.train_schema
        DaskGraphRunner.create(
            graph_schema=plan,
            model_storage=storage,
            execution_context=ExecutionContext(plan),
            hooks=[LoggingHook(pruned_schema=plan)],
        ).run(inputs={PLACEHOLDER_IMPORTER: importer})
        answering = dataclasses.replace(configuration, train_schema=GraphSchema({}))
        try:
            storage.create_model_package(unfinished, answering, importer.get_domain())
            os.replace(unfinished, model)
        finally:
            unfinished.unlink(missing_ok=True)


def main(arguments: Sequence[str]) -> None:
    """Train the model that is named, with the steps in the log."""
    gc.disable()  # nothing that training makes goes in circles, and all of it goes with the process
    configure_logging_and_warnings()
    configure_structlog()
    train(Path(arguments[0]))


if __name__ == "__main__":
    hear_interruptions()
    main(sys.argv[1:])
    end_at_once(0)
