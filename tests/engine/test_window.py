"""What rules look at is the same for the latest turns as for all of them."""

from __future__ import annotations

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.window import Window
from tests.engine.talking import opening, turn

DOMAIN = Domain.from_dict(
    {
        "intents": ["ask", "start", "reply", "stop"],
        "actions": ["action_answer", "action_begin"],
        "forms": {"check_in": {"required_slots": []}},
    }
)


def asks(intent: str, *events: Event) -> list[Event]:
    """A turn of an intent."""
    return [UserUttered(intent, {"name": intent}), *events, BotUttered("..."), ActionExecuted("action_listen")]


ANSWER = [ActionExecuted("action_answer")]
BEGIN = [ActionExecuted("action_begin"), ActionExecuted("check_in"), ActiveLoop("check_in")]
REPLY = [ActionExecuted("check_in")]
END = [ActionExecuted("check_in"), ActiveLoop(None), ActionExecuted("action_answer")]


@pytest.mark.parametrize(
    "turns",
    [
        [asks("ask", *ANSWER)] * 6,
        [asks("ask", *ANSWER)] * 3 + [asks("start", *BEGIN)] + [asks("reply", *REPLY)] * 5,
        [asks("start", *BEGIN)] + [asks("reply", *REPLY)] * 3 + [asks("reply", *END)] + [asks("ask", *ANSWER)] * 4,
        [asks("start", *BEGIN), asks("reply", *END), asks("start", *BEGIN), asks("reply", *REPLY)],
        [asks("ask", *ANSWER)],
    ],
    ids=["answers", "in a check-in", "after a check-in", "two check-ins", "one turn"],
)
def test_the_latest_states_are_those_of_the_whole_conversation(turns: list[list[Event]]) -> None:
    events = [*opening(), *(event for one in turns for event in one)]
    for end in range(len(opening()) + 1, len(events) + 1):
        whole = DialogueStateTracker.from_events("ana", events[:end], DOMAIN.slots)
        window = Window.of("ana", DOMAIN.slots, None, events[:end], 1)
        seen, all_states = window.past_states(DOMAIN), whole.past_states(DOMAIN)
        assert len(seen) > min(2, len(all_states) - 1)
        assert seen[1:] == all_states[len(all_states) - len(seen) + 1 :]


def test_few_states_are_made_of_many_turns() -> None:
    events = [*opening(), *(event for _ in range(12) for event in asks("ask", *ANSWER))]

    assert len(Window.of("ana", DOMAIN.slots, None, events, 1).past_states(DOMAIN)) == 6


def test_all_states_are_made_where_a_slot_has_a_say() -> None:
    slots = Domain.from_dict(
        {"slots": {"mood": {"type": "text", "influence_conversation": True, "mappings": [{"type": "custom"}]}}}
    ).slots
    events = [*opening(), *(event for _ in range(12) for event in turn("hello"))]
    window = Window.of("ana", slots, None, events, 1)

    assert len(window.past_states(DOMAIN)) == len(
        DialogueStateTracker.from_events("ana", events, slots).past_states(DOMAIN)
    )


def test_a_copy_is_a_window_too() -> None:
    window = Window.of("ana", DOMAIN.slots, None, [*opening(), *turn("hello")], 1)

    assert isinstance(window.copy(), Window)
    assert list(window.copy().events) == list(window.events)
