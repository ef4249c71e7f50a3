"""Published edits stand over the files, and a mistake in one of them touches nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from knowledge.build import build_library, shown_content
from knowledge.library import LibraryReader
from knowledge.overlay import LeftOut, TopicEdit, laid_over, topic_fingerprint
from knowledge.topic_files import Library, load_library
from tests.knowledge.content import QUESTION_KINDS, topic_fields


def edit(slug: str, related: str = "warm-heel", **changes: Any) -> TopicEdit:
    return TopicEdit(slug, topic_fields(slug, related, **changes))


def shorts(library: Library) -> dict[str, str]:
    return {slug: topic.short for slug, topic in library.topics.items()}


def test_an_edit_takes_the_place_of_its_topic_and_a_new_one_stands_beside_the_others(folder: Path) -> None:
    files = load_library(folder)
    library, left_out = laid_over(files, [edit("cold-toe", short="Warm it."), edit("sore-arch", short="Rest it.")])
    assert left_out == ()
    assert shorts(library) == {**shorts(files), "cold-toe": "Warm it.", "sore-arch": "Rest it."}


def test_the_last_published_edit_of_a_topic_counts(folder: Path) -> None:
    library, _ = laid_over(load_library(folder), [edit("cold-toe", short="First."), edit("cold-toe", short="Second.")])
    assert library.topics["cold-toe"].short == "Second."


def test_an_edit_that_is_no_topic_is_left_out_with_its_reasons_and_the_others_count(folder: Path) -> None:
    files = load_library(folder)
    edits = [
        edit("cold-toe", steps=[], colour="red"),
        edit("warm-heel", "cold-toe", short="Cool it."),
        edit("sore-arch", sources=["a-rumour"]),
        TopicEdit("flat-foot", topic_fields("high-foot", "cold-toe")),
    ]
    library, left_out = laid_over(files, edits)
    assert shorts(library) == {**shorts(files), "warm-heel": "Cool it."}
    assert left_out == (
        LeftOut("cold-toe", ("steps: ensure this value has at least 1 items", "colour: extra fields not permitted")),
        LeftOut("sore-arch", ("sources: 'a-rumour' is not in sources.yml",)),
        LeftOut("flat-foot", ("slug: it is the edit of 'flat-foot', not of 'high-foot'",)),
    )


def test_a_question_moves_from_one_topic_to_another_by_two_edits(folder: Path) -> None:
    cold = [kind.format("cold toe") for kind in QUESTION_KINDS]
    warm = [kind.format("warm heel") for kind in QUESTION_KINDS]
    edits = [
        edit("warm-heel", "cold-toe", questions=[*warm, "Is it BAD?"]),
        edit("cold-toe", questions=[*cold[:-1], "what of a cold toe"]),
        edit("sore-arch", questions=[*[kind.format("sore arch") for kind in QUESTION_KINDS], cold[-1]]),
    ]
    library, left_out = laid_over(load_library(folder), edits)
    assert left_out == ()
    assert cold[-1] in library.topics["sore-arch"].questions


def test_of_two_edits_with_the_same_question_the_later_is_left_out_and_with_it_what_leaned_on_it(folder: Path) -> None:
    cold = [kind.format("cold toe") for kind in QUESTION_KINDS]
    edits = [
        edit("sore-arch", questions=[*[kind.format("sore arch") for kind in QUESTION_KINDS], cold[0]]),
        # gives its first question up, so that the edit before it may have it; but takes one of "warm-heel"
        edit("cold-toe", questions=[*cold[1:], "what is a warm heel?"]),
    ]
    files = load_library(folder)
    library, left_out = laid_over(files, edits)
    assert library == files
    assert left_out == (
        LeftOut("cold-toe", ("questions: 'what is a warm heel?' is also asked of 'warm-heel'",)),
        LeftOut("sore-arch", (f"questions: '{cold[0]}' is also asked of 'cold-toe'",)),
    )
    assert str(left_out[0]) == (
        "The published edit of 'cold-toe' is left out: questions: 'what is a warm heel?' is also asked of 'warm-heel'"
    )


def test_the_library_is_built_with_the_edits_and_says_which_are_in_it(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "knowledge.db"
    edits = [edit("cold-toe", short="Warm it."), edit("warm-heel", "cold-toe", steps=[])]
    seen: list[Library] = []

    def overlay(files: Library) -> list[TopicEdit]:
        seen.append(files)
        return edits

    before = build_library(folder, target)
    built = build_library(folder, target, overlay=overlay)
    reader = LibraryReader(target)
    try:
        assert reader.topics()["cold-toe"].short == "Warm it."
        assert reader.fingerprints() == {
            slug: topic_fingerprint(topic) for slug, topic in shown_content(folder, overlay)[0].topics.items()
        }
    finally:
        reader.close()
    assert seen == [load_library(folder)] * 2
    assert built.version != before.version
    assert built.left_out == (LeftOut("warm-heel", ("steps: ensure this value has at least 1 items",)),)
    again = build_library(folder, target, overlay=overlay)
    assert (again.version, again.fresh, again.left_out) == (built.version, False, built.left_out)


def test_a_topic_that_an_edit_retires_is_not_shown(folder: Path) -> None:
    library, _ = shown_content(folder, lambda files: [edit("cold-toe", status="retired")])
    assert list(library.topics) == ["warm-heel"]


def test_a_fingerprint_tells_content_and_not_how_it_is_written(folder: Path) -> None:
    topics = load_library(folder).topics
    path = folder / "topics" / "about" / "cold-toe.yml"
    path.write_text("# a note\n" + path.read_text(encoding="utf-8").replace("'", '"'), encoding="utf-8")
    assert topic_fingerprint(load_library(folder).topics["cold-toe"]) == topic_fingerprint(topics["cold-toe"])
    assert topic_fingerprint(topics["cold-toe"]) != topic_fingerprint(topics["warm-heel"])
