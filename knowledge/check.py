"""Check everything a patient may read, in every content file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.danger_words import danger_word_problems
from knowledge.files import ContentError, Problem
from knowledge.fixed_replies import hard_to_read
from knowledge.page_words import hard_to_read as page_hard_to_read
from knowledge.red_flag_models import load_red_flags
from knowledge.regions import load_regions
from knowledge.staff_answers import load_staff_answers
from knowledge.topic_files import editorial_problems, load_library


def all_problems(folder: Path) -> list[Problem]:
    """Every problem of the topics, sources, warning signs, regions, fixed replies, page words and ready answers of
    staff in `folder`.

    The check-in's table and wording are checked by bot/triage/content_check.py, with the same messages.
    """
    return [
        *_raised(lambda: load_library(folder)),
        *_raised(lambda: load_red_flags(folder / "red_flags")),
        *_raised(lambda: load_regions(folder / "regions.yml")),
        *_raised(lambda: hard_to_read(folder / "replies.yml")),
        *_raised(lambda: page_hard_to_read(folder / "page.yml")),
        *_raised(lambda: load_staff_answers(folder / "staff_answers.yml")),
        *danger_word_problems(folder),
        *editorial_problems(folder),
    ]


def _raised(load: Callable[[], object]) -> Iterator[Problem]:
    try:
        found = load()
    except ContentError as error:
        yield from error.problems
    else:
        if isinstance(found, list):
            yield from found
