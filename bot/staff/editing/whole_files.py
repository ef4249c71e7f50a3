"""Checks a file that is edited as a whole with the loader that will read it, before it can be published."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.staff.editing.items import RED_FLAGS
from bot.triage.content_check import check_in_problems
from knowledge.files import ContentError, Problem, load_yaml, parse_model
from knowledge.red_flag_models import load_red_flags
from knowledge.regions import Regions

NOT_NEEDED = shutil.ignore_patterns("*.py", "__pycache__", "messages")


def file_mistakes(folder: Path, name: str, text: str) -> list[str]:
    """What is wrong with `text` as the file `name` of the content folder: line and reason. The others are as they are.

    Mistakes that stand in other files are told too when the text brings them about.
    """
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "content"
        shutil.copytree(folder, copy, ignore=NOT_NEEDED)
        before = set(_told(copy, name))
        (copy / name).write_text(text, encoding="utf-8")
        return [told for told in _told(copy, name) if told not in before or told.startswith(f"{name},")]


def _told(folder: Path, name: str) -> list[str]:
    return [
        f"{problem.path.relative_to(folder)}, line {problem.line}: {problem.message}"
        for problem in _problems(folder, name)
    ]


def _problems(folder: Path, name: str) -> Sequence[Problem]:
    if name.startswith(RED_FLAGS):
        from bot.safety.content_check import phrase_problems  # with spaCy, which the console loads only when needed

        found = _raised(lambda: load_red_flags(folder / RED_FLAGS))
        return [*found, *phrase_problems(folder / RED_FLAGS), *check_in_problems(folder)]
    if name == "regions.yml":
        # read past the loader's memory: this file is there for a moment only
        return _raised(lambda: parse_model(load_yaml(folder / name), Regions))
    return check_in_problems(folder)


def _raised(load: Callable[[], object]) -> list[Problem]:
    try:
        load()
    except ContentError as error:
        return error.problems
    return []
