"""The library is built whole or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import sqlite_utils

from knowledge.build import build_library, content_version, library_version
from knowledge.files import ContentError
from knowledge.library import LibraryReader
from knowledge.topic_files import load_library
from tests.knowledge.content import ANSWER, QUESTION_KINDS, write_folder, write_sources, write_topic


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the library goes; its folder does not exist yet."""
    return tmp_path / "var" / "knowledge.db"


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """The result of a query on a library."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def test_a_build_says_what_it_wrote(folder: Path, target: Path) -> None:
    built = build_library(folder, target)
    assert (built.path, built.topics, built.questions, built.fresh) == (target, 2, 24, True)
    assert built.version == content_version(load_library(folder)) == library_version(target)


def test_every_table_is_filled_in_the_order_of_the_files(folder: Path, target: Path) -> None:
    build_library(folder, target)
    assert rows(target, "select slug, title, topic_group, short, simple, answer, status from topics") == [
        ("cold-toe", "About a cold toe", "about", "A cold toe can feel odd. It is safe to sit down and rest.",
         "Sit down and rest.", ANSWER, "published"),
        ("warm-heel", "About a warm heel", "about", "A warm heel can feel odd. It is safe to sit down and rest.",
         "Sit down and rest.", ANSWER, "published"),
    ]  # fmt: skip
    assert (
        rows(target, "select reviewed_on, reviewed_by, review_due from topics")
        == [("2026-01-05", "Content team", "2027-01-05")] * 2
    )
    assert rows(target, "select * from steps") == [
        ("cold-toe", 0, "Sit down."), ("cold-toe", 1, "Rest your foot."),
        ("warm-heel", 0, "Sit down."), ("warm-heel", 1, "Rest your foot."),
    ]  # fmt: skip
    assert rows(target, "select * from cautions") == [("cold-toe", 0, "Do not rush."), ("warm-heel", 0, "Do not rush.")]
    assert rows(target, "select * from questions where topic = 'cold-toe'") == [
        ("cold-toe", position, kind.format("cold toe")) for position, kind in enumerate(QUESTION_KINDS)
    ]
    assert rows(target, "select * from related_topics") == [("cold-toe", 0, "warm-heel"), ("warm-heel", 0, "cold-toe")]
    assert rows(target, "select * from topic_sources") == [("cold-toe", 0, "a-book"), ("warm-heel", 0, "a-book")]
    assert rows(target, "select * from sources") == [("a-book", "A book", "A press", None, None, "knowledge", None)]
    assert rows(target, "select kind, count(*) from passages group by kind order by kind") == [
        ("answer", 10), ("question", 24), ("short", 2), ("title", 2),
    ]  # fmt: skip


def test_foreign_keys_are_declared_and_intact(folder: Path, target: Path) -> None:
    build_library(folder, target)
    database = sqlite_utils.Database(target)
    declared = {(key.table, key.column, key.other_table) for table in database.tables for key in table.foreign_keys}
    broken = list(database.query("PRAGMA foreign_key_check"))
    database.close()
    assert declared == {
        ("steps", "topic", "topics"),
        ("cautions", "topic", "topics"),
        ("questions", "topic", "topics"),
        ("related_topics", "topic", "topics"),
        ("related_topics", "related", "topics"),
        ("topic_sources", "topic", "topics"),
        ("topic_sources", "source", "sources"),
        ("passages", "topic", "topics"),
    }
    assert broken == []


def test_equal_content_has_the_same_version_wherever_it_stands(tmp_path: Path) -> None:
    first, second = write_folder(tmp_path / "one"), write_folder(tmp_path / "two")
    assert build_library(first, tmp_path / "1.db").version == build_library(second, tmp_path / "2.db").version


@pytest.mark.parametrize("changes", [{"simple": "Sit."}, {"status": "awaiting-sign-off"}, {"steps": ["Sit down."]}])
def test_any_change_gives_another_version(folder: Path, target: Path, changes: dict[str, object]) -> None:
    before = build_library(folder, target)
    write_topic(folder, "cold-toe", "warm-heel", **changes)
    after = build_library(folder, target)
    assert (after.version != before.version, after.fresh) == (True, True)


def test_an_unchanged_build_is_reused(folder: Path, target: Path) -> None:
    first = build_library(folder, target)
    written = target.stat()
    second = build_library(folder, target)
    assert (second.fresh, second.version, second.topics, second.questions) == (False, first.version, 2, 24)
    assert (target.stat().st_ino, target.stat().st_mtime_ns) == (written.st_ino, written.st_mtime_ns)


def test_a_build_can_be_forced(folder: Path, target: Path) -> None:
    build_library(folder, target)
    written = target.stat().st_ino
    assert build_library(folder, target, force=True).fresh
    assert target.stat().st_ino != written


def test_a_file_that_is_no_library_is_built_anew(folder: Path, target: Path) -> None:
    target.parent.mkdir()
    target.write_text("this is no database")
    assert library_version(target) is None
    assert build_library(folder, target).fresh
    assert list(LibraryReader(target).topics()) == ["cold-toe", "warm-heel"]


def test_a_content_mistake_leaves_the_old_library_untouched(folder: Path, target: Path) -> None:
    build_library(folder, target)
    before = target.read_bytes()
    write_topic(folder, "cold-toe", "warm-heel", answer="Too short.")
    with pytest.raises(ContentError):
        build_library(folder, target)
    assert target.read_bytes() == before
    assert [path.name for path in target.parent.iterdir()] == ["knowledge.db"]


def test_a_content_mistake_writes_nothing_where_there_was_nothing(folder: Path, target: Path) -> None:
    write_sources(folder, "a-book: {title: A book}\n")
    with pytest.raises(ContentError):
        build_library(folder, target)
    assert not target.parent.exists()


def test_a_build_leaves_no_unfinished_file(folder: Path, target: Path) -> None:
    build_library(folder, target)
    assert [path.name for path in target.parent.iterdir()] == ["knowledge.db"]


def test_an_open_reader_keeps_its_whole_library_while_a_new_one_is_swapped_in(folder: Path, target: Path) -> None:
    build_library(folder, target)
    reader = LibraryReader(target)
    write_topic(folder, "cold-toe", "warm-heel", simple="Put a sock on.")
    build_library(folder, target)
    assert reader.topics()["cold-toe"].simple == "Sit down and rest."
    assert LibraryReader(target).topics()["cold-toe"].simple == "Put a sock on."
    assert reader.word_scores("toe").keys() == {"cold-toe"}
    reader.close()


@pytest.mark.parametrize(("status", "shown"), [
    ("draft", False), ("retired", False), ("awaiting-sign-off", True), ("published", True),
])  # fmt: skip
def test_drafts_and_retired_topics_are_not_shown(folder: Path, target: Path, status: str, shown: bool) -> None:
    write_topic(folder, "cold-toe", "warm-heel", status=status)
    built = build_library(folder, target)
    reader = LibraryReader(target)
    assert ("cold-toe" in reader.topics(), built.topics) == (shown, 2 if shown else 1)
    assert ("cold-toe" in reader.word_scores("toe")) == shown
    assert reader.topics()["warm-heel"].related == (("cold-toe",) if shown else ())
    reader.close()
