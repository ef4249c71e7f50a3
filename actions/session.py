"""A new session: what was told stays, and a check-in that was broken off is on again."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.check_in import FORM, REPLY
from actions.interview_memory import memory_of, state_of
from actions.speaking import Events


class ActionSessionStart(Action):
    """Begins a session. Rasa keeps the slots of the last one, but not the form that was running."""

    def name(self) -> str:
        return "action_session_start"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        running = state_of(tracker) is not None and bool(memory_of(tracker).get("question"))
        slots = {name: value for name, value in tracker.slots.items() if value is not None}
        slots["requested_slot"] = REPLY if running else None
        events = [SessionStarted(), *(SlotSet(name, value) for name, value in slots.items())]
        return [*events, *([ActiveLoop(FORM)] if running else []), ActionExecuted("action_listen")]
