"""Reading a built library."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from knowledge.build import build_library
from knowledge.library import LibraryMissing, LibraryReader, Passage, SourceEntry, TopicEntry
from tests.knowledge.content import ANSWER, QUESTION_KINDS, write_topic


@pytest.fixture
def library(folder: Path, tmp_path: Path) -> Path:
    """The small folder, built, with cold-toe speaking of stretches."""
    write_topic(folder, "cold-toe", "warm-heel", steps=["Stretch it."], simple="Rest.",
                short="Stretching can warm a cold toe.")  # fmt: skip
    return build_library(folder, tmp_path / "knowledge.db").path


def test_a_topic_comes_back_whole(library: Path) -> None:
    assert LibraryReader(library).topics()["cold-toe"] == TopicEntry(
        slug="cold-toe",
        title="About a cold toe",
        group="about",
        short="Stretching can warm a cold toe.",
        simple="Rest.",
        answer=ANSWER,
        steps=("Stretch it.",),
        cautions=("Do not rush.",),
        related=("warm-heel",),
        sources=(SourceEntry("a-book", "A book", "A press", None, None, "knowledge"),),
        reviewed_on="2026-01-05",
        reviewed_by="Content team",
        review_due="2027-01-05",
        status="published",
    )


def test_passages_are_title_short_answer_and_questions(library: Path) -> None:
    passages = [passage for passage in LibraryReader(library).passages() if passage.topic == "cold-toe"]
    assert passages == [
        Passage("cold-toe", "title", "About a cold toe"),
        Passage("cold-toe", "short", "Stretching can warm a cold toe."),
        *[Passage("cold-toe", "answer", paragraph) for paragraph in ANSWER.split("\n\n")],
        *[Passage("cold-toe", "question", kind.format("cold toe")) for kind in QUESTION_KINDS],
    ]


@pytest.mark.parametrize("word", ["stretching", "stretch", "stretches", "STRETCHED"])
def test_search_finds_a_word_by_its_stem(library: Path, word: str) -> None:
    assert LibraryReader(library).word_scores(word).keys() == {"cold-toe"}


def test_search_ranks_the_better_fit_higher(library: Path) -> None:
    scores = LibraryReader(library).word_scores("my warm heel feels odd")
    assert scores["warm-heel"] > scores["cold-toe"] > 0


@pytest.mark.parametrize("text", ["", "  ", "?!", "zebra", "😀"])
def test_search_finds_nothing_where_there_is_nothing(library: Path, text: str) -> None:
    assert LibraryReader(library).word_scores(text) == {}


@pytest.mark.parametrize(
    "text", ['heel" OR "toe', "heel AND NOT (toe", "heel*", "text:heel", "heel'; drop table topics", "NEAR(heel)"]
)
def test_search_reads_query_language_as_plain_words(library: Path, text: str) -> None:
    reader = LibraryReader(library)
    assert "warm-heel" in reader.word_scores(text)
    assert list(reader.topics()) == ["cold-toe", "warm-heel"]


def test_a_passage_can_be_left_out_of_the_search(library: Path) -> None:
    reader = LibraryReader(library)
    assert reader.word_scores("stretching", leave_out="Stretching can warm a cold toe.") == {}


def test_a_missing_library_says_how_to_build_it(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.db"
    with pytest.raises(LibraryMissing) as caught:
        LibraryReader(path)
    assert str(caught.value) == f"There is no knowledge base at {path}. Build it with: clonus knowledge build"
    assert not path.exists()


@pytest.mark.parametrize("content", [b"", b"this is no database, but it is long enough to look like one" * 20])
def test_a_file_that_is_no_library_says_how_to_build_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "knowledge.db"
    path.write_bytes(content)
    with pytest.raises(LibraryMissing) as caught:
        LibraryReader(path)
    assert str(caught.value).startswith(f"The file at {path} is not a knowledge base (")
    assert str(caught.value).endswith("Build it with: clonus knowledge build --force")
    assert path.read_bytes() == content


def test_a_database_without_a_version_is_no_library(tmp_path: Path) -> None:
    path = tmp_path / "knowledge.db"
    connection = sqlite3.connect(path)
    connection.execute("create table library (name text, value text)")
    connection.close()
    with pytest.raises(LibraryMissing):
        LibraryReader(path)


def test_a_reader_cannot_change_the_library(library: Path) -> None:
    reader = LibraryReader(library)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._database.execute("delete from topics")
