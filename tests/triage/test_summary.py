"""The summary in parts for text messages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from talking import interview

from bot.triage.decide import decide
from bot.triage.summary import SMALLEST_PART, parts, summary

PAGE = summary(interview().table, decide(interview().table, {"red-flags": "none", "knee": "locks-with-pain"}))


def test_a_summary_that_fits_is_one_part_without_a_number() -> None:
    assert parts("Short.", 160) == ("Short.",)


def test_parts_are_numbered_and_end_between_lines() -> None:
    text = "Problem\n- The knee locks back.\n- It hurts.\n\nLevel\nIn the next few days."
    assert parts(text, 50) == (
        "1/2 Problem\n- The knee locks back.\n- It hurts.",
        "2/2 Level\nIn the next few days.",
    )


def test_a_long_line_ends_between_sentences_then_between_words() -> None:
    assert parts("One two three four. Five six seven eight nine ten.", 40) == (
        "1/2 One two three four.",
        "2/2 Five six seven eight nine ten.",
    )


@given(st.text(st.sampled_from("ab .\n-?"), max_size=900), st.integers(SMALLEST_PART, 400))
def test_no_part_is_too_long_and_no_word_is_lost(text: str, size: int) -> None:
    found = parts(text, size)
    assert all(len(part) <= size for part in found)
    numbered = [re.sub(r"^\d+/\d+ ", "", part) for part in found] if len(found) > 1 else list(found)
    assert "".join("".join(numbered).split()) == "".join(text.split())


def test_the_summary_of_a_check_in_fits_into_text_messages() -> None:
    found = parts(PAGE, 320)
    assert found[0].startswith(f"1/{len(found)} Clonus check-in: summary for a visit")
    assert found[-1].endswith("Made from your own answers. It is not a diagnosis.")


def test_a_part_too_small_to_hold_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 40 characters"):
        parts("Some text", 10)
