"""What is published is kept for good, and reaches the library that bots read, whatever is wrong beside it."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bot.staff.editing import rules, store
from bot.staff.editing.desk import ContentDesk
from bot.staff.editing.files import ContentFiles, plain_fields
from bot.staff.editing.history import Event, Kind
from bot.staff.editing.items import file_item
from bot.staff.editing.rules import Refused
from bot.staff.editing.standing import Standing
from bot.staff.editing.whole_files import file_mistakes
from knowledge.build import build_library
from knowledge.library import LibraryReader
from knowledge.topic_files import load_library
from tests.knowledge.content import write_sources, write_topic
from tests.staff.editing.newsroom import ARCH, HEEL, REVIEW, SEAL, TOE, draft, publish, toe
from tests.staff.editing.people import ANNA, BEN, CARE, HOUR
from tests.staff.world import Clock, World


def shorts(path: Path) -> dict[str, str]:
    """The short answer of every topic that bots read."""
    reader = LibraryReader(path)
    try:
        return {slug: topic.short for slug, topic in reader.topics().items()}
    finally:
        reader.close()


@pytest.fixture
def library(desk_world: World) -> Path:
    return desk_world.settings.library_path


def test_events_come_back_as_they_were(desk_world: World) -> None:
    event = Event(1, Kind.APPROVED, 3, 5.5, "“so”", {"a": ["ü"]}, "f", "b", "c", 7.5, 2)
    with desk_world.change() as connection:
        store.append(connection, TOE, [event])
        assert store.history(connection, TOE).events == (event,)
        assert store.history(connection, HEEL).events == ()
        assert list(store.histories(connection)) == [TOE]
        assert store.newest(connection) == 1


@pytest.mark.parametrize("change", ["UPDATE staff_edit_events SET note = ''", "DELETE FROM staff_unanswered_marks",
                                    "DELETE FROM staff_edit_events"])  # fmt: skip
def test_the_database_itself_refuses_to_forget(desk_world: World, change: str) -> None:
    publish(desk_world, toe(short="Warm it."))
    with desk_world.change() as connection:
        connection.exec_driver_sql(
            "INSERT INTO staff_unanswered_marks (wording, decision, topic, \"by\", at) VALUES ('k', 'open', NULL, 1, 1)"
        )
    with pytest.raises(SQLAlchemyError, match="only grows"), desk_world.change() as connection:
        connection.exec_driver_sql(change)


def test_of_two_who_decide_at_once_the_second_is_refused_and_nothing_is_lost(desk_world: World) -> None:
    draft(desk_world, toe(short="Warm it."))
    with desk_world.change() as connection:
        history = store.history(connection, TOE)
        events = [rules.withdraw(history, who, rules.Now(9.0)) for who in (ANNA, BEN)]
        store.append(connection, TOE, events[:1])
    with pytest.raises(Refused, match="at the same moment"), desk_world.change() as connection:
        store.append(connection, TOE, events[1:])


def test_what_is_published_carries_its_review_and_is_in_the_library(desk_world: World, library: Path) -> None:
    publish(desk_world, toe(short="Warm it."))
    assert desk_world.console.publisher.look() is True
    assert shorts(library)["cold-toe"] == "Warm it."
    reader = LibraryReader(library)
    topic = reader.topics()["cold-toe"]
    reader.close()
    assert (topic.reviewed_on, topic.reviewed_by) == (SEAL["date"], SEAL["by"])
    assert desk_world.console.publisher.look() is False


def test_a_draft_changes_nothing(desk_world: World, folder: Path, library: Path) -> None:
    desk_world.console.publisher.look()
    draft(desk_world, toe(short="Not yet."))
    assert desk_world.console.publisher.look() is False
    assert shorts(library) == {slug: topic.short for slug, topic in load_library(folder).topics.items()}


def test_a_planned_version_comes_with_its_time(desk_world: World, clock: Clock, library: Path) -> None:
    publish(desk_world, toe(short="Warm it then."), review=replace(REVIEW, publish_at=clock.now + 24 * HOUR))
    publisher = desk_world.console.publisher
    publisher.look()
    assert "Warm it then." not in shorts(library).values()
    clock.pass_by(24 * HOUR)
    assert publisher.look() is True
    assert shorts(library)["cold-toe"] == "Warm it then."


def test_a_library_built_without_the_edits_is_mended(desk_world: World, folder: Path, library: Path) -> None:
    publish(desk_world, toe(short="Warm it."))
    publisher = desk_world.console.publisher
    publisher.look()
    build_library(folder, library)
    assert "Warm it." not in shorts(library).values()
    assert publisher.look() is True
    assert shorts(library)["cold-toe"] == "Warm it."
    library.unlink()
    assert publisher.look() is True


def test_an_edit_that_no_longer_fits_the_files_is_left_out_and_the_others_are_live(
    desk_world: World, folder: Path, library: Path
) -> None:
    write_sources(
        folder,
        "a-book: {title: A book, publisher: A press, verified: knowledge}\n"
        "a-film: {title: A film, publisher: A press, verified: knowledge}\n",
    )
    publish(desk_world, toe(short="Warm it a bit.", sources=["a-film"]))
    publish(desk_world, {**toe(), "slug": "sore-arch", "title": "Arch", "related": ["cold-toe"], "short": "Rest it.",
                         "questions": [f"arch {number}" for number in range(12)]}, ARCH)  # fmt: skip
    write_sources(folder)
    publisher = desk_world.console.publisher
    publisher.look()
    assert shorts(library) == {**{slug: topic.short for slug, topic in load_library(folder).topics.items()},
                               "sore-arch": "Rest it."}  # fmt: skip
    assert publisher.outcome is not None
    assert [str(edit) for edit in publisher.outcome.left_out] == [
        "The published edit of 'cold-toe' is left out: sources: 'a-film' is not in sources.yml"
    ]


def test_while_the_files_have_a_mistake_the_library_stays_and_the_reason_is_told(
    desk_world: World, folder: Path, library: Path
) -> None:
    publisher = desk_world.console.publisher
    publisher.look()
    before = shorts(library)
    publish(desk_world, toe(short="Warm it."))
    broken = write_topic(folder, "warm-heel", "cold-toe", steps=[])
    publisher.start()
    publisher.hurry()
    for _ in range(500):
        if publisher.outcome is not None and publisher.outcome.problem:
            break
        time.sleep(0.02)
    assert publisher.outcome is not None
    assert publisher.outcome.problem.startswith(f"The content files have a mistake: {broken}:")
    assert shorts(library) == before
    write_topic(folder, "warm-heel", "cold-toe")
    for _ in range(500):
        if publisher.outcome.problem == "":
            break
        time.sleep(0.02)
    assert publisher.outcome.problem == ""
    assert shorts(library)["cold-toe"] == "Warm it."


def test_mistakes_and_clashes_keep_an_edit_from_its_review(desk_world: World, folder: Path) -> None:
    draft(desk_world, toe(short="Don't."))
    desk, now = desk_world.console.editing, desk_world.console.clock()
    with desk_world.change() as connection:
        with pytest.raises(Refused, match="Mend this first: short: write 'Don't' out in full"):
            desk.submit(connection, TOE, ANNA, now, "")
        edit = desk.see(connection, TOE, now).history.edit
        assert edit is not None
        desk.save(connection, TOE, ANNA, now, toe(short="Do not."), edit.revision)
        write_topic(folder, "cold-toe", "warm-heel", short="By commit.")
        with pytest.raises(Refused, match="changed since this edit began"):
            desk.submit(connection, TOE, ANNA, now, "")


def test_an_approval_needs_a_later_review_and_only_a_clinician_signs_off(desk_world: World) -> None:
    revision, now = draft(desk_world, toe(short="Warm it.")), desk_world.console.clock()
    desk = desk_world.console.editing
    with desk_world.change() as connection:
        desk.submit(connection, TOE, ANNA, now, "")
        with pytest.raises(Refused, match="must come after today"):
            desk.approve(connection, TOE, CARE, now, revision, replace(REVIEW, due=REVIEW.today))
        with pytest.raises(Refused, match="Only a clinical reviewer signs"):
            desk.approve(connection, TOE, BEN, now, revision, REVIEW)
        desk.approve(connection, TOE, BEN, now, revision, replace(REVIEW, by="Ben, editor", signed_off=False))
        content = desk.see(connection, TOE, now).now.content
    assert content is not None
    assert (content["reviewed"]["by"], content["status"]) == (
        "Ben, editor; awaiting sign-off by a clinician",
        "awaiting-sign-off",
    )


def test_reviews_that_are_due_are_listed_the_longest_first(desk_world: World, folder: Path) -> None:
    write_topic(folder, "warm-heel", "cold-toe", reviewed={"date": "2025-01-01", "by": "A", "due": "2026-01-02"})
    with desk_world.change() as connection:
        assert desk_world.console.editing.overdue(connection, desk_world.console.clock()) == [
            ("warm-heel", "About a warm heel", "2026-01-02"),
            ("cold-toe", "About a cold toe", "2027-01-05"),
        ]
    publish(desk_world, plain_fields(load_library(folder).topics["warm-heel"]), HEEL)
    with desk_world.change() as connection:
        due = desk_world.console.editing.overdue(connection, desk_world.console.clock())
    assert [slug for slug, _, _ in due] == ["cold-toe"]


SEIZURE = file_item("red_flags/seizure.yml")


def test_a_file_is_checked_by_the_loader_that_will_read_it(folder: Path) -> None:
    desk = ContentDesk(ContentFiles(folder))
    content = desk.files.content(SEIZURE)
    assert content is not None
    good = content["text"]
    wrong = good.replace("slug: seizure", "slug: fit", 1)
    texts = {"good": good, "wrong": wrong, "broken": good + "\n  : :\n- x"}
    found = {name: file_mistakes(folder, SEIZURE.name, text) for name, text in texts.items()}
    assert found["good"] == []
    assert "red_flags/seizure.yml, line 2: slug: must be the file's name, 'seizure'" in found["wrong"]
    assert found["broken"][0].startswith("red_flags/seizure.yml, line ")
    assert (folder / SEIZURE.name).read_text(encoding="utf-8") == good


def test_a_file_is_published_by_a_clinical_reviewer_as_it_stands(desk_world: World, folder: Path) -> None:
    text = (folder / SEIZURE.name).read_text(encoding="utf-8") + "# looked at again\n"
    publish(desk_world, {"text": text}, SEIZURE)
    with desk_world.change() as connection:
        seen = desk_world.console.editing.see(connection, SEIZURE, desk_world.console.clock())
    assert (seen.now.content, seen.standing) == ({"text": text}, Standing.AHEAD)
