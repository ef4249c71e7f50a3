"""A turn is kept whole or not at all, and only one of bot and guard answers."""

from __future__ import annotations

import pytest
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.turn import Turn, action_failed

ANSWER = {"text": "Clonus is ...", "metadata": {"kind": "answer"}}
QUESTION = {"text": "Question 2", "metadata": {"kind": "question"}}
LISTEN = ActionExecuted("action_listen")
SORRY = BotUttered("Sorry, something went wrong.")

SAID = [UserUttered("hello"), ActionExecuted("action_answer"), BotUttered("Clonus is ..."), LISTEN]


def conversation(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("somebody", list(events), [AnySlot("interview", [], None)])


def test_a_turn_that_said_something_is_kept() -> None:
    turn = Turn([ANSWER])

    assert turn.may_keep(conversation(*SAID))
    assert (turn.kept, turn.failed, turn.give_up()) == (True, False, False)


def test_a_turn_that_said_nothing_is_not_kept() -> None:
    turn = Turn([])

    assert not turn.may_keep(conversation(*SAID))
    assert turn.failed


def test_a_turn_whose_store_failed_is_not_kept() -> None:
    turn = Turn([ANSWER])
    turn.failed = True

    assert not turn.may_keep(conversation(*SAID))


def test_a_turn_whose_place_was_taken_is_not_kept() -> None:
    turn = Turn([ANSWER])

    assert turn.give_up()
    assert not turn.may_keep(conversation(*SAID))
    assert not turn.kept


def test_an_answer_that_comes_late_is_kept_with_what_was_said_meanwhile() -> None:
    turn = Turn([ANSWER])
    tracker = conversation(*SAID)

    assert turn.speak_before([SORRY])
    assert turn.may_keep(tracker)
    assert [event.text for event in tracker.events if isinstance(event, BotUttered)] == ["Clonus is ...", SORRY.text]


def test_a_question_that_comes_late_is_not_kept() -> None:
    turn = Turn([QUESTION])
    turn.speak_before([SORRY])

    assert not turn.may_keep(conversation(*SAID))


def test_an_answer_inside_a_check_in_that_comes_late_is_not_kept() -> None:
    turn = Turn([ANSWER])
    turn.speak_before([SORRY])

    assert not turn.may_keep(conversation(*SAID, ActiveLoop("triage_interview")))


def test_nothing_comes_before_a_turn_that_is_kept_already() -> None:
    turn = Turn([ANSWER])
    turn.may_keep(conversation(*SAID))

    assert not turn.speak_before([SORRY])


def test_what_was_known_is_what_the_first_reading_found() -> None:
    turn = Turn([ANSWER])
    turn.read(conversation(SlotSet("interview", {"at": 1})))
    turn.read(conversation(SlotSet("interview", {"at": 2})))

    assert turn.slots is not None
    assert turn.slots["interview"] == {"at": 1}


@pytest.mark.parametrize(
    ("events", "failed"),
    [
        (SAID, False),
        ([UserUttered("no"), ActionExecuted("triage_interview"), LISTEN], True),
        (
            [UserUttered("no"), ActionExecuted("action_answer"), ActionExecuted("triage_interview"), BotUttered("Q")],
            True,
        ),
        ([UserUttered("no"), ActionExecuted("triage_interview")], True),
        ([ActionExecuted("action_session_start"), LISTEN, UserUttered("no")], False),
        ([ActionExecuted("triage_interview"), LISTEN, *SAID], False),
    ],
    ids=["said", "nothing behind it", "one of two", "the last one", "a new conversation", "an earlier turn"],
)
def test_an_action_that_left_nothing_behind_has_failed(events: list[Event], failed: bool) -> None:
    assert action_failed(events) == failed
