"""Reading grade and word count."""

from __future__ import annotations

from knowledge.reading import reading_grade, word_count


def test_short_words_in_short_sentences_read_easily() -> None:
    assert reading_grade("Sit down. Rest your foot.") < 2


def test_long_words_in_one_long_sentence_read_hard() -> None:
    assert reading_grade("Involuntary muscular oscillations necessitate individualised neurological evaluation.") > 12


def test_a_line_break_does_not_change_the_grade() -> None:
    assert reading_grade("Put your heel\ndown with care.") == reading_grade("Put your heel down with care.")


def test_a_paragraph_without_a_full_stop_is_a_sentence() -> None:
    assert reading_grade("Sit down\n\nRest your foot") == reading_grade("Sit down. Rest your foot.")


def test_nothing_has_grade_zero() -> None:
    assert [reading_grade(""), reading_grade(" \n\n ")] == [0.0, 0.0]


def test_words_are_what_stands_between_spaces() -> None:
    assert word_count("  Sit down,\n and  rest. ") == 4
