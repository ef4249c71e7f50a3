"""Mistakes in the danger content that only show when its phrases are compiled, with file, line and meaning."""

from __future__ import annotations

from pathlib import Path

from bot.safety.foreign import loosely
from bot.safety.phrases import PhraseError
from bot.safety.rules import RulesView
from knowledge.files import ContentError, Problem
from knowledge.red_flag_models import load_red_flags


def phrase_problems(folder: Path) -> list[Problem]:
    """Every phrase of the danger content in `folder` that cannot be read. Content with other mistakes has none here:
    those are told where it is loaded."""
    try:
        RulesView(load_red_flags(folder), mend_spelling=False).compile_all()
    except ContentError:
        return []
    except PhraseError as error:
        return [
            Problem(*_place(folder, phrase), f"cannot read the phrase '{phrase}': {why}")
            for phrase, why in error.phrases
        ]
    return []


def _place(folder: Path, phrase: str) -> tuple[Path, int]:
    """Where a phrase stands; the folder's beginning when no line holds it as it is."""
    for path in sorted(folder.rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if phrase in line or loosely(line.strip().removeprefix("- ").strip("\"'")) == phrase:
                return path, number
    return folder, 1
