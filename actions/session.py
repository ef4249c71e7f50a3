"""A new session after a pause: what is known goes on, how it came to be known does not."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speaking import Events

NOT_CARRIED = ("requested_slot", "interview_reply", "session_started_metadata")
"""Slots that belong to a running form or to one session."""


class ActionSessionStart(Action):
    """Begins a session with the present value of every slot.

    Rasa's own action repeats every setting of every slot since the beginning, so that each session of a person who
    comes back for months would be longer than the one before.
    """

    def name(self) -> str:
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        known = [
            SlotSet(name, value)
            for name, value in tracker.slots.items()
            if value is not None and name not in NOT_CARRIED
        ]
        return [SessionStarted(), *known, ActionExecuted("action_listen")]
