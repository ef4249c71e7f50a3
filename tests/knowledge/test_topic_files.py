"""Every mistake in a content file is reported with its file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.files import ContentError, Problem
from knowledge.topic_files import editorial_problems, load_library
from tests.knowledge.content import QUESTION_KINDS, line_of, write_sources, write_topic

TODAY = date(2026, 6, 1)


def mistakes(folder: Path) -> list[Problem]:
    """What is reported when the folder is loaded."""
    with pytest.raises(ContentError) as caught:
        load_library(folder)
    assert str(caught.value) == "\n".join(str(problem) for problem in caught.value.problems)
    return caught.value.problems


def test_a_folder_in_order_gives_its_topics_and_sources(folder: Path) -> None:
    library = load_library(folder)
    assert list(library.topics) == ["cold-toe", "warm-heel"]
    assert list(library.sources) == ["a-book"]
    assert editorial_problems(folder, today=TODAY) == []


def test_a_problem_reads_as_file_line_and_message() -> None:
    assert (
        str(Problem(Path("topics/help/afo.yml"), 7, "short: is missing")) == "topics/help/afo.yml:7: short: is missing"
    )


def test_a_missing_field_is_reported_on_the_first_line(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", simple=None)
    assert mistakes(folder) == [Problem(path, 1, "simple: field required")]


def test_an_unknown_field_is_reported_on_its_line(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", summary="Sit down.")
    assert mistakes(folder) == [Problem(path, line_of(path, "summary:"), "summary: extra fields not permitted")]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"questions": ["what is it"] * 1}, "questions: ensure this value has at least 12 items"),
        ({"questions": [kind.format("toe") for kind in QUESTION_KINDS[:11]]},
         "questions: ensure this value has at least 12 items"),
        ({"answer": "Rest. " * 59}, "answer: must have 60 to 140 words, has 59"),
        ({"answer": "Rest. " * 141}, "answer: must have 60 to 140 words, has 141"),
        ({"questions": [*(kind.format("toe") for kind in QUESTION_KINDS), "Toe HELP"]},
         "questions: 'Toe HELP' stands here twice"),
        ({"steps": []}, "steps: ensure this value has at least 1 items"),
        ({"steps": ["Rest."] * 6}, "steps: ensure this value has at most 5 items"),
        ({"related": []}, "related: ensure this value has at least 1 items"),
        ({"sources": []}, "sources: ensure this value has at least 1 items"),
        ({"title": "  "}, "title: ensure this value has at least 1 characters"),
    ],
)  # fmt: skip
def test_a_field_of_the_wrong_size_is_reported_on_its_line(folder: Path, changes: dict[str, Any], message: str) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", **changes)
    field = message.split(":")[0]
    assert mistakes(folder) == [Problem(path, line_of(path, f"{field}:"), message)]


@pytest.mark.parametrize("words", [60, 140])
def test_the_shortest_and_the_longest_answer_are_allowed(folder: Path, words: int) -> None:
    write_topic(folder, "cold-toe", "warm-heel", answer="Rest. " * words)
    assert list(load_library(folder).topics) == ["cold-toe", "warm-heel"]


def test_an_unknown_source_is_reported_on_its_line(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", sources=["a-book", "a-rumour"])
    assert mistakes(folder) == [Problem(path, line_of(path, "- a-rumour"), "sources: 'a-rumour' is not in sources.yml")]


def test_an_unknown_related_topic_is_reported_on_its_line(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", related=["warm-heel", "lost-sock"])
    assert mistakes(folder) == [Problem(path, line_of(path, "- lost-sock"), "related: there is no topic 'lost-sock'")]


def test_a_topic_related_to_itself_is_reported_on_its_line(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "cold-toe")
    assert mistakes(folder) == [Problem(path, line_of(path, "- cold-toe"), "related: a topic is not related to itself")]


def test_the_same_question_under_two_topics_is_reported_in_the_second(folder: Path) -> None:
    questions = [*(kind.format("warm heel") for kind in QUESTION_KINDS), "What is a cold toe?!"]
    path = write_topic(folder, "warm-heel", "cold-toe", questions=questions)
    assert mistakes(folder) == [
        Problem(
            path,
            line_of(path, "- What is a cold toe"),
            "questions: 'What is a cold toe?!' is also asked of 'cold-toe'; keep it under one topic",
        )
    ]


def test_a_file_in_the_wrong_folder_is_reported_at_its_group(folder: Path) -> None:
    (folder / "topics" / "about" / "cold-toe.yml").unlink()
    path = write_topic(folder, "cold-toe", "warm-heel", shelf="help")
    assert mistakes(folder) == [
        Problem(path, line_of(path, "group:"), "group: the file is in 'help', the group is 'about'")
    ]


def test_a_group_that_does_not_exist_is_reported_on_its_line(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", group="feet")
    (problem,) = mistakes(folder)
    assert (problem.path, problem.line) == (path, line_of(path, "group:"))
    assert problem.message.startswith("group: value is not a valid enumeration member; permitted: 'about', 'walking'")


def test_a_file_named_unlike_its_slug_is_reported_at_the_slug(folder: Path) -> None:
    (folder / "topics" / "about" / "cold-toe.yml").unlink()
    path = write_topic(folder, "cold-toe", "warm-heel", name="chilly-toe")
    assert mistakes(folder) == [Problem(path, 1, "slug: the file is named 'chilly-toe', the slug is 'cold-toe'")]


def test_two_files_with_one_slug_are_reported(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", name="cold-toe", shelf="help", group="help")
    assert mistakes(folder) == [Problem(path, 1, "slug: 'cold-toe' is used by another file")]


def test_a_slug_with_capitals_or_spaces_is_reported(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", slug="Cold toe")
    assert mistakes(folder) == [Problem(path, 1, 'slug: string does not match regex "^[a-z0-9]+(-[a-z0-9]+)*$"')]


def test_a_review_due_before_it_was_done_is_reported_on_its_line(folder: Path) -> None:
    reviewed = {"date": "2026-01-05", "by": "Content team", "due": "2026-01-05"}
    path = write_topic(folder, "cold-toe", "warm-heel", reviewed=reviewed)
    assert mistakes(folder) == [
        Problem(path, line_of(path, "  due:"), "reviewed.due: the next review must come after the last one")
    ]


def test_every_mistake_of_every_file_is_reported_at_once(folder: Path) -> None:
    first = write_topic(folder, "cold-toe", "warm-heel", simple=None, short=None)
    second = write_topic(folder, "warm-heel", "cold-toe", sources=["a-rumour"])
    assert mistakes(folder) == [
        Problem(first, 1, "short: field required"),
        Problem(first, 1, "simple: field required"),
        Problem(second, line_of(second, "- a-rumour"), "sources: 'a-rumour' is not in sources.yml"),
    ]


def test_a_broken_file_does_not_blame_the_topics_that_point_to_it(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", simple=None)
    assert mistakes(folder) == [Problem(path, 1, "simple: field required")]


def test_a_folder_without_topics_is_reported(tmp_path: Path) -> None:
    write_sources(tmp_path)
    assert mistakes(tmp_path) == [Problem(tmp_path / "topics", 1, "there is no topic here")]


def test_a_missing_sources_file_is_reported(folder: Path) -> None:
    (folder / "sources.yml").unlink()
    assert mistakes(folder)[0] == Problem(folder / "sources.yml", 1, "the file is missing")


def test_a_source_without_a_publisher_is_reported_on_its_line(folder: Path) -> None:
    path = write_sources(
        folder, "a-book: {title: A book, publisher: P, verified: seed}\nold:\n  title: B\n  verified: seed\n"
    )
    assert mistakes(folder) == [Problem(path, 2, "old.publisher: field required")]


@pytest.mark.parametrize("text", ["- a-book\n- another\n", "only words\n"])
def test_a_sources_file_that_is_not_a_list_of_named_entries_is_reported(folder: Path, text: str) -> None:
    path = write_sources(folder, text)
    first = mistakes(folder)[0]
    assert (first.path, first.line) == (path, 1)


def test_a_source_that_no_topic_uses_is_allowed(folder: Path) -> None:
    write_sources(
        folder,
        "a-book: {title: A book, publisher: A press, verified: knowledge}\n"
        "spare: {title: Spare, publisher: A press, year: 2020, url: 'https://example.org', verified: search}\n",
    )
    assert list(load_library(folder).sources) == ["a-book", "spare"]


@pytest.mark.parametrize("written", ["don't", "DON’T", "you're", "you’ll", "I've", "I'm"])
@pytest.mark.parametrize("field", ["short", "simple", "answer"])
def test_a_contraction_is_reported_at_its_field(folder: Path, written: str, field: str) -> None:
    text = f"Rest now, {written}. " + ("Rest a bit. " * 20 if field == "answer" else "")
    path = write_topic(folder, "cold-toe", "warm-heel", **{field: text})
    assert Problem(path, line_of(path, f"{field}:"), f"{field}: write '{written}' out in full") in editorial_problems(
        folder, today=TODAY
    )


def test_a_possessive_is_not_a_contraction(folder: Path) -> None:
    write_topic(folder, "cold-toe", "warm-heel", short="Rest your mum's foot.")
    assert editorial_problems(folder, today=TODAY) == []


@pytest.mark.parametrize("field", ["short", "simple", "answer", "steps", "cautions"])
def test_a_text_above_grade_six_is_reported_at_its_field(folder: Path, field: str) -> None:
    hard = "Neurological rehabilitation professionals systematically investigate involuntary oscillations, " * 9
    path = write_topic(folder, "cold-toe", "warm-heel", **{field: [hard] if field in ("steps", "cautions") else hard})
    found = [problem for problem in editorial_problems(folder, today=TODAY) if "school grade" in problem.message]
    assert [(problem.path, problem.line, problem.message.split(":")[0]) for problem in found] == [
        (path, line_of(path, f"{field}:"), field)
    ]
    assert found[0].message.endswith("must be 6 or below; use shorter words and sentences")


def test_characters_that_a_text_message_cannot_carry_are_reported(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", short="Rest – it’s “fine” – now.")
    assert Problem(
        path, line_of(path, "short:"), "short: these characters cannot be sent in a text message: – ’ “ ”"
    ) in editorial_problems(folder, today=TODAY)


def test_a_short_answer_fits_two_text_messages(folder: Path) -> None:
    write_topic(folder, "cold-toe", "warm-heel", short="Sit down and rest. " * 16 + "OK")
    assert editorial_problems(folder, today=TODAY) == []
    path = write_topic(folder, "cold-toe", "warm-heel", short="Sit down and rest. " * 16 + "Now")
    assert editorial_problems(folder, today=TODAY) == [
        Problem(path, line_of(path, "short:"), "short: has 307 characters, 306 fit")
    ]


def test_a_review_is_overdue_from_the_day_after_it_was_due(folder: Path) -> None:
    reviewed = {"date": "2025-01-05", "by": "Content team", "due": "2026-05-31"}
    path = write_topic(folder, "cold-toe", "warm-heel", reviewed=reviewed)
    assert editorial_problems(folder, today=date(2026, 5, 31)) == []
    assert editorial_problems(folder, today=TODAY) == [
        Problem(path, line_of(path, "  due:"), "the review was due on 2026-05-31")
    ]


def test_an_amount_of_a_medicine_and_a_brace_are_told(folder: Path) -> None:
    path = write_topic(folder, "cold-toe", "warm-heel", simple="Take 10 mg at night.", cautions=["Sit {down}."])
    assert [str(problem) for problem in editorial_problems(folder, date(2026, 6, 1))] == [
        f"{path}:{line_of(path, 'simple:')}: simple: says an amount of a medicine: '10 mg'; take it out",
        f"{path}:{line_of(path, 'cautions:')}: cautions: holds a brace; nothing is filled in here, patients would read "
        "it as it stands",
    ]
