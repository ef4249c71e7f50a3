"""The part of a conversation that a turn works with: its latest turns, and what was known before them.

Rasa replays every event of a tracker several times a turn, so a turn of a long conversation would cost more and more.
A window holds the latest turns only. What was known when it begins stands before them as if a session had just begun.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_KEPT = 8
"""Turns that a window holds at least, where there were so many; it is cut when it holds twice as many."""


TURNS_FOR_RULES = 2
"""Turns that rules look at. Ours begin with the message and end with its turn; one more is for safety."""


@dataclass(frozen=True)
class Known:
    """What a conversation knows at the end of a turn, as plain data: slots that have a value, and the running form."""

    slots: Mapping[str, Any]
    loop: str | None

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return {"slots": dict(self.slots), "loop": self.loop}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Known:
        """From the database."""
        return cls(data["slots"], data["loop"])

    def as_events(self, at: float) -> list[Event]:
        """What a session begins with that knows this. `at`: seconds, of what follows."""
        slots = [SlotSet(name, value, at) for name, value in self.slots.items()]
        loop = [ActiveLoop(self.loop, at)] if self.loop else []
        return [
            ActionExecuted(ACTION_SESSION_START_NAME, timestamp=at),
            SessionStarted(at),
            *slots,
            *loop,
            ActionExecuted(ACTION_LISTEN_NAME, timestamp=at),
        ]


class Window(DialogueStateTracker):
    """A tracker of the latest turns.

    `stored`: how many of its events, from the first, are in the log or stand for what was known before; `version`:
    which writing of the conversation it was read from, 0 for one that was never written.
    """

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None, *more: Any, **rest: Any) -> None:
        super().__init__(sender_id, slots, *more, **rest)
        self.stored = 0
        self.version = 0

    @classmethod
    def of(
        cls, conversation: str, slots: Iterable[Slot], known: Known | None, events: Sequence[Event], version: int
    ) -> Window:
        """The window of what was `known` before `events`."""
        before = known.as_events(events[0].timestamp if events else 0.0) if known is not None else []
        window: Window = cls.from_events(conversation, [*before, *events], slots)
        window.stored = len(window.events)
        window.version = version
        return window

    def init_copy(self) -> Window:
        """An empty window of the same conversation; Rasa replays the events into it."""
        return Window(
            self.sender_id, self.slots.values(), self._max_event_history, is_rule_tracker=self.is_rule_tracker
        )

    def generate_all_prior_trackers(self) -> Generator[tuple[DialogueStateTracker, bool], None, None]:
        """What the conversation was before each action, of the turns that rules look at: policies ask for nothing
        else, and making it is a good part of what a prediction costs."""
        yield from DialogueStateTracker.generate_all_prior_trackers(self._for_rules())

    def _for_rules(self) -> DialogueStateTracker:
        """The latest TURNS_FOR_RULES turns and what came before them back to where no form ran; all of them when a slot
        has a say in what is done next."""
        events = list(self.events)
        begin = _begin_for_rules(events)
        if begin == 0 or any(slot.influence_conversation for slot in self.slots.values()):
            return self
        latest = self.init_copy()
        for event in events[begin:]:
            latest.update(event)
        return latest

    def new_events(self) -> list[Event]:
        """What is not in the log yet."""
        return list(self.events)[self.stored :]

    def written(self, version: int) -> None:
        """Everything is in the log now."""
        self.stored = len(self.events)
        self.version = version


def _begin_for_rules(events: Sequence[Event]) -> int:
    """The place of the listening that comes before the turns that rules look at; 0 for the beginning."""
    turns = 0
    loops = [event.name for event in events if isinstance(event, ActiveLoop)]
    running = loops[-1] if loops else None
    for place in range(len(events) - 1, 0, -1):
        event = events[place]
        if isinstance(event, ActiveLoop):
            loops.pop()
            running = loops[-1] if loops else None
        turns += isinstance(event, UserUttered)
        if isinstance(event, UserUttered) and turns >= TURNS_FOR_RULES and running is None:
            before = events[place - 1]
            if isinstance(before, ActionExecuted) and before.action_name == ACTION_LISTEN_NAME:
                return place - 1
    return 0


def known_in(tracker: DialogueStateTracker) -> Known | None:
    """What a conversation knows now; None in the middle of a turn."""
    latest = tracker.events[-1] if tracker.events else None
    if not isinstance(latest, ActionExecuted) or latest.action_name != ACTION_LISTEN_NAME:
        return None
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    return Known(slots, tracker.active_loop_name)


def turns_in(events: Iterable[Event]) -> int:
    """How often the person wrote."""
    return sum(isinstance(event, UserUttered) for event in events)


def session_start_in(events: Sequence[Event]) -> int | None:
    """The place of the latest beginning of a session; None when none began."""
    places = [place for place, event in enumerate(events) if isinstance(event, SessionStarted)]
    return places[-1] if places else None
