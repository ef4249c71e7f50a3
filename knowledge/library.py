"""Read the built library: topics with everything that belongs to them, and full-text search."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import sqlite_utils

COMMON_SHARE, COMMON_LEAST = 0.04, 50
"""A word that more than this share of the passages have, and more than so many, tells little of a topic, and takes long
to look up: it is left out of a search that has other words."""

REMEMBERED = 10_000
"""Words of which is remembered how many passages have them."""

LOCKED_SECONDS = 0.3
"""How long a library that another program locks is waited for: nobody's turn may wait longer."""


class LibraryMissing(Exception):
    """There is no readable library at the given path."""


def is_locked(error: BaseException | None) -> bool:
    """Whether an error came of another program's lock, which will be let go."""
    while error is not None:
        if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
            return True
        error = error.__cause__
    return False


@dataclass(frozen=True)
class SourceEntry:
    """One source as a patient sees it; `verified` and `note` are for those who check it."""

    slug: str
    title: str
    publisher: str
    year: int | None
    url: str | None
    verified: str = ""
    note: str | None = None


@dataclass(frozen=True)
class TopicEntry:
    """One topic with its steps, cautions, related topics and sources, in the order of its file."""

    slug: str
    title: str
    group: str
    short: str
    simple: str
    answer: str
    steps: tuple[str, ...]
    cautions: tuple[str, ...]
    related: tuple[str, ...]
    sources: tuple[SourceEntry, ...]
    reviewed_on: str
    reviewed_by: str
    review_due: str = ""
    status: str = ""


@dataclass(frozen=True)
class Passage:
    """A piece of a topic that a message is compared with: its title, short answer, a paragraph or a question."""

    topic: str
    kind: str
    text: str


class LibraryReader:
    """Read access to a built library file, as it is now: it is taken into memory whole (about a megabyte).

    So nothing that happens to the file later, a lock or a new library in its place, can hold up or spoil an answer.
    Raises LibraryMissing when `path` holds no library. The file is opened read-only, so a reader can never damage or
    create it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if not path.is_file():
            raise LibraryMissing(f"There is no knowledge base at {path}. Build it with: clonus knowledge build")
        try:
            self._database = sqlite_utils.Database(_in_memory(path))
            self._common = max(COMMON_LEAST, COMMON_SHARE * self._database["passages"].count)
            self._topic_of: dict[int, str] = {}
            self._rows_of: dict[str, set[int]] = defaultdict(set)
            for row in self._database.query("select id, topic, text from passages"):
                self._topic_of[row["id"]] = row["topic"]
                self._rows_of[row["text"]].add(row["id"])
            self._passages_with = lru_cache(maxsize=REMEMBERED)(self._count_passages_with)
            self.version: str = next(self._database.query("select value from library where name = 'version'"))["value"]
        except (sqlite3.Error, StopIteration) as error:
            raise LibraryMissing(
                f"The file at {path} is not a knowledge base ({error}). Build it with: clonus knowledge build --force"
            ) from error

    def close(self) -> None:
        """Release the memory."""
        self._database.close()

    def topics(self) -> dict[str, TopicEntry]:
        """Every topic by slug."""
        listed: dict[str, dict[str, list[str]]] = {}
        for table, column in (("steps", "text"), ("cautions", "text"), ("related_topics", "related")):
            listed[table] = defaultdict(list)
            for row in self._database.query(f"select topic, {column} as value from {table} order by topic, position"):
                listed[table][row["topic"]].append(row["value"])
        sources: dict[str, list[SourceEntry]] = defaultdict(list)
        for row in self._database.query(
            "select topic, s.slug, s.title, s.publisher, s.year, s.url, s.verified, s.note from topic_sources "
            "join sources s on s.slug = source order by topic, position"
        ):
            sources[row.pop("topic")].append(SourceEntry(**row))
        return {
            row["slug"]: TopicEntry(
                slug=row["slug"],
                title=row["title"],
                group=row["topic_group"],
                short=row["short"],
                simple=row["simple"],
                answer=row["answer"],
                steps=tuple(listed["steps"][row["slug"]]),
                cautions=tuple(listed["cautions"][row["slug"]]),
                related=tuple(listed["related_topics"][row["slug"]]),
                sources=tuple(sources[row["slug"]]),
                reviewed_on=row["reviewed_on"],
                reviewed_by=row["reviewed_by"],
                review_due=row["review_due"] or "",
                status=row["status"],
            )
            for row in self._database.query("select * from topics order by slug")
        }

    def fingerprints(self) -> dict[str, str]:
        """The fingerprint of every topic's content by slug: tells which edit of a topic is in this library."""
        return {row["slug"]: row["fingerprint"] for row in self._database.query("select slug, fingerprint from topics")}

    def passages(self) -> list[Passage]:
        """Every passage of every topic."""
        return [Passage(**row) for row in self._database.query("select topic, kind, text from passages order by id")]

    def word_scores(self, text: str, most: int = 60, leave_out: str | None = None) -> dict[str, float]:
        """How well the words of `text` fit each topic: the BM25 score of its best passage, above 0, higher is
        better. Topics without any of the words are left out, and so is the passage `leave_out`; words that very many
        passages have count only when there are no others."""
        held = {
            word: count for word in re.findall(r"[^\W_]+", text.casefold()) if (count := self._passages_with(word)) > 0
        }
        if not held:
            return {}
        telling = [word for word, count in held.items() if count <= self._common]
        query = " OR ".join(f'"{word}"' for word in telling or held)
        left_out = self._rows_of.get(leave_out or "", set())
        # what a row stands for is looked up here: a join would look it up for every row that has one of the words
        rows = self._database.query(
            "select rowid as row, -bm25(passages_fts) as score from passages_fts where passages_fts match ? "
            "order by bm25(passages_fts) limit ?",
            [query, most + len(left_out)],
        )
        scores: dict[str, float] = {}
        for row in [row for row in rows if row["row"] not in left_out][:most]:
            scores.setdefault(self._topic_of[row["row"]], row["score"])
        return scores

    def _count_passages_with(self, word: str) -> int:
        rows = self._database.query(
            "select count(*) as count from passages_fts where passages_fts match ?", [f'"{word}"']
        )
        return int(next(rows)["count"])


def _in_memory(path: Path) -> sqlite3.Connection:
    file = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=LOCKED_SECONDS, isolation_level=None)
    try:
        # a copy waits for a lock without end; a read that has begun waits LOCKED_SECONDS, and keeps others out
        file.execute("begin")
        file.execute("select count(*) from sqlite_master").fetchone()
        memory = sqlite3.connect(":memory:", check_same_thread=False)
        file.backup(memory)
        memory.execute("pragma query_only = on")
        return memory
    finally:
        file.close()
