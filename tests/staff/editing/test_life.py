"""The life of an edit: drafted, reviewed by somebody else, published now or later, and every version kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.staff.editing import rules
from bot.staff.editing.history import Event, History, Kind, State, history_of
from bot.staff.editing.items import Item, file_item, fingerprint, item_of, topic_item
from bot.staff.editing.rules import Now, Person, Refused
from bot.staff.editing.standing import Standing, counting, standing
from tests.knowledge.content import topic_fields
from tests.staff.editing.people import ADA, ANNA, BEN, CARE, HOUR, SAM

TOE = topic_item("cold-toe")


def toe(short: str, **changes: Any) -> dict[str, Any]:
    return topic_fields("cold-toe", "warm-heel", short=short, **changes)


FILE = toe("As in the file.")


class Desk:
    """One topic on the console: its history, its file, and a clock."""

    def __init__(self, item: Item = TOE, file: dict[str, Any] | None = FILE) -> None:
        self.item, self.file = item, file
        self.events: list[Event] = []
        self.at = 1000.0

    @property
    def history(self) -> History:
        return history_of(self.events)

    @property
    def file_print(self) -> str | None:
        return fingerprint(self.item, self.file) if self.file else None

    @property
    def standing(self) -> Standing:
        return standing(self.history, self.file_print, self.at)

    @property
    def patients_get(self) -> Any:
        version = counting(self.history, self.file_print, self.at)
        return version.content if version else self.file

    @property
    def now(self) -> Now:
        content = self.patients_get
        return Now(self.at, content, fingerprint(self.item, content) if content else None, self.file_print)

    def __call__(self, rule: Callable[..., Event], who: Person, *more: Any, **named: Any) -> Event:
        self.at += 1
        event = rule(self.history, who, self.now, *more, **named)
        self.events.append(event)
        return event

    def draft(self, content: dict[str, Any], who: Person = ANNA) -> None:
        if self.history.edit is None:
            self(rules.begin, who, content)
        self(rules.save, who, content, self.revision, new_base=True)

    @property
    def revision(self) -> int:
        edit = self.history.edit
        return edit.revision if edit else 0

    def approve(self, who: Person = BEN, content: dict[str, Any] | None = None, **named: Any) -> Event:
        edit = self.history.edit
        said = content or (edit.content if edit else {})
        return self(rules.approve, who, self.item, said, [], self.revision, **named)

    def publish(self, content: dict[str, Any], author: Person = ANNA, reviewer: Person = BEN, **named: Any) -> None:
        self.draft(content, author)
        self(rules.submit, author, [])
        self.approve(reviewer, **named)


def test_an_edit_goes_from_draft_over_a_review_by_somebody_else_to_what_patients_get() -> None:
    desk = Desk()
    desk(rules.begin, ANNA)
    assert (desk.history.edit.state, desk.history.edit.content) == (State.DRAFT, FILE)  # type: ignore[union-attr]
    desk.draft(toe("Better."))
    desk(rules.submit, ANNA, [], " please look ")
    assert desk.history.edit.state is State.IN_REVIEW  # type: ignore[union-attr]
    assert desk.patients_get == FILE
    desk.approve(BEN, note="Good.")
    assert desk.patients_get == toe("Better.")
    assert desk.history.edit is None
    assert [(v.number, v.content["short"], v.authors, v.reviewer, v.kind, v.note) for v in desk.history.versions] == [
        (0, "As in the file.", (), None, Kind.TAKEN_FROM_FILE, ""),
        (1, "Better.", (1,), 2, Kind.APPROVED, "Good."),
    ]
    assert [event.number for event in desk.events] == [1, 2, 3, 4]
    assert desk.events[2].note == "please look"


def test_nobody_reviews_what_they_wrote_on_not_even_a_line() -> None:
    desk = Desk()
    desk.draft(toe("Anna's."), ANNA)
    desk.draft(toe("Ben's too."), BEN)
    desk(rules.submit, ANNA, [])
    for author in (ANNA, BEN):
        with pytest.raises(Refused, match="wrote on this yourself"):
            desk.approve(author)
        assert not rules.may_review(author, TOE, desk.history.edit, desk.now)  # type: ignore[arg-type]
    assert rules.may_review(CARE, TOE, desk.history.edit, desk.now)  # type: ignore[arg-type]
    desk.approve(CARE)


@pytest.mark.parametrize("who", [SAM, ADA])
def test_support_and_administrators_neither_write_nor_review(who: Person) -> None:
    desk = Desk()
    with pytest.raises(Refused, match="role does not include"):
        desk(rules.begin, who)
    desk.draft(toe("Better."))
    for rule, more in ((rules.save, (toe("No."), 2)), (rules.submit, ([],)), (rules.withdraw, ())):
        with pytest.raises(Refused, match="role does not include"):
            desk(rule, who, *more)
    desk(rules.submit, ANNA, [])
    with pytest.raises(Refused, match="role does not include reviews"):
        desk.approve(who)
    with pytest.raises(Refused, match="role does not include"):
        desk(rules.send_back, who, TOE, "No.")


CLINICAL = [
    (file_item("triage.yml"), {"text": "a"}, {"text": "b"}),
    (file_item("regions.yml"), {"text": "a"}, {"text": "b"}),
    (file_item("interview.yml"), {"text": "a"}, {"text": "b"}),
    (file_item("red_flags/seizure.yml"), {"text": "a"}, {"text": "b"}),
    (TOE, toe("As it was.", group="safety"), toe("Other.", group="safety")),
    (TOE, toe("As it was.", group="safety"), toe("Off the shelf.", group="about")),
    (TOE, toe("As it was.", group="about"), toe("Onto the shelf.", group="safety")),
]


@pytest.mark.parametrize(("item", "before", "after"), CLINICAL)
def test_danger_triage_and_numbers_to_call_need_a_clinical_reviewer(item: Item, before: Any, after: Any) -> None:
    desk = Desk(item, before)
    desk.draft(after)
    desk(rules.submit, ANNA, [])
    with pytest.raises(Refused, match="needs a clinical reviewer"):
        desk.approve(BEN)
    with pytest.raises(Refused, match="needs a clinical reviewer"):
        desk(rules.send_back, BEN, item, "No.")
    desk.approve(CARE)
    assert desk.patients_get == after
    with pytest.raises(Refused, match="needs a clinical reviewer"):
        desk(rules.restore, BEN, item, 0, [])
    with pytest.raises(Refused, match="needs a clinical reviewer"):
        desk(rules.keep_over_file, BEN, item, before)
    with pytest.raises(Refused, match="needs a clinical reviewer"):
        desk(rules.take_from_file, BEN, item, before)


def test_even_a_clinical_reviewer_does_not_review_their_own() -> None:
    desk = Desk(file_item("triage.yml"), {"text": "a"})
    desk.draft({"text": "b"}, CARE)
    desk(rules.submit, CARE, [])
    with pytest.raises(Refused, match="wrote on this yourself"):
        desk.approve(CARE)


def test_a_reviewer_sends_back_with_words_and_it_is_a_draft_again() -> None:
    desk = Desk()
    desk.draft(toe("Better."))
    desk(rules.submit, ANNA, [])
    with pytest.raises(Refused, match="Write what is to be mended"):
        desk(rules.send_back, BEN, TOE, "  ")
    desk(rules.send_back, BEN, TOE, " Shorter. ")
    edit = desk.history.edit
    assert edit is not None
    assert (edit.state, [note.note for note in edit.notes]) == (State.DRAFT, ["", "Shorter."])
    with pytest.raises(Refused, match="does not wait for a review"):
        desk.approve(BEN)


def test_a_change_while_it_waits_for_review_makes_it_a_draft_again_and_cannot_slip_through() -> None:
    desk = Desk()
    desk.draft(toe("Read this."))
    desk(rules.submit, ANNA, [])
    read = desk.revision
    desk.draft(toe("And not this."))
    assert desk.history.edit.state is State.DRAFT  # type: ignore[union-attr]
    desk(rules.submit, ANNA, [])
    with pytest.raises(Refused, match="changed while you read it"):
        desk(rules.approve, BEN, TOE, toe("And not this."), [], read)


def test_of_two_who_save_at_once_the_second_is_told_and_overwrites_nothing() -> None:
    desk = Desk()
    desk(rules.begin, ANNA)
    seen = desk.revision
    desk(rules.save, ANNA, toe("Anna's."), seen)
    with pytest.raises(Refused, match="Somebody else saved"):
        desk(rules.save, BEN, toe("Ben's."), seen)
    assert desk.history.edit.content == toe("Anna's.")  # type: ignore[union-attr]


def test_there_is_one_open_edit_and_it_can_be_given_up() -> None:
    desk = Desk()
    desk.draft(toe("Better."))
    with pytest.raises(Refused, match="begun an edit"):
        desk(rules.begin, BEN)
    desk(rules.withdraw, BEN)
    assert desk.history.edit is None
    assert desk.patients_get == FILE
    for rule, more in ((rules.withdraw, ()), (rules.submit, ([],)), (rules.save, (FILE, 1))):
        with pytest.raises(Refused, match="no open edit"):
            desk(rule, ANNA, *more)
    desk(rules.begin, BEN)
    assert desk.history.edit.authors == (2,)  # type: ignore[union-attr]


def test_what_has_mistakes_is_neither_handed_in_nor_published_nor_brought_back() -> None:
    desk = Desk()
    desk.draft(toe("Better."))
    with pytest.raises(Refused, match="Mend this first: short: too long; steps: none"):
        desk(rules.submit, ANNA, ["short: too long", "steps: none"])
    desk(rules.submit, ANNA, [])
    with pytest.raises(Refused, match="Mend this first: a source is gone"):
        desk(rules.approve, BEN, TOE, toe("Better."), ["a source is gone"], desk.revision)
    desk.approve()
    with pytest.raises(Refused, match="Mend this first"):
        desk(rules.restore, ANNA, TOE, 0, ["a source is gone"])
    assert desk.patients_get == toe("Better.")


def test_a_planned_version_is_published_by_the_clock_alone() -> None:
    desk = Desk()
    desk.publish(toe("Tomorrow."), publish_at=desk.at + 24 * HOUR)
    assert desk.patients_get == FILE
    assert desk.history.planned(desk.at).number == 1  # type: ignore[union-attr]
    desk.at += 24 * HOUR
    assert desk.patients_get == toe("Tomorrow.")
    assert desk.history.planned(desk.at) is None


@pytest.mark.parametrize("ahead", [-HOUR, 0.0, 367 * 24 * HOUR])
def test_a_version_is_planned_for_a_time_ahead_within_a_year(ahead: float) -> None:
    desk = Desk()
    desk.draft(toe("Then."))
    desk(rules.submit, ANNA, [])
    with pytest.raises(Refused, match="must lie ahead"):
        desk.approve(publish_at=desk.at + 1 + ahead)


def test_what_is_planned_can_be_called_off_until_then() -> None:
    desk = Desk()
    desk.publish(toe("Tomorrow."), publish_at=desk.at + 24 * HOUR)
    desk(rules.cancel, CARE, TOE)
    desk.at += 48 * HOUR
    assert desk.patients_get == FILE
    with pytest.raises(Refused, match="Nothing is planned"):
        desk(rules.cancel, CARE, TOE)
    with pytest.raises(Refused, match="no such version"):
        desk(rules.restore, CARE, TOE, 1, [])


def test_a_version_that_is_published_before_a_planned_one_takes_its_place() -> None:
    desk = Desk()
    desk.publish(toe("Tomorrow."), publish_at=desk.at + 24 * HOUR)
    desk.publish(toe("Now."))
    assert desk.history.planned(desk.at) is None
    desk.at += 48 * HOUR
    assert desk.patients_get == toe("Now.")


def test_any_published_version_comes_back_by_one_step_and_as_a_version_of_its_own() -> None:
    desk = Desk()
    for words in ("First.", "Second."):
        desk.publish(toe(words))
    desk(rules.restore, ANNA, TOE, 1, [])
    assert desk.patients_get == toe("First.")
    desk(rules.restore, ANNA, TOE, 0, [])
    assert (desk.patients_get, desk.standing) == (FILE, Standing.SAME)
    desk(rules.restore, ANNA, TOE, 2, [])
    assert desk.patients_get == toe("Second.")
    assert [version.number for version in desk.history.versions] == [0, 1, 2, 3, 4, 5]
    with pytest.raises(Refused, match="in force already"):
        desk(rules.restore, ANNA, TOE, 2, [])
    with pytest.raises(Refused, match="no such version"):
        desk(rules.restore, ANNA, TOE, 77, [])


def test_bringing_a_version_back_leaves_an_open_edit_open_but_it_must_be_compared_before_it_is_published() -> None:
    desk = Desk()
    desk.publish(toe("First."))
    desk.draft(toe("Second."))
    desk(rules.submit, ANNA, [])
    desk(rules.restore, BEN, TOE, 0, [])
    with pytest.raises(Refused, match="changed since this edit began"):
        desk.approve()
    desk.draft(toe("Second."))
    desk(rules.submit, ANNA, [])
    desk.approve()
    assert desk.patients_get == toe("Second.")


def test_a_new_topic_has_no_file_and_is_published_like_any_other() -> None:
    desk = Desk(file=None)
    with pytest.raises(Refused, match="nothing here to edit"):
        desk(rules.begin, ANNA)
    desk.publish(toe("New."))
    assert (desk.patients_get, desk.standing) == (toe("New."), Standing.AHEAD)
    assert [version.number for version in desk.history.versions] == [1]


def test_after_an_export_the_file_says_the_same_and_may_move_on() -> None:
    desk = Desk()
    assert desk.standing is Standing.FILE_ALONE
    desk.publish(toe("Better."))
    assert desk.standing is Standing.AHEAD
    desk.events.append(rules.exported(desk.history, 1, desk.now, desk.history.versions[-1]))
    assert desk.standing is Standing.AHEAD  # another copy of the files, which has not got the export yet
    desk.file = toe("Better.")
    assert desk.standing is Standing.SAME
    desk.file = toe("Better still, by commit.")
    assert (desk.standing, desk.patients_get) == (Standing.FILE_MOVED_ON, desk.file)
    desk.publish(toe("And on the console."))
    assert (desk.standing, desk.patients_get) == (Standing.AHEAD, toe("And on the console."))


def test_a_file_that_changed_beside_an_edit_clashes_until_somebody_decides() -> None:
    desk = Desk()
    desk.publish(toe("By console."))
    desk.file = toe("By commit.")
    assert (desk.standing, desk.patients_get) == (Standing.CLASH, toe("By console."))
    desk.publish(toe("By console again."))  # a further edit decides nothing: it did not know of the file
    assert desk.standing is Standing.CLASH

    for_console = Desk()
    for_console.events, for_console.file = list(desk.events), desk.file
    for_console.at = desk.at
    for_console(rules.keep_over_file, BEN, TOE, desk.file)
    assert (for_console.standing, for_console.patients_get) == (Standing.AHEAD, toe("By console again."))

    desk(rules.take_from_file, BEN, TOE, desk.file)
    assert (desk.standing, desk.patients_get) == (Standing.SAME, toe("By commit."))
    for rule in (rules.take_from_file, rules.keep_over_file):
        with pytest.raises(Refused, match="do not clash"):
            desk(rule, BEN, TOE, desk.file)
    desk(rules.restore, BEN, TOE, 2, [])
    assert (desk.standing, desk.patients_get) == (Standing.AHEAD, toe("By console again."))


def test_an_edit_that_began_before_the_file_changed_is_not_published_over_it() -> None:
    desk = Desk()
    desk(rules.begin, ANNA)
    desk(rules.save, ANNA, toe("By console."), 1)
    desk.file = toe("By commit.")
    with pytest.raises(Refused, match="changed since this edit began"):
        desk(rules.submit, ANNA, [])
    desk(rules.save, ANNA, toe("Both."), 2, new_base=True)
    desk(rules.submit, ANNA, [])
    desk.approve()
    assert (desk.standing, desk.patients_get) == (Standing.AHEAD, toe("Both."))


@pytest.mark.parametrize("key", ["topic:afo", "file:triage.yml", "file:regions.yml", "file:red_flags/new-stroke.yml"])
def test_items_have_keys(key: str) -> None:
    assert item_of(key).key == key


@pytest.mark.parametrize(
    "key",
    ["topic:", "topic:../x", "topic:Afo", "topic:" + "a" * 61, "file:../secrets.yml", "file:red_flags/../triage.yml",
     "file:red_flags/shared/words.yml", "file:sources.yml", "file:red_flags/.yml", "afo", "other:afo"],
)  # fmt: skip
def test_nothing_else_is_edited(key: str) -> None:
    with pytest.raises(ValueError, match=r"edited here|letters, digits"):
        item_of(key)
