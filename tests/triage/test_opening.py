"""What the opening message said: plain statements about now, and nothing else."""

from __future__ import annotations

from functools import lru_cache

import pytest

from bot.triage.agenda import Agenda
from bot.triage.reading.opening import Opening, OpeningReader
from bot.triage.reading.reader import Reader
from bot.triage.table import load_table
from bot.triage.wording import load_wording


@lru_cache(maxsize=1)
def reader() -> OpeningReader:
    table = load_table()
    agenda = Agenda(table, load_wording(table))
    return OpeningReader(agenda, Reader(agenda))


KNEE_YES = ("locks-no-pain", "locks-with-pain", "locks-swollen")


@pytest.mark.parametrize(
    ("text", "opening"),
    [
        (
            "My foot bounces when my toes land first. It lasts a couple of seconds and stops when I put my heel down. "
            "I am 68.",
            Opening(
                "foot-bounce",
                {
                    "bounce-when": ("toe-first",),
                    "bounce-length": ("seconds",),
                    "bounce-stop": ("stops",),
                    "who": ("me",),
                },
            ),
        ),
        (
            "my husband had a stroke and his knee locks back",
            Opening("knee-locking", {"who": ("someone-i-help",)}, {"knee": KNEE_YES}),
        ),
        (
            "My knee snaps back and hurts. I fell twice last month.",
            Opening("knee-locking", {"knee": ("locks-with-pain",), "falls": ("more-month",)}),
        ),
        (
            "my foot doesn't bounce but my knee locks",
            Opening("knee-locking", {"bounce-when": ("never",)}, {"knee": KNEE_YES}),
        ),
        ("my foot started bouncing yesterday", Opening("foot-bounce", {"change": ("today",)})),
        ("I feel thrown backward", Opening("falling-backward", {}, {"backward": ("sometimes", "often")})),
        ("I am afraid of being thrown backward", Opening("falling-backward")),
        ("hello", Opening()),
    ],
)
def test_statements_about_now_count(text: str, opening: Opening) -> None:
    assert reader().read(text) == opening


@pytest.mark.parametrize(
    "text",
    [
        "Can clonus last ten minutes?",
        "my foot used to shake all day",
        "I'm afraid my foot will bounce all day",
        "what if my knee locks and hurts",
        "My mother says my leg is funny",
        "I read that a brace that rubs is bad",
        "I fell asleep",
    ],
)
def test_questions_memories_worries_and_hearsay_do_not(text: str) -> None:
    opening = reader().read(text)
    assert (opening.answers, opening.maybe) == ({}, {})


def test_two_sentences_that_contradict_each_other_leave_the_question_open() -> None:
    opening = reader().read("The bounce lasts five seconds. The bounce lasts five minutes.")
    assert "bounce-length" not in opening.answers


@pytest.mark.parametrize("text", ["I have chest pain", "my face droops", "I had a seizure and my foot bounces"])
def test_danger_signs_are_never_answered_from_here(text: str) -> None:
    assert "red-flags" not in reader().read(text).answers
