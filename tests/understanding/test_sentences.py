"""The sentences of a topic can each be told alone."""

from __future__ import annotations

from dataclasses import replace

from bot.understanding.sentences import Sentence, sentences_of, split
from tests.replies.test_answers import TOPIC


def test_a_paragraph_is_cut_at_its_sentences() -> None:
    assert split("Hold for 30 to 60 seconds. Ease off. In 2017 it helped 2.5 degrees.") == [
        "Hold for 30 to 60 seconds.", "Ease off.", "In 2017 it helped 2.5 degrees.",
    ]  # fmt: skip


def test_a_question_stays_with_its_answer() -> None:
    assert split("How much? At least 3 hours a day. Rest.") == ["How much? At least 3 hours a day.", "Rest."]


def test_a_sentence_that_leans_on_the_one_before_is_told_with_it() -> None:
    topic = replace(TOPIC, short="A pump gives medicine. It sits in the belly.", answer="Fine.", steps=(), cautions=())
    assert sentences_of(topic) == [
        Sentence("short", "A pump gives medicine.", "A pump gives medicine."),
        Sentence("short", "It sits in the belly.", "A pump gives medicine. It sits in the belly."),
        Sentence("answer", "Fine.", "Fine."),
    ]


def test_a_short_step_is_told_whole() -> None:
    topic = replace(TOPIC, short="A.", answer="B.", steps=("Wipe it. Dry it well.",), cautions=())
    assert sentences_of(topic)[2:] == [
        Sentence("steps", "Wipe it.", "Wipe it. Dry it well."),
        Sentence("steps", "Dry it well.", "Wipe it. Dry it well."),
    ]


def test_words_that_stand_twice_are_one_sentence() -> None:
    topic = replace(TOPIC, short="Go slowly.", answer="Go slowly.", steps=("Go slowly.",), cautions=())
    assert sentences_of(topic) == [Sentence("short", "Go slowly.", "Go slowly.")]
