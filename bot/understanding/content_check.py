"""Mistakes in the chosen sentences that only show beside the topics, with file, line and meaning."""

from __future__ import annotations

from pathlib import Path

from bot.understanding.sentences import sentences_of
from bot.understanding.thresholds import DETAILS_FILE, load_thresholds
from knowledge.files import ContentError, Problem, load_yaml
from knowledge.topic_files import load_library


def chosen_problems(folder: Path) -> list[Problem]:
    """Everything wrong with the sentences of `folder`/details.yml: each must stand, word for word, in its topic."""
    try:
        chosen = load_thresholds(folder / "understanding.yml").details.chosen
    except ContentError as error:
        return error.problems
    try:
        topics = load_library(folder).topics
    except ContentError:
        return []  # told where the topics are checked
    if not chosen:
        return []
    document = load_yaml(folder / DETAILS_FILE)
    problems: list[Problem] = []
    for slug, sentences in chosen.items():
        if slug not in topics:
            problems.append(document.problem(f"there is no topic called '{slug}'", slug))
            continue
        told = {sentence.text for sentence in sentences_of(topics[slug])}
        problems += [
            document.problem(f"this is no sentence of the topic '{slug}': {text}", slug, kind)
            for kind, text in sentences.items()
            if text not in told
        ]
    return problems
