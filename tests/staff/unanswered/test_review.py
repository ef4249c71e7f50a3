"""What becomes of unanswered messages: a question of a topic, a new topic, or nothing the bot need know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.records import Records, records_address
from bot.staff.editing.items import topic_item
from bot.staff.roles import Role
from bot.staff.unanswered.grouping import Group, Unanswered, Wording, key_of, wordings
from bot.staff.unanswered.marks import Decision, Mark, mark, marks
from bot.staff.unanswered.messages import unanswered_messages
from bot.staff.unanswered.review import Stage, listed, with_questions
from tests.knowledge.content import write_folder
from tests.staff.world import Clock, Visitor, World

MESSAGES = ["hot tub ok?", "Hot tub, OK", "is [name] allowed in a hot tub", "can I ski"]


@pytest.fixture
def desk_world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    """A console on two topics, with messages that the bot could not place."""
    world = World(tmp_path, clock, knowledge_folder=write_folder(tmp_path / "content"))
    records = Records(records_address(world.settings), str.strip)
    for message in MESSAGES:
        records.unplaced(message)
    records.close()
    yield world
    world.close()


def wording(text: str, count: int = 1, unhelpful: int = 0) -> Wording:
    return Wording(key_of(text), text, count, unhelpful, "2026-11-01")


TUB, SPA, SKI = wording("hot tub ok", 3), wording("is a spa fine", 2, unhelpful=1), wording("can I ski")


def test_a_group_stands_where_the_last_decision_puts_it() -> None:
    groups = [Group((TUB, SPA)), Group((SKI,))]

    def stages(answered: dict[str, bool], decided: dict[str, Decision]) -> list[tuple[int, Stage]]:
        marked = {key: Mark(decision, "afo", 1, 1.0) for key, decision in decided.items()}
        return [(each.answered, each.stage) for each in listed(groups, answered, marked)]

    assert stages({}, {}) == [(0, Stage.OPEN), (0, Stage.OPEN)]
    assert stages({TUB.key: True, SPA.key: True, SKI.key: True}, {}) == [(4, Stage.OPEN), (1, Stage.ANSWERED)]
    assert stages({}, {TUB.key: Decision.ATTACHED, SKI.key: Decision.OUT_OF_SCOPE}) == [
        (0, Stage.ATTACHED),
        (0, Stage.OUT_OF_SCOPE),
    ]
    assert stages({}, {TUB.key: Decision.OUT_OF_SCOPE, SKI.key: Decision.OPEN}) == [(0, Stage.OPEN)] * 2


def test_questions_are_added_once_and_never_with_something_taken_out() -> None:
    content, added = with_questions(
        {"questions": ["Hot tub OK?"]}, ["hot tub ok", "is [name] there", "can  I ski", "CAN I SKI", "?!"]
    )
    assert (content["questions"], added) == (["Hot tub OK?", "can I ski"], 1)


def test_the_last_decision_counts(desk_world: World) -> None:
    with desk_world.change() as connection:
        mark(connection, ["a", "b"], Decision.OUT_OF_SCOPE, 1, 1.0)
        mark(connection, ["a"], Decision.ATTACHED, 2, 2.0, "afo")
        assert marks(connection) == {
            "a": Mark(Decision.ATTACHED, "afo", 2, 2.0),
            "b": Mark(Decision.OUT_OF_SCOPE, None, 1, 1.0),
        }


def test_messages_come_from_the_records_of_the_bot(desk_world: World, tmp_path: Path) -> None:
    assert [message.text for message in unanswered_messages(desk_world.console.desk.engine)] == MESSAGES
    assert unanswered_messages(World(tmp_path / "empty").console.desk.engine) == []


def test_what_was_asked_where_the_answer_did_not_help_is_among_them(desk_world: World) -> None:
    records = Records(records_address(desk_world.settings), str.strip)
    records.helpful("visitor", "m1", False, "afo", "Wear it.", "but for how long")
    records.helpful("visitor", "m2", True, "afo", "Wear it.", "thanks")
    records.close()
    found = unanswered_messages(desk_world.console.desk.engine)
    assert [(each.text, each.about) for each in found if each.unhelpful] == [("but for how long", "afo")]


def keys(*texts: str) -> list[str]:
    return [each.key for each in wordings(Unanswered(text, "") for text in texts)]


@pytest.fixture
def sam(desk_world: World) -> Visitor:
    return desk_world.visitor(Role.SUPPORT)


def stage(visitor: Visitor, name: str) -> str:
    return visitor.get(f"/unanswered?stage={name}").text


def test_support_attaches_messages_and_an_editor_finds_them_in_a_draft(desk_world: World, sam: Visitor) -> None:
    page = stage(sam, "open")
    assert "4 messages that the bot could not place" in page
    assert "something was taken out: no question" in page
    told = sam.send("/unanswered/attach", {"wording": keys(*MESSAGES[:3]), "topic": "cold-toe"})
    assert "1 became questions in the draft of this topic." in told.text
    assert "attached to About a cold toe" in stage(sam, "attached")
    edit = desk_world.visitor(Role.EDITOR).get("/improve/topic:cold-toe/edit").text
    assert "\nHot tub, OK</textarea>" in edit or "\nhot tub ok?</textarea>" in edit
    assert sam.get("/improve").status_code == 403
    with desk_world.change() as connection:
        edit_kept = desk_world.console.editing.see(connection, topic_item("cold-toe"), desk_world.console.clock())
    assert edit_kept.history.edit is not None
    again = sam.send("/unanswered/attach", {"wording": keys(MESSAGES[0]), "topic": "cold-toe"})
    assert "0 became questions" in again.text
    assert desk_world.log()[0].details == {"messages": 2, "added": 1}
    assert all("tub" not in str(entry) for entry in desk_world.log())


def test_a_new_topic_begins_with_the_messages_as_its_questions(desk_world: World) -> None:
    anna = desk_world.visitor(Role.EDITOR)
    page = anna.send(
        "/unanswered/start", {"wording": keys("can I ski"), "title": "Skiing", "slug": "skiing"}, page="/account"
    )
    assert page.url.path == "/improve/topic:skiing/edit"
    assert "\ncan I ski</textarea>" in page.text
    twice = anna.send("/unanswered/start", {"wording": keys("can I ski"), "title": "Skiing", "slug": "skiing"})
    assert "There is a topic of this name already." in twice.text
    bad = anna.send("/unanswered/start", {"wording": keys("can I ski"), "title": "Skiing", "slug": "Not so!"})
    assert "small letters, digits and hyphens" in bad.text


def test_out_of_scope_leaves_the_list_and_comes_back(desk_world: World, sam: Visitor) -> None:
    sam.send("/unanswered/out-of-scope", {"wording": keys("can I ski")})
    assert "can I ski" not in stage(sam, "open")
    assert "can I ski" in stage(sam, "out-of-scope")
    sam.send("/unanswered/open", {"wording": keys("can I ski"), "stage": "out-of-scope"})
    assert "can I ski" in stage(sam, "open")


def test_nothing_chosen_is_told(desk_world: World, sam: Visitor) -> None:
    told = sam.send("/unanswered/attach", {"topic": "cold-toe", "wording": ["gone"]})
    assert "Choose at least one message." in told.text
