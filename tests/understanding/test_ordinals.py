"""Which of several choices a person means."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.understanding.ordinals import chosen_number, means_other, only_chosen, typed_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1), ("2.", 2), ("number 3", 3), ("one", 1), ("One please", 1), ("the first", 1), ("2nd", 2),
        ("the second one", 2), ("the third one please", 3), ("option two", 2), ("the last one", 3), ("last", 3),
        ("3 3", 3),
    ],
)  # fmt: skip
def test_a_number_or_an_ordinal_names_a_choice(text: str, number: int) -> None:
    assert chosen_number(text, 3) == number


@pytest.mark.parametrize(
    "text", ["", "yes", "0", "4", "fourth", "1 or 2", "the first and the third", "-", "12", "someone"]
)
def test_no_number_too_high_a_number_or_several_name_none(text: str) -> None:
    assert chosen_number(text, 3) is None


@pytest.mark.parametrize("text", ["1", "one", "last"])
def test_without_choices_nothing_is_chosen(text: str) -> None:
    assert chosen_number(text, 0) is None


@given(st.text(), st.integers(0, 9))
@example("²", 3)
@example("9" * 5000, 3)
def test_any_text_names_a_choice_that_was_there_or_none(text: str, choices: int) -> None:
    assert chosen_number(text, choices) in {None, *range(1, choices + 1)}


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("the second one", 2), ("option 3", 3), ("last", 3)])
def test_a_choice_and_nothing_else(text: str, number: int) -> None:
    assert only_chosen(text, 3) == number


@pytest.mark.parametrize("text", ["about 2 minutes ago", "2 of them", "it was the first time", "no"])
def test_a_number_among_other_words_is_no_choice(text: str) -> None:
    assert only_chosen(text, 3) is None


@pytest.mark.parametrize(("text", "number"), [("2", 2), ("number 2", 2), ("the second one", None), ("second", None)])
def test_below_a_list_only_a_typed_number_is_an_answer(text: str, number: int | None) -> None:
    assert typed_number(text, 3) == number


@pytest.mark.parametrize(
    ("text", "other"), [("the other one", True), ("no, the other", True), ("my other foot", False)]
)
def test_the_choice_that_was_not_taken(text: str, other: bool) -> None:
    assert means_other(text) is other
