"""Checks the check-in's two content files together with everything they name in others."""

from __future__ import annotations

from pathlib import Path

from bot.triage.table import TABLE_FILE, load_table
from bot.triage.table_models import TriageTable
from bot.triage.wording import WORDING_FILE, load_wording
from knowledge.files import ContentError, Problem
from knowledge.topic_files import load_library


def check_in_problems(folder: Path) -> list[Problem]:
    """Every mistake in `triage.yml` and `interview.yml` of a content folder, each with file, line and meaning.

    Topics and sources are held against the library only when that has no mistakes of its own.
    """
    categories = {path.stem for path in (folder / "red_flags").glob("*.yml")}
    try:
        library = load_library(folder)
        topics, sources = set(library.topics), set(library.sources)
    except ContentError:
        topics, sources = None, None
    try:
        table = load_table(folder / TABLE_FILE.name, categories=categories, topics=topics, sources=sources)
    except ContentError as error:
        return [*error.problems, *_in_wording(folder, _without_neighbors(folder))]
    return _in_wording(folder, table)


def _without_neighbors(folder: Path) -> TriageTable | None:
    """The table alone, when only what it names in other files is missing."""
    try:
        return load_table(folder / TABLE_FILE.name)
    except ContentError:
        return None


def _in_wording(folder: Path, table: TriageTable | None) -> list[Problem]:
    """The mistakes of the wording; none can be told while there is no table to hold it against."""
    if table is None:
        return []
    try:
        load_wording(table, folder / WORDING_FILE.name)
    except ContentError as error:
        return list(error.problems)
    return []
