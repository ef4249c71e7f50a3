"""Renewing the marked sections of a document."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.document import UNDERSTANDING_DOC, SectionMissing, renew_sections, renewed, section

PAGE = "Before.\n<!-- figures: one -->\n\nold\n\n<!-- end -->\nBetween.\n<!-- figures: two -->\n<!-- end -->\nAfter.\n"


def test_only_the_marked_sections_change() -> None:
    assert renewed(PAGE, {"one": "| new |", "two": "\\1 stays as it is"}) == (
        "Before.\n<!-- figures: one -->\n\n| new |\n\n<!-- end -->\nBetween.\n"
        "<!-- figures: two -->\n\n\\1 stays as it is\n\n<!-- end -->\nAfter.\n"
    )


def test_what_a_section_holds_can_be_read() -> None:
    assert section(PAGE, "one") == "old"
    with pytest.raises(SectionMissing, match='"three" were not found'):
        section(PAGE, "three")


def test_renewing_twice_changes_nothing_more() -> None:
    once = renewed(PAGE, {"one": "new"})
    assert renewed(once, {"one": "new"}) == once


def test_a_missing_section_leaves_the_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text(PAGE)
    with pytest.raises(SectionMissing, match='"three" were found 0 times'):
        renew_sections(path, {"one": "new", "three": "new"})
    assert path.read_text() == PAGE


def test_the_docs_have_every_section_that_is_written() -> None:
    names = ["comparison", "summary", "styles", "topic-confusions", "kinds", "calibration", "intents",
             "intent-confusions", "in-conversation", "learning-curve"]  # fmt: skip
    renewed(UNDERSTANDING_DOC.read_text(encoding="utf-8"), dict.fromkeys(names, "new"))
