"""A draft says what it still needs, in words for somebody who writes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.staff.editing.checks import Measure, Mistake, checked
from bot.staff.editing.form import new_topic
from knowledge.topic_files import Library, load_library
from tests.knowledge.content import QUESTION_KINDS, topic_fields, write_folder

SLUG = "cold-toe"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return load_library(write_folder(tmp_path / "content"))


def mistakes(library: Library, slug: str = SLUG, related: str = "warm-heel", **changes: Any) -> list[str]:
    return [str(mistake) for mistake in checked(slug, topic_fields(slug, related, **changes), library).mistakes]


def test_a_topic_in_order_has_measures_and_no_mistakes(library: Library) -> None:
    found = checked(SLUG, topic_fields(SLUG, "warm-heel"), library)
    assert found.mistakes == ()
    assert [measure.field for measure in found.measures] == ["short", "simple", "answer", "steps", "cautions"]
    short = found.measures[0]
    assert short == Measure("short", short.grade, 14, 57, 1, True)
    assert short.told == f"grade {short.grade:.1f} of at most 6, 14 words, 57 of 306 characters, 1 text segment"
    assert found.measures[2].told.endswith("85 words of 60 to 140")


def test_an_empty_draft_is_told_all_it_needs_once(library: Library) -> None:
    found = checked("new", new_topic("new", date(2026, 11, 28)), library)
    assert found.measures == ()
    assert found.mistakes == (
        Mistake("title", "is empty"),
        Mistake("short", "is empty"),
        Mistake("simple", "is empty"),
        Mistake("answer", "is empty"),
        Mistake("steps", "has 0; at least 1 are needed"),
        Mistake("questions", "has 0; at least 12 are needed"),
        Mistake("related", "has 0; at least 1 are needed"),
        Mistake("sources", "has 0; at least 1 are needed"),
    )


HARD = "Neurophysiological rehabilitation considerations necessitate multidisciplinary evaluation of spasticity."


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"simple": HARD}, "simple: reads at school grade"),
        ({"simple": "Don't run."}, "simple: write 'Don't' out in full"),
        ({"simple": "Take 10 mg now."}, "simple: says an amount of a medicine: '10 mg'; take it out"),
        ({"steps": ["Call {human}."]}, "steps: holds a brace; nothing is filled in here"),
        ({"short": "Sit down and rest. " * 17}, "short: has 323 characters, 306 fit"),
        ({"short": "Sit down… now."}, "short: these characters cannot be sent in a text message: …"),
        ({"steps": ["Sit."] * 6}, "steps: has 6; at most 5 are allowed"),
        ({"answer": "Too short."}, "answer: must have 60 to 140 words, has 2"),
        ({"group": "feet"}, "group: choose one of the list"),
        ({"sources": ["a-rumour"]}, "sources: there is no source 'a-rumour'"),
        ({"sources": ["a-book", "a-book"]}, "sources: 'a-book' is named twice"),
    ],
)
def test_each_mistake_is_told(library: Library, changes: dict[str, Any], told: str) -> None:
    found = mistakes(library, **changes)
    assert len(found) == 1
    assert found[0].startswith(told)


@pytest.mark.parametrize(
    ("related", "told"),
    [("nowhere", "related: there is no topic 'nowhere'"), (SLUG, "related: a topic is not related to itself")],
)
def test_related_topics_must_be_there(library: Library, related: str, told: str) -> None:
    assert mistakes(library, related=related) == [told]


def test_the_same_question_under_two_topics_is_told_with_the_other_topic(library: Library) -> None:
    own = [kind.format("cold toe") for kind in QUESTION_KINDS]
    assert mistakes(library, questions=[*own, "What is a WARM heel?!", "is my cold toe bad?", "about a warm heel"]) == [
        "questions: 'What is a WARM heel?!' is also asked of 'About a warm heel'",
        "questions: 'is my cold toe bad?' stands here twice",
        "questions: 'about a warm heel' is also asked of 'About a warm heel'",
    ]


@pytest.mark.parametrize("title", ["About a warm heel", "what is a warm heel"])
def test_a_title_of_another_topic_is_told(library: Library, title: str) -> None:
    assert mistakes(library, title=title) == ["title: 'About a warm heel' is called so, or asked so, already"]
