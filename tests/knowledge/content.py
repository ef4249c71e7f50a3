"""Small content folders for tests: valid topics as YAML, with chosen fields changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ANSWER = "\n\n".join(["You can put your foot down with care. Take your time and rest when you need to."] * 5)
"""80 words that are easy to read."""

QUESTION_KINDS = (
    "what is a {0}",
    "why do I have a {0}",
    "{0} help",
    "is my {0} bad",
    "my mum has a {0}",
    "can a {0} go away",
    "does a {0} hurt",
    "who treats a {0}",
    "how long does a {0} last",
    "tell me of a {0}",
    "{0} at night",
    "how to live with a {0}",
)


def topic_fields(slug: str, related: str, /, **changes: Any) -> dict[str, Any]:
    """A valid topic. A change to None takes the field away."""
    name = slug.replace("-", " ")
    fields = {
        "slug": slug,
        "title": f"About a {name}",
        "group": "about",
        "short": f"A {name} can feel odd. It is safe to sit down and rest.",
        "simple": "Sit down and rest.",
        "answer": ANSWER,
        "steps": ["Sit down.", "Rest your foot."],
        "cautions": ["Do not rush."],
        "questions": [kind.format(name) for kind in QUESTION_KINDS],
        "related": [related],
        "sources": ["a-book"],
        "reviewed": {"date": "2026-01-05", "by": "Content team", "due": "2027-01-05"},
        "status": "published",
        **changes,
    }
    return {key: value for key, value in fields.items() if value is not None}


def write_topic(
    folder: Path, slug: str, related: str, /, *, shelf: str = "about", name: str = "", **changes: Any
) -> Path:
    """Write a topic file under `folder`/topics/`shelf`; its path."""
    path = folder / "topics" / shelf / f"{name or slug}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = topic_fields(slug, related, **changes)
    path.write_text(yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")
    return path


def write_sources(
    folder: Path, text: str = "a-book: {title: A book, publisher: A press, verified: knowledge}\n"
) -> Path:
    """Write `folder`/sources.yml; its path."""
    path = folder / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def write_folder(folder: Path) -> Path:
    """A content folder in order: two topics, cold-toe and warm-heel, and one source."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sources(folder)
    write_topic(folder, "cold-toe", "warm-heel")
    write_topic(folder, "warm-heel", "cold-toe")
    return folder


def line_of(path: Path, start: str) -> int:
    """The 1-based number of the first line that starts with `start`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(start))
