"""The closed lists of words for what is said and asked below a danger, as knowledge/below_danger.yml has them."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, Extra

from bot.understanding.below_danger import BelowDanger
from bot.understanding.danger_questions import DangerQuestions
from knowledge.files import load_yaml, parse_model

FILE = "below_danger.yml"


class DangerLists(BaseModel):
    """What is said below a danger, and what is asked."""

    below_danger: BelowDanger
    danger_questions: DangerQuestions

    class Config:
        extra = Extra.forbid


def load_danger_lists(folder: Path) -> DangerLists:
    """The lists in `folder`. Raises knowledge.files.ContentError when the file is missing or malformed."""
    return parse_model(load_yaml(folder / FILE), DangerLists)
