"""Escalations: the first thing a person sees when a message tells of danger."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.interview_memory import state_of
from actions.speaking import (
    WAITING,
    Events,
    Run,
    content,
    intent_of,
    note_escalation,
    reading_of,
    region_of,
    say_fixed,
    say_not_placed,
    text_of,
)
from bot.records import records
from bot.replies.after_danger import CHECK_IN_SLOTS, slots_after_escalation
from bot.replies.asked_in_danger import answer_in_danger, questions_beside, settled, settles
from bot.replies.check_in import emergency_reply, interview
from bot.replies.escalations import (
    YES_NO_NOT_SURE,
    Told,
    danger_check_again,
    danger_check_reply,
    escalation_reply,
    help_question,
    said_before,
    steps_again,
    told_lately,
)
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Kind, Reply
from bot.replies.topics import answer_matters, go_on_reply, not_placed
from bot.safety.record import RED_FLAG, verdict_from_dict
from bot.triage.turns import EMERGENCY
from bot.understanding.ordinals import only_chosen

START_CHECK, BEGIN_CHECK = "start_check", "action_begin_check"
"""The intent of asking for the check-in, and the action that begins it."""

CHECK_IN_ENDS: Events = [ActiveLoop(None), *(SlotSet(name, value) for name, value in CHECK_IN_SLOTS.items())]
"""Ends a running check-in. Its answers stay in the interview slot, and the danger is added to them."""


def escalate(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    verdict: dict[str, Any],
    text: str,
    reading: Mapping[str, Any],
) -> Events:
    """Say the escalation, ask whether help is coming, and note it for staff. What the message also asked (`reading`)
    waits, and is offered unless calling comes first."""
    told = content().regions.told_in(text)
    region = told.region if told is not None else region_of(tracker)
    slots = tracker.current_slot_values()
    before = said_before(slots)
    reply = escalation_reply(content(), verdict_from_dict(verdict), region, before)
    known = (verdict["category"], verdict["level"])
    plain = answer_in_danger(content(), known, text, region, open_now=True) if known in before else None
    if plain is not None:
        reply = replace(reply, text=plain.text)
    for message in (reply, *help_question(content(), verdict, slots, region)):
        dispatcher.utter_message(**message.as_message())
    note_escalation(tracker, text, verdict, reply.text)
    left = questions_beside(content(), known, reading)
    if verdict["level"] != EMERGENCY and not asks_for_check_in(reading):
        for offer in go_on_reply(content(), left):
            dispatcher.utter_message(**offer.as_message())
    waiting = [*left, *(tracker.get_slot(WAITING) or ())]
    changed = {**slots_after_escalation(slots, verdict), "region": region, WAITING: waiting}
    return [ActiveLoop(None), *(SlotSet(name, value) for name, value in changed.items())]


def check_in_asked_for(reading: Mapping[str, Any], level: str) -> Events:
    """Begins the check-in that the same message asked for. In an emergency it stays away: calling comes first."""
    return [FollowupAction(BEGIN_CHECK)] if asks_for_check_in(reading) and level != EMERGENCY else []


def asks_for_check_in(reading: Mapping[str, Any]) -> bool:
    """Whether a message asks for the check-in."""
    return reading.get("intent") == START_CHECK


class ActionEscalate(Action):
    """Tells the person what to do now, and begins the check-in where it was asked for beside a same-day sign."""

    def name(self) -> str:
        return "action_escalate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        verdict = (tracker.latest_message or {})[RED_FLAG]
        if verdict["category"] in {category for category, _ in said_before(tracker.current_slot_values())}:
            settled = hear_settled(dispatcher, tracker, verdict["category"])
            if settled:
                return settled
        events = escalate(dispatcher, tracker, verdict, text_of(tracker), reading_of(tracker))
        return [*events, *check_in_asked_for(reading_of(tracker), verdict["level"])]


class ActionCheckDanger(Action):
    """Asks the one check question when it is in doubt whether a danger is happening now."""

    def name(self) -> str:
        return "action_check_danger"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        verdict = (tracker.latest_message or {})[RED_FLAG]
        if (tracker.get_slot("emergency") or {}).get("category") == verdict["category"]:
            settled = hear_settled(dispatcher, tracker, verdict["category"])
            if not settled:
                say_steps_again(dispatcher, tracker)  # it is open: to ask would only keep the person from calling
            return settled
        reply = danger_check_reply(content(), verdict_from_dict(verdict), region_of(tracker))
        dispatcher.utter_message(**reply.as_message())
        waiting = {
            "verdict": verdict,
            "text": text_of(tracker),
            "reading": reading_of(tracker),
            "check_in": tracker.active_loop.get("name"),
        }
        return [*CHECK_IN_ENDS, SlotSet("danger_check", waiting)]


class ActionResolveDangerCheck(Action):
    """Acts on the answer to the check question: only a clear "no" stands it down."""

    def name(self) -> str:
        return "action_resolve_danger_check"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        waiting = tracker.get_slot("danger_check")
        text, reading = text_of(tracker), reading_of(tracker)
        says_no = only_chosen(text, len(YES_NO_NOT_SURE)) == YES_NO_NOT_SURE.index("No") + 1
        says_no = says_no or intent_of(tracker) == "deny" or content().thresholds.below_danger.plainly_no(text)
        asks = reading.get("in_scope") or reading.get("matters")
        tells_more = bool((tracker.latest_message or {}).get(RED_FLAG))
        if asks and not says_no and not tells_more and not waiting.get("again"):
            # plainly something else, as the question did not say what it is about: once more, with the words
            reply = danger_check_again(
                content(), verdict_from_dict(waiting["verdict"]), waiting["text"], region_of(tracker)
            )
            dispatcher.utter_message(**reply.as_message())
            return [SlotSet("danger_check", {**waiting, "again": True, "reading": reading})]
        if not says_no:
            sure = {**waiting["verdict"], "sure": True}
            events = escalate(dispatcher, tracker, sure, waiting["text"], waiting["reading"])
            return [*events, *check_in_asked_for(waiting["reading"], sure["level"])]
        say_fixed(dispatcher, tracker, "danger-denied", only=True)
        events = [SlotSet("danger_check", None)]
        if waiting.get("check_in"):
            return [*events, FollowupAction(waiting["check_in"])]
        if waiting["reading"].get("intent") == START_CHECK:
            return [*events, FollowupAction(BEGIN_CHECK)]
        if waiting["reading"].get("in_scope") or waiting["reading"].get("matters"):
            outcome = answer_matters(content(), waiting["reading"], region_of(tracker))
            for reply in outcome.replies:
                dispatcher.utter_message(**reply.as_message())
            events += [SlotSet("last_topic", outcome.topic), SlotSet("waiting", list(outcome.waiting))]
        else:
            say_fixed(dispatcher, tracker, "danger-denied-what-else")
        return events


AFTER_EMERGENCY = ("help_comes", "cannot_call", "fine_now")
"""Intents that tell what became of an emergency."""


def after_emergency(dispatcher: CollectingDispatcher, tracker: Tracker, intent: str) -> Events:
    """Hear what became of a danger. The advice stands; the line with the number is put away once help is coming.

    "It has passed" is not believed when a word speaks against it. Where no danger was told, nobody need be called.
    """
    danger = told_danger(tracker)
    rules, text = content().thresholds.below_danger, text_of(tracker)
    passed = rules.has_passed(text) and not rules.asks_whether_to_wait(text)
    goes_on = (intent == "fine_now" and not passed) or (intent == "help_comes" and not rules.help_comes(text))
    no_call = intent == "cannot_call" and not tracker.get_slot("emergency") and not rules.speaks_of_calling(text)
    if danger is not None and (goes_on or no_call):
        say_steps(dispatcher, tracker, *danger)
        return []
    if danger is None and intent == "cannot_call" and rules.needs_text(text):
        say_fixed(dispatcher, tracker, "text-for-help")
        return []
    if danger is None and intent == "cannot_call":
        say_not_placed(dispatcher, tracker, not_placed(content(), reading_of(tracker), region_of(tracker)))
        return []
    if not tracker.get_slot("emergency") and intent != "cannot_call":
        say_fixed(dispatcher, tracker, "affirm")
        return []
    settled = hear_settled(dispatcher, tracker, danger[0]) if danger is not None and intent == "fine_now" else []
    if settled:
        return settled
    name = {"help_comes": "help-comes", "cannot_call": "cannot-call"}.get(intent, "fine-now")
    say_fixed(dispatcher, tracker, name, only=True)
    if intent == "fine_now":
        records().correction(tracker.sender_id, text_of(tracker))
    return [] if intent == "cannot_call" else [SlotSet("emergency", None)]


def hear_settled(dispatcher: CollectingDispatcher, tracker: Tracker, category: str | None) -> Events:
    """Hear that a danger has passed which then asks for something else, such as a blood pressure surge whose cause was
    found. Nothing when it does not, or when the message does not say so."""
    flag = content().red_flags.get(category or "")
    if flag is None or flag.settled is None or not settles(content(), flag, text_of(tracker)):
        return []
    dispatcher.utter_message(**settled(content(), flag.slug, region_of(tracker)).as_message())
    records().correction(tracker.sender_id, text_of(tracker))
    told = [*(tracker.get_slot("escalated") or ()), [flag.slug, flag.settled.value, time.time()]]
    return [SlotSet("emergency", None), SlotSet("escalated", told)]


def told_danger(tracker: Tracker) -> Told | None:
    """The danger that is open, or the last that was told in this conversation: its category and level."""
    emergency = tracker.get_slot("emergency")
    if emergency:
        return emergency["category"], emergency["level"]
    return next(reversed(said_before(tracker.current_slot_values())), None)


def say_steps(dispatcher: CollectingDispatcher, tracker: Tracker, category: str | None, level: str) -> None:
    """Say once more what to do in a danger: the line that answers what is asked first, if one does. An emergency of the
    check-in whose sign was not named has no category."""
    state = state_of(tracker)
    if category is not None:
        plain = answer_in_danger(content(), (category, level), text_of(tracker), region_of(tracker), open_now=True)
        reply = plain or steps_again(content(), category, level, region_of(tracker))
    elif state is not None:
        said = emergency_reply(content(), interview().result(state), region_of(tracker))
        reply = Reply(Kind.NOTICE, said.text, metadata={"level": level})
    else:
        reply = fixed_reply(content(), "after-emergency", region_of(tracker))
    dispatcher.utter_message(**reply.as_message())


def say_steps_again(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Say once more what to do in the emergency that is open; False when none is."""
    emergency = tracker.get_slot("emergency")
    if emergency:
        say_steps(dispatcher, tracker, emergency["category"], emergency["level"])
    return bool(emergency)


def steps_first(run: Run) -> Run:
    """For an action: what is asked of a danger that is open, or was told shortly before, is answered by that danger,
    and that it has passed is heard; everything else as before."""

    @wraps(run)
    def either(self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        emergency = tracker.get_slot("emergency")
        has_settled = hear_settled(dispatcher, tracker, emergency["category"]) if emergency else []
        if has_settled:
            return has_settled
        reply = _of_the_danger(tracker)
        if reply is not None:
            dispatcher.utter_message(**reply.as_message())
            return []
        waits = content().thresholds.below_danger.asks_whether_to_wait(text_of(tracker))
        if waits and say_steps_again(dispatcher, tracker):
            return []  # it is the check-in's, of which no sign was named
        return run(self, dispatcher, tracker, domain)

    return either


def _of_the_danger(tracker: Tracker) -> Reply | None:
    """What a danger says to the message by itself: an open emergency, one for the same day told in the last hours, or
    one that was closed shortly before."""
    rules, slots = content().thresholds.below_danger, tracker.current_slot_values()
    emergency, text, region = slots.get("emergency"), text_of(tracker), region_of(tracker)
    if emergency and emergency["category"]:
        return answer_in_danger(content(), (emergency["category"], emergency["level"]), text, region, open_now=True)
    lately = told_lately(slots, rules.careful_minutes)
    fresh = told_lately(slots, rules.fresh_minutes) is not None
    if lately is None or not (fresh or lately[1] == "urgent"):
        return None
    return answer_in_danger(content(), lately, text, region, fresh=fresh)


def answer_whether_help_comes(dispatcher: CollectingDispatcher, tracker: Tracker, intent: str) -> Events:
    """Hear a yes or a no to whether help is on the way. One with more in it ("yes, today") may mean something else:
    what to do is said again, and the question comes again."""
    if content().thresholds.below_danger.answers_help(text_of(tracker)):
        return after_emergency(dispatcher, tracker, "help_comes" if intent == "affirm" else "cannot_call")
    return ask_again_whether_help_comes(dispatcher, tracker)


def ask_again_whether_help_comes(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Say the steps of the open emergency, and the question whether help is on the way."""
    say_steps_again(dispatcher, tracker)
    say_fixed(dispatcher, tracker, "help-on-the-way", only=True, offer="help-on-the-way")
    return []


class ActionAfterEmergency(Action):
    """Hears what became of an emergency."""

    def name(self) -> str:
        return "action_after_emergency"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        return after_emergency(dispatcher, tracker, intent_of(tracker))


class ActionTellRegion(Action):
    """Remembers where the person is, so that the right numbers are shown."""

    def name(self) -> str:
        return "action_tell_region"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        region = content().regions.named_in(text_of(tracker))
        if region is None:
            say_fixed(dispatcher, tracker, "region-unknown")
            return []
        tracker.slots["region"] = region.region
        say_fixed(dispatcher, tracker, "region-known")
        return [SlotSet("region", region.region)]
