"""The check-in: hands each reply to the interview, and says what it answers."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.about_result import result_first
from actions.below_danger import AFTER_EMERGENCY, after_emergency, say_steps_again
from actions.handover import ASK_HUMAN, ask_for_person
from actions.interview_memory import after_turn, begun, end_said, memory_of, opening_text, paused, sign_of, state_of
from actions.speaking import (
    Events,
    content,
    intent_of,
    note_escalation,
    reading_of,
    region_of,
    say,
    say_fixed,
    say_not_placed,
    text_of,
)
from bot.replies.asked_in_danger import in_short
from bot.replies.check_in import (
    emergency_reply,
    in_between_reply,
    interview,
    private_question,
    result_reply,
    result_talk,
    summary_reply,
)
from bot.replies.escalations import escalation_reply, help_question, said_before, told_lately
from bot.replies.topics import answer_matters_at_once
from bot.safety.record import RED_FLAG, check_in_verdict, interrupts, verdict_from_dict
from bot.triage.summary import sensitive_options
from bot.triage.turns import EMERGENCY, Turn
from bot.understanding.cutting import asks
from bot.understanding.tidy import same_words

FORM = "triage_interview"
REPLY = "interview_reply"
EXPLAIN = "explain_question"


def say_emergency(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> dict[str, Any]:
    """Say the emergency a check-in came to; the slots it changes."""
    result = interview().result(turn.state)
    reply = emergency_reply(content(), result, region_of(tracker), interview().steps_to_omit(turn.state))
    dispatcher.utter_message(**reply.as_message())
    verdict = check_in_verdict(reply.metadata, text_of(tracker))
    if turn.prompt is None:
        for question in help_question(content(), verdict, tracker.current_slot_values(), region_of(tracker)):
            dispatcher.utter_message(**question.as_message())
    note_escalation(tracker, text_of(tracker), verdict, reply.text)
    return {"emergency": {"category": reply.metadata["category"], "level": EMERGENCY}}


def take_up(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Events:
    """Carry on with a turn outside the form: put its question, or say its end."""
    slots: dict[str, Any] = {"interview": after_turn(turn)}
    if turn.event == "emergency":
        slots |= say_emergency(dispatcher, tracker, turn)
        slots["interview"] = end_said(slots["interview"])
    events = [SlotSet(name, value) for name, value in slots.items()]
    return [*events, FollowupAction(FORM)] if turn.prompt is not None else events


class ActionBeginCheck(Action):
    """Begins a check-in, or goes on with one that was broken off."""

    def name(self) -> str:
        return "action_begin_check"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = state_of(tracker)
        if state is not None and state.ended == EMERGENCY:
            say_fixed(dispatcher, tracker, "after-emergency", only=True)
            return take_up(dispatcher, tracker, interview().ask_to_take_back(state))
        if begun(state) and state is not None and state.put and state.ended != "finished":
            return take_up(dispatcher, tracker, interview().go_on(state))
        # A same-day sign told before the check-in stands in its state, though no question was put yet.
        told_before = state.entries if state is not None and not state.put else ()
        turn = interview().start(tracker.get_slot("last_topic"), opening_text(tracker), told_before)
        if state is not None and state.taken_back:
            turn = interview().remember_taken_back(turn, state.taken_back)
        say_fixed(dispatcher, tracker, "check-in-intro", only=True)
        return take_up(dispatcher, tracker, turn)


class ActionAfterCheck(Action):
    """Hears "go back", "change my answer" and the like when no question is on the screen."""

    def name(self) -> str:
        return "action_after_check"

    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        lately = told_lately(tracker.current_slot_values(), content().below_danger.fresh_minutes)
        if lately is not None and intent_of(tracker) == EXPLAIN:
            reply = in_short(content(), lately, region_of(tracker))  # "what does that mean" asks of the danger
            dispatcher.utter_message(**reply.as_message())
            return []
        state = state_of(tracker)
        turn = interview().receive(state, text_of(tracker)) if state is not None and begun(state) else None
        if turn is None or (turn.prompt is None and turn.event != "emergency"):
            if intent_of(tracker) == EXPLAIN and tracker.get_slot("last_topic"):
                return [FollowupAction("action_simpler")]  # "what does that mean" asks of the answer
            # "can I stop it" asks of something else than questions that nobody put, "I am tired of all this" of nothing
            if not say_steps_again(dispatcher, tracker):
                say_fixed(dispatcher, tracker, "about-what" if asks(text_of(tracker)) else "nothing-running")
            return []
        return take_up(dispatcher, tracker, turn)


class ActionAskInterviewReply(Action):
    """Puts the question the check-in stands at."""

    def name(self) -> str:
        return "action_ask_triage_interview_interview_reply"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        question = memory_of(tracker).get("question")
        if question:
            dispatcher.utter_message(**question)
        return []


class ValidateTriageInterview(FormValidationAction):
    """Reads each reply; the form goes on as long as a question is open."""

    def name(self) -> str:
        return "validate_triage_interview"

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[str]:
        return [REPLY] if memory_of(tracker).get("question") else []

    def validate_interview_reply(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> dict[str, Any]:
        """Hand the reply to the interview. What is not an answer is answered here; the question then comes again."""
        state = state_of(tracker)
        intent = intent_of(tracker)
        # None: an escalation in the same turn emptied the slot, and the message was taken before the check-in began.
        if state is None or value is None or intent == "start_check":
            return {REPLY: None}
        if intent == "start_over":
            say_fixed(dispatcher, tracker, "start_over")
            return {REPLY: None, "interview": end_said({"state": interview().forgotten(state).to_json()})}
        if state.ended == EMERGENCY and intent in AFTER_EMERGENCY:
            closed = {event["name"]: event["value"] for event in after_emergency(dispatcher, tracker, intent)}
            return {REPLY: None, "interview": end_said(memory_of(tracker)), **closed}
        take = interview().receive_after_pause if paused(tracker) else interview().receive
        turn = self._with_same_day_sign(dispatcher, tracker, take(state, str(value)))
        slots: dict[str, Any] = {REPLY: None, "interview": after_turn(turn)}
        if turn.event == "emergency":
            slots |= say_emergency(dispatcher, tracker, turn)
            if turn.prompt is None:
                slots["interview"] = end_said(slots["interview"])
        elif turn.event == "digression":
            self._digress(dispatcher, tracker, turn)
        if turn.event == "person_asked":
            ask_for_person(dispatcher, tracker)
        elif turn.offer_person:
            say_fixed(dispatcher, tracker, "ask_human")
        return slots

    @staticmethod
    def _with_same_day_sign(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> Turn:
        """The turn with a same-day sign that the answer told of: its advice is said, and the check-in goes on."""
        verdict = (tracker.latest_message or {}).get(RED_FLAG)
        shown = {same_words(button["title"]) for button in memory_of(tracker)["question"]["buttons"]}
        if verdict is None or not interrupts(verdict) or not verdict["sure"] or same_words(text_of(tracker)) in shown:
            return turn
        before = said_before(tracker.current_slot_values())
        advice = escalation_reply(content(), verdict_from_dict(verdict), region_of(tracker), before)
        dispatcher.utter_message(**advice.as_message())
        note_escalation(tracker, text_of(tracker), verdict, advice.text)
        update = sign_of(verdict["category"], verdict["level"])
        return interview().record(turn.state, update) if update else turn

    @staticmethod
    def _digress(dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn) -> None:
        reading, intent = reading_of(tracker), intent_of(tracker)
        so_far = result_talk().in_between(interview().result(turn.state), text_of(tracker))
        if so_far is not None:
            say(dispatcher, tracker, in_between_reply(so_far))
        elif reading["in_scope"] or reading.get("matters"):
            say(dispatcher, tracker, *answer_matters_at_once(content(), reading, region_of(tracker)))
        elif intent == ASK_HUMAN:
            ask_for_person(dispatcher, tracker)
        elif intent in content().fixed:
            say_fixed(dispatcher, tracker, intent)
        else:
            say_not_placed(dispatcher, tracker)


class ActionTriageResult(Action):
    """Says what the check-in came to, with its reasons and steps."""

    def name(self) -> str:
        return "action_triage_result"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        memory, state = memory_of(tracker), state_of(tracker)
        if state is None or memory.get("end_said"):
            return [SlotSet("interview", memory or None)]  # an action that leaves nothing behind counts as failed
        for line in memory.get("say", ()):
            dispatcher.utter_message(text=line, kind="notice")
        say(dispatcher, tracker, result_reply(content(), interview().result(state), region_of(tracker)))
        return [SlotSet("interview", end_said(memory))]


class ActionSummary(Action):
    """Shows the one-page summary of the last check-in. What is private stands on it only after a yes."""

    def name(self) -> str:
        return "action_summary"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = state_of(tracker)
        if state is None or not state.entries:
            say_fixed(dispatcher, tracker, "no-check-yet")
            return []
        question = private_question(interview().result(state))
        if question is not None:
            say(dispatcher, tracker, question)
            return []
        return self.show(dispatcher, tracker, private=False)

    @staticmethod
    def show(dispatcher: CollectingDispatcher, tracker: Tracker, *, private: bool) -> Events:
        """Say the summary; `private`: with the answers that were asked about first. The page shows the same."""
        state = state_of(tracker)
        if state is None:
            say_fixed(dispatcher, tracker, "no-check-yet")
            return []
        result = interview().result(state)
        agreed = sensitive_options(interview().table, result) if private else ()
        say(
            dispatcher,
            tracker,
            summary_reply(result, agreed=agreed, on_page=tracker.get_latest_input_channel() == "web"),
        )
        return [SlotSet("interview", {**memory_of(tracker), "on_summary": list(agreed)})]
