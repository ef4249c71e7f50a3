"""Messages in the plain form that examples are compared in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.tidy import same_words, tidy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sooooo BAD!!!", "soo bad!!!"),
        ("  my \n foot\t bounces ", "my foot bounces"),
        ("It’s “odd” – isn‘t it…", "it's \"odd\" - isn't it..."),
        ("my\u00a0foot", "my foot"),
        ("ﬁne ＡＦＯ", "fine afo"),
        ("will keep good feet", "will keep good feet"),
        ("", ""),
    ],
)
def test_style_is_taken_away_and_words_stay(text: str, expected: str) -> None:
    assert tidy(text) == expected


@pytest.mark.parametrize("text", ["call 999", "2000 mg", "111"])
def test_a_number_keeps_all_its_digits(text: str) -> None:
    assert tidy(text) == text


@given(st.text())
def test_a_tidy_text_is_on_one_line_without_doubled_spaces(text: str) -> None:
    result = tidy(text)
    assert result == " ".join(result.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is clonus?", "what is CLONUS"),
        ("I don't know", "i dont know!"),
        ("I don’t know", "I don't know"),
        ("toe-first", "toe first"),
        ("my  foot,bounces...", "my foot bounces"),
        ("pleeeease", "pleease"),
    ],
)
def test_texts_with_the_same_words_compare_equal(one: str, other: str) -> None:
    assert same_words(one) == same_words(other) != ""


@pytest.mark.parametrize(("one", "other"), [("my foot", "my feet"), ("yes", "no"), ("stop it", "it stop")])
def test_other_words_or_another_order_compare_different(one: str, other: str) -> None:
    assert same_words(one) != same_words(other)


@pytest.mark.parametrize("text", ["", "  ", "?!...", "😀", "___"])
def test_a_text_without_words_has_none(text: str) -> None:
    assert same_words(text) == ""
