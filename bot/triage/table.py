"""Reads the decision table from `knowledge/triage.yml`.

A table that cannot be used fails to load, with the file, the line and the reason of every mistake in it, so that
neither the evaluator nor the proof ever sees one.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from bot.triage.table_checks import mistakes
from bot.triage.table_models import TriageTable
from knowledge.files import ContentError, load_yaml, parse_model

TABLE_FILE = Path(__file__).resolve().parents[2] / "knowledge" / "triage.yml"
"""Where the product's own table stands."""


def load_table(
    path: Path = TABLE_FILE,
    *,
    categories: Collection[str] | None = None,
    topics: Collection[str] | None = None,
    sources: Collection[str] | None = None,
) -> TriageTable:
    """Read and check a decision table.

    `categories`, `topics` and `sources` are the known warning-sign categories, topic slugs and source keys; each is
    checked only when given. Raises ContentError holding every mistake found, each with file, line and meaning.
    """
    document = load_yaml(path)
    table = parse_model(document, TriageTable)
    problems = list(mistakes(document, table, categories, topics, sources))
    if problems:
        raise ContentError(problems)
    return table
