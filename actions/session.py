"""A new session after a pause: what is known goes on, and a check-in that was broken off is on again."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.check_in import FORM, REPLY
from actions.interview_memory import memory_of, state_of
from actions.speaking import Events

NOT_CARRIED = ("requested_slot", "interview_reply", "session_started_metadata")
"""Slots that belong to one turn or to one session."""


class ActionSessionStart(Action):
    """Begins a session with the present value of every slot, and with the form that was running.

    Rasa's own action repeats every setting of every slot since the beginning, so that each session of a person who
    comes back for months would be longer than the one before; and it leaves the running form behind.
    """

    def name(self) -> str:
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        running = state_of(tracker) is not None and bool(memory_of(tracker).get("question"))
        known = [
            SlotSet(name, value)
            for name, value in tracker.slots.items()
            if value is not None and name not in NOT_CARRIED
        ]
        form = [SlotSet("requested_slot", REPLY), ActiveLoop(FORM)] if running else [SlotSet("requested_slot", None)]
        return [SessionStarted(), *known, *form, ActionExecuted("action_listen")]
