"""Build the SQLite library that the bot reads, from the content files.

The library is written to a new file and swapped in by one rename, so a reader sees either the whole old
library or the whole new one.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlite_utils

from knowledge.models import Status, Topic
from knowledge.overlay import LeftOut, Overlay, laid_over, topic_fingerprint
from knowledge.topic_files import Library, load_library

SHOWN = (Status.AWAITING_SIGN_OFF, Status.PUBLISHED)
"""Statuses a patient may see."""

SCHEMA_VERSION = 2


@dataclass(frozen=True)
class Built:
    """What a build produced: `fresh` is False when the existing library already held this content.

    `left_out` are the published edits that could not be used.
    """

    path: Path
    topics: int
    questions: int
    version: str
    fresh: bool
    left_out: tuple[LeftOut, ...] = ()


def shown_content(folder: Path, overlay: Overlay | None = None) -> tuple[Library, tuple[LeftOut, ...]]:
    """What patients may see of `folder` with the published edits of `overlay` over it, and the edits left out.

    Raises knowledge.files.ContentError with every problem of the files. An edit raises nothing.
    """
    left_out: tuple[LeftOut, ...] = ()
    library = load_library(folder)
    if overlay is not None:
        library, left_out = laid_over(library, overlay(library))
    shown = {slug: topic for slug, topic in library.topics.items() if topic.status in SHOWN}
    return Library(shown, library.sources), left_out


def build_library(folder: Path, target: Path, *, force: bool = False, overlay: Overlay | None = None) -> Built:
    """Validate the content in `folder`, lay the published edits over it, and write the library to `target`.

    Nothing is written when the library at `target` already holds this content, unless `force`.
    Raises knowledge.files.ContentError, with every problem, before anything is written.
    """
    library, left_out = shown_content(folder, overlay)
    return write_library(library, target, force=force, left_out=left_out)


def write_library(library: Library, target: Path, *, force: bool = False, left_out: tuple[LeftOut, ...] = ()) -> Built:
    """Write what patients may see to `target`, unless it is there already and there is no need to `force` it."""
    count = len(library.topics)
    version = content_version(library)
    questions = sum(len(topic.questions) for topic in library.topics.values())
    if not force and library_version(target) == version:
        return Built(target, count, questions, version, False, left_out)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_ident()}.building")
    unfinished.unlink(missing_ok=True)
    try:
        database = sqlite_utils.Database(unfinished)
        try:
            with database.conn:
                _create_tables(database)
                _fill(database, library, version)
            database.table("passages").enable_fts(["text"], fts_version="FTS5", tokenize="porter unicode61")
            broken = list(database.query("PRAGMA foreign_key_check"))
            if broken:
                raise RuntimeError(f"the library has broken links: {broken[:3]}")
        finally:
            database.close()
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Built(target, count, questions, version, True, left_out)


def content_version(library: Library) -> str:
    """A short fingerprint of everything in the library: equal content, equal version."""
    content = {
        "schema": SCHEMA_VERSION,
        "topics": {slug: json.loads(topic.json()) for slug, topic in library.topics.items()},
        "sources": {slug: json.loads(source.json()) for slug, source in library.sources.items()},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]


def library_version(path: Path) -> str | None:
    """The content version of the library at `path`; None when there is none that can be read."""
    if not path.is_file():
        return None
    try:
        database = sqlite_utils.Database(path)
        try:
            row = next(database.query("select value from library where name = 'version'"), None)
        finally:
            database.close()
    except Exception:  # any unreadable file means: build it anew
        return None
    return row["value"] if row else None


def _create_tables(database: sqlite_utils.Database) -> None:
    text = str
    database.table("library").create({"name": text, "value": text}, pk="name")
    database.table("sources").create(
        {"slug": text, "title": text, "publisher": text, "year": int, "url": text, "verified": text, "note": text},
        pk="slug",
        not_null={"title", "publisher", "verified"},
    )
    database.table("topics").create(
        {
            "slug": text,
            "title": text,
            "topic_group": text,
            "short": text,
            "simple": text,
            "answer": text,
            "reviewed_on": text,
            "reviewed_by": text,
            "review_due": text,
            "status": text,
            "fingerprint": text,
        },
        pk="slug",
        not_null={
            "title",
            "topic_group",
            "short",
            "simple",
            "answer",
            "reviewed_on",
            "reviewed_by",
            "status",
            "fingerprint",
        },
    )
    for table in ("steps", "cautions", "questions"):
        database.table(table).create(
            {"topic": text, "position": int, "text": text},
            pk=("topic", "position"),
            foreign_keys=[("topic", "topics", "slug")],
            not_null={"text"},
        )
    database.table("related_topics").create(
        {"topic": text, "position": int, "related": text},
        pk=("topic", "position"),
        foreign_keys=[("topic", "topics", "slug"), ("related", "topics", "slug")],
    )
    database.table("topic_sources").create(
        {"topic": text, "position": int, "source": text},
        pk=("topic", "position"),
        foreign_keys=[("topic", "topics", "slug"), ("source", "sources", "slug")],
    )
    database.table("passages").create(
        {"id": int, "topic": text, "kind": text, "text": text},
        pk="id",
        foreign_keys=[("topic", "topics", "slug")],
        not_null={"kind", "text"},
    )


def _fill(database: sqlite_utils.Database, library: Library, version: str) -> None:
    database.table("library").insert_all(
        [
            {"name": "version", "value": version},
            {"name": "built_at", "value": datetime.now(timezone.utc).isoformat(timespec="seconds")},
        ]
    )
    database.table("sources").insert_all({"slug": slug, **source.dict()} for slug, source in library.sources.items())
    topics = list(library.topics.values())
    database.table("topics").insert_all(_topic_row(topic) for topic in topics)
    for table in ("steps", "cautions", "questions"):
        database.table(table).insert_all(
            {"topic": topic.slug, "position": position, "text": text}
            for topic in topics
            for position, text in enumerate(getattr(topic, table))
        )
    database.table("related_topics").insert_all(
        {"topic": topic.slug, "position": position, "related": related}
        for topic in topics
        for position, related in enumerate(related for related in topic.related if related in library.topics)
    )
    database.table("topic_sources").insert_all(
        {"topic": topic.slug, "position": position, "source": source}
        for topic in topics
        for position, source in enumerate(topic.sources)
    )
    database.table("passages").insert_all(passage for topic in topics for passage in _passages(topic))


def _topic_row(topic: Topic) -> dict[str, Any]:
    return {
        "slug": topic.slug,
        "title": topic.title,
        "topic_group": topic.group.value,
        "short": topic.short,
        "simple": topic.simple,
        "answer": topic.answer,
        "reviewed_on": topic.reviewed.date.isoformat(),
        "reviewed_by": topic.reviewed.by,
        "review_due": topic.reviewed.due.isoformat(),
        "status": topic.status.value,
        "fingerprint": topic_fingerprint(topic),
    }


def _passages(topic: Topic) -> Iterator[dict[str, str]]:
    """The pieces of a topic that a message is compared with."""
    yield {"topic": topic.slug, "kind": "title", "text": topic.title}
    yield {"topic": topic.slug, "kind": "short", "text": topic.short}
    for paragraph in topic.answer.split("\n\n"):
        yield {"topic": topic.slug, "kind": "answer", "text": " ".join(paragraph.split())}
    for question in topic.questions:
        yield {"topic": topic.slug, "kind": "question", "text": question}
