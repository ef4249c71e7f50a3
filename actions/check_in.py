"""The check-in: hands each reply to the interview, and says what it answers."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speaking import Events, content, intent_of, reading_of, region_of, say, say_fixed, text_of
from bot.replies.check_in import emergency_reply, interview, question_reply, result_reply, summary_reply
from bot.replies.topics import answer_topics
from bot.triage.interview import EMERGENCY, Turn
from bot.triage.interview_state import InterviewState

FORM = "triage_interview"
REPLY = "interview_reply"
BUTTON_WORDS = ("check my symptoms",)
"""What starts a check-in without saying anything about the problem."""


def kept_after(turn: Turn) -> dict[str, Any]:
    """What the interview slot holds after a turn."""
    return {"state": turn.state.to_json(), "say": list(turn.say), "over": turn.prompt is None or bool(turn.state.ended)}


def state_of(tracker: Tracker) -> InterviewState:
    """Where the check-in stands."""
    return InterviewState.from_json((tracker.get_slot("interview") or {}).get("state"))


class ActionBeginCheck(Action):
    """Begins a check-in, or goes on with one that was broken off."""

    def name(self) -> str:
        return "action_begin_check"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        kept = tracker.get_slot("interview")
        if kept and not kept["over"]:
            turn = interview().go_on(state_of(tracker))
        else:
            text = text_of(tracker)
            opening = "" if text.casefold().strip(" .!") in BUTTON_WORDS else text
            turn = interview().start(problem=tracker.get_slot("last_topic"), opening_text=opening)
            say_fixed(dispatcher, tracker, "check-in-intro", only=True)
        return [SlotSet("interview", kept_after(turn)), FollowupAction(FORM)]


class ActionAskInterviewReply(Action):
    """Puts the question the check-in stands at."""

    def name(self) -> str:
        return "action_ask_triage_interview_interview_reply"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        kept = tracker.get_slot("interview") or {}
        prompt = interview().prompt(state_of(tracker))
        if prompt is not None:
            say(dispatcher, tracker, question_reply(prompt, kept.get("say", ())))
        return [SlotSet("interview", {**kept, "say": []})]


class ValidateTriageInterview(FormValidationAction):
    """Reads each reply; the form goes on until the interview is over."""

    def name(self) -> str:
        return "validate_triage_interview"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[str]:
        return [] if (tracker.get_slot("interview") or {}).get("over") else [REPLY]

    def validate_interview_reply(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Hand the reply to the interview. What is not an answer is answered here; the question then comes again."""
        turn = interview().receive(state_of(tracker), str(value))
        if turn.event == "digression":
            self._digress(dispatcher, tracker)
        if turn.event == "person_asked" or turn.offer_person:
            say_fixed(dispatcher, tracker, "ask_human")
        return {REPLY: None, "interview": kept_after(turn)}

    @staticmethod
    def _digress(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        reading, intent = reading_of(tracker), intent_of(tracker)
        if reading["in_scope"]:
            say(dispatcher, tracker, *answer_topics(content(), reading, region_of(tracker)).replies)
        else:
            say_fixed(dispatcher, tracker, intent if intent in content().fixed else "not-placed")


class ActionTriageResult(Action):
    """Says what the check-in came to: the emergency at once, or the result with its reasons and steps."""

    def name(self) -> str:
        return "action_triage_result"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = state_of(tracker)
        result = interview().result(state)
        if state.ended == EMERGENCY or result.level == EMERGENCY:
            reply = emergency_reply(content(), result, region_of(tracker))
            say(dispatcher, tracker, reply)
            say_fixed(dispatcher, tracker, "help-on-the-way", only=True, offer="help-on-the-way")
            return [SlotSet("emergency", {"category": reply.metadata["category"], "level": EMERGENCY})]
        for line in (tracker.get_slot("interview") or {}).get("say", ()):
            dispatcher.utter_message(text=line, kind="notice")
        say(dispatcher, tracker, result_reply(content(), result, region_of(tracker)))
        return []


class ActionSummary(Action):
    """Shows the one-page summary of the last check-in."""

    def name(self) -> str:
        return "action_summary"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if not tracker.get_slot("interview"):
            say_fixed(dispatcher, tracker, "no-check-yet")
            return []
        say(dispatcher, tracker, summary_reply(interview().result(state_of(tracker))))
        return []
