"""Escalations: the first thing a person sees when a message tells of danger."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.below_danger import (
    hear_settled,
    hear_stopped,
    hears_when,
    is_helped,
    open_danger,
    say_steps_again,
)
from actions.handover import ASK_HUMAN, ask_for_person
from actions.speaking import (
    Events,
    content,
    intent_of,
    last_texts,
    note_escalation,
    reading_of,
    region_of,
    say_fixed,
    text_of,
)
from bot.records import records
from bot.replies.after_danger import ARRIVED, CHECK_IN_SLOTS, slots_after_escalation, with_help
from bot.replies.asked_in_danger import answer_in_danger, help_heard, questions_beside, seen_by_helpers, still_open
from bot.replies.escalations import (
    YES_NO_NOT_SURE,
    danger_check_again,
    danger_check_reply,
    escalation_reply,
    graver_beside,
    help_question,
    said_before,
    told_without,
)
from bot.replies.fixed import fixed_reply
from bot.replies.told_below_danger import Turn, acted_reply, turn_of_danger, verdict_of
from bot.replies.topics import Outcome, answer_matters, go_on_reply, not_placed
from bot.replies.where import CRISIS_CATEGORY
from bot.safety.record import ALONE, RED_FLAG, adds, verdict_from_dict
from bot.safety.verdict import LEARNED
from bot.triage.turns import EMERGENCY
from bot.understanding.correcting import meant_instead
from bot.understanding.cutting import asks, cut, plainly_asks
from bot.understanding.offers import WAITING
from bot.understanding.ordinals import typed_number
from bot.understanding.reading import FOLLOW_UP

START_CHECK, BEGIN_CHECK = "start_check", "action_begin_check"
"""The intent of asking for the check-in, and the action that begins it."""

OF_CONTROL = "neglected-or-controlled"
"""The rule on violence that words of refusing help may fire as well."""

ASKS_FOR_HELP = "asks-for-ambulance"
"""The rule on a message that asks for an ambulance and does not say why."""

SAID_BELOW_CHECK = frozenset({"ask_about", "ask_privacy", "bot_test", "feedback_bad", "goodbye", "insult", "nothing"})
OTHER_BUSINESS = SAID_BELOW_CHECK | {
    ASK_HUMAN, "choose_option", "ask_repeat", "ask_sources", "ask_summary", "go_back", "skip", "start_over",
    "stop_check", "tell_region", "thank", "feedback_good",
}  # fmt: skip
OTHER_BUSINESS_AT = 0.95
"""Intents that neither confirm nor deny a danger, how sure (0 to 1) they must be below the check question, and those
whose own reply is said there."""

NOT_CHECKED = frozenset({"everyday_life", "legal_or_insurance"})
FIRST_AT, FIRST_WORDS = 0.5, 4
"""Below the first check question these do neither, nor what is personal (knowledge/understanding.yml), and all of them
when they are so sure and not shorter: to be asked once more, with the number to call, is no harm."""

MOST_BESIDE = 3
"""Messages about something else after which the check question, asked twice by then, is closed: a later "yes" is not
an answer to it. Each of them is told to call if it is happening."""

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
    region, slots = region_of(tracker), tracker.current_slot_values()
    before = said_before(slots)
    verdict = graver_beside(content(), verdict, before)
    reply = escalation_reply(content(), verdict_from_dict(verdict), region, before, last_texts(tracker))
    known = (verdict["category"], verdict["level"])
    helped = is_helped(tracker)
    told = known in before
    plain = answer_in_danger(content(), known, text, region, open_now=True, helped=helped) if told else None
    if plain is not None and helped:  # "shes been sick" while they come: nobody is told to call or asked again
        dispatcher.utter_message(**replace(reply, text=plain.text).as_message())
        note_escalation(tracker, text, verdict, plain.text)
        return []
    if plain is not None:
        reply = replace(reply, text=plain.text)
    elif content().below_danger.calling.wants_a_call(text):
        says = fixed_reply(content(), "cannot-call-for-you", region).text
        untold = verdict["rule"] == ASKS_FOR_HELP or verdict["rule"].startswith(LEARNED)  # what is wrong
        reply = replace(reply, text=says if untold else f"{says}\n\n{reply.text}")
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


def new_by_itself(tracker: Tracker, verdict: dict[str, Any]) -> dict[str, Any]:
    """In an open emergency the verdict on the message without what was told before, where a rule is sure that this is
    another emergency: "shes having a fit" below a missed dose. Else the verdict as it is."""
    alone = verdict.get(ALONE) or {}
    told = said_before(tracker.current_slot_values())
    certain = alone.get("sure") and alone["level"] == EMERGENCY and not alone["rule"].startswith(LEARNED)
    new = certain and (alone["category"], EMERGENCY) not in told
    return alone if new and tracker.get_slot("emergency") else verdict


def belongs_to_open(tracker: Tracker, verdict: Mapping[str, Any]) -> bool:
    """Whether an alarm below an open emergency is only some likeness to another danger: "I have no car". One that has a
    line to call of its own is another danger: thoughts of death always, violence and poison when they are sure."""
    danger = open_danger(tracker)
    other = danger is not None and danger[0] not in (None, verdict["category"])
    own_line = verdict["category"] in content().regions.lines and verdict["sure"]
    stands = own_line or verdict["category"] == CRISIS_CATEGORY
    refuses = content().below_danger.plainly_asks_to_wait(text_of(tracker))  # "he won't let me ring"
    by_rule = not verdict["rule"].startswith((LEARNED, OF_CONTROL))  # "he won't let me ring, he hit me" is more
    of_refusal = content().red_flags[verdict["category"]].quiet and refuses and not by_rule
    like = verdict["rule"].startswith(LEARNED) and verdict.get("chance", 0.0) < content().below_danger.another_at
    return other and (of_refusal or (not stands and like))


def says_passed(tracker: Tracker, verdict: Mapping[str, Any]) -> bool:
    """Whether an alarm of a lesser level below an open emergency is the news that it has passed: "it's gone, it was
    only five minutes"."""
    passed = content().below_danger.has_passed(text_of(tracker))
    return passed and bool(tracker.get_slot("emergency")) and verdict["level"] != EMERGENCY


def say_still_open(dispatcher: CollectingDispatcher, tracker: Tracker, *, over: bool = False) -> Events:
    """Say what the open emergency says to the message: most of all, to the news that its signs have stopped (`over`: it
    surely says so)."""
    category, level = open_danger(tracker) or (None, "")
    if category is None:
        return []
    stopped = hear_stopped(dispatcher, tracker, content().red_flags[category], over=over)
    if not stopped:
        last, helped = last_texts(tracker), is_helped(tracker)
        reply = still_open(content(), (category, level), text_of(tracker), region_of(tracker), last, helped=helped)
        dispatcher.utter_message(**reply.as_message())
    return stopped


def intent_likely(reading: Mapping[str, Any], intents: Collection[str]) -> bool:
    """Whether a message is rather one of some intents than anything else."""
    return reading.get("intent") in intents and bool(reading["confidence"] >= FIRST_AT)


def only_tells_of_help(tracker: Tracker) -> bool:
    """Whether a message says that help is coming, too short to say more than that."""
    text = text_of(tracker)
    return reading_of(tracker).get("intent") == "help_comes" and content().below_danger.calling.only_help_comes(text)


class ActionEscalate(Action):
    """Tells the person what to do now, and begins the check-in where it was asked for beside a same-day sign."""

    def name(self) -> str:
        return "action_escalate"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        verdict = new_by_itself(tracker, (tracker.latest_message or {})[RED_FLAG])
        if verdict["category"] in {category for category, _ in said_before(tracker.current_slot_values())}:
            settled = hear_settled(dispatcher, tracker, verdict["category"], sure=verdict["sure"])
            if settled:
                return settled
        emergency, region = tracker.get_slot("emergency") or {}, region_of(tracker)
        same = emergency.get("category") == verdict["category"]
        if same and hears_when(dispatcher, tracker):
            return []  # "she is 71" is no new sign, though what was told before makes one of it
        if only_tells_of_help(tracker) and (same or (emergency and belongs_to_open(tracker, verdict))):
            told = (emergency["category"], emergency["level"])
            dispatcher.utter_message(**help_heard(content(), told, region).as_message())
            return [SlotSet("emergency", with_help(emergency))]
        passed = says_passed(tracker, verdict)
        if passed or belongs_to_open(tracker, verdict):
            return say_still_open(dispatcher, tracker, over=passed)
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
        passed = says_passed(tracker, verdict)
        if passed or belongs_to_open(tracker, verdict):
            return say_still_open(dispatcher, tracker, over=passed)
        if content().below_danger.calling.wants_a_call(text_of(tracker)):
            return escalate(dispatcher, tracker, {**verdict, "sure": True}, text_of(tracker), reading_of(tracker))
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
    """Acts on the answer to the check question: only a clear "no" stands it down. What answers nothing is met with the
    question once more, with the person's words; a question from the library is answered after that, and the check
    question stays open."""

    def name(self) -> str:
        return "action_resolve_danger_check"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        waiting = tracker.get_slot("danger_check")
        text, reading = text_of(tracker), reading_of(tracker)
        number = typed_number(text, len(YES_NO_NOT_SURE))
        says_no = number == YES_NO_NOT_SURE.index("No") + 1
        rules, category = content().below_danger, waiting["verdict"]["category"]
        own_line, never = category in content().regions.lines, content().red_flags[category].never
        mistaken = rules.is_mistaken(text, rules.meant_nothing.union(never))
        says_no = says_no or (intent_of(tracker) == "deny" and not asks(text)) or rules.plainly_no(text) or mistaken
        denies = rules.begins_with_no(text)
        long_ago = denies and not own_line and rules.tells_of_long_ago(text) and len(text.split()) <= FIRST_WORDS + 2
        says_no = (
            says_no or (denies and bool(waiting.get("again"))) or (not own_line and rules.is_usual(text)) or long_ago
        )
        tells_more = adds((tracker.latest_message or {}).get(RED_FLAG), waiting["verdict"]) and not denies
        if not says_no and not tells_more and number is None and self._answers_nothing(waiting, text, reading):
            return self._ask_again(dispatcher, tracker, waiting)
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
        asked = reading if reading.get("in_scope") else waiting["reading"]  # "no, I meant the calf stretch"
        if asked.get("in_scope") or asked.get("matters"):
            outcome = answer_matters(content(), asked, region_of(tracker))
            for reply in outcome.replies:
                dispatcher.utter_message(**reply.as_message())
            events += [SlotSet("last_topic", outcome.topic), SlotSet(WAITING, list(outcome.waiting))]
        else:
            say_fixed(dispatcher, tracker, "danger-denied-what-else")
        return events

    @staticmethod
    def _answers_nothing(waiting: Mapping[str, Any], text: str, reading: Mapping[str, Any]) -> bool:
        rules = content().below_danger
        about = reading.get("in_scope") or reading.get("matters")
        elsewhere = reading.get("intent") in OTHER_BUSINESS and reading["confidence"] >= OTHER_BUSINESS_AT
        if waiting.get("again"):
            return bool(about) or elsewhere or rules.only_courteous(text) or plainly_asks(text)
        other = OTHER_BUSINESS | NOT_CHECKED | frozenset(content().thresholds.personal)
        first = intent_likely(reading, other) and len(text.split()) >= FIRST_WORDS
        danger = (waiting["verdict"]["category"], waiting["verdict"]["level"])
        of_it = answer_in_danger(content(), danger, text, None) is not None
        long_ago = rules.tells_of_long_ago(text)  # "I had a stroke in 2019" tells of another time than now
        asked = any(plainly_asks(piece) for piece in cut(text) or [text])  # "yeah ok. but what do i do in a meeting"
        nothing = rules.only_courteous(text) or rules.begins_with_no(text) or asked or long_ago or rules.has_ended(text)
        nothing = nothing or meant_instead(text) is not None  # "he's on tizanidine, not diazepam, sorry"
        nothing = nothing or reading.get("intent") == FOLLOW_UP  # "how long for"
        return bool(about) or of_it or nothing or elsewhere or first

    @staticmethod
    def _ask_again(dispatcher: CollectingDispatcher, tracker: Tracker, waiting: dict[str, Any]) -> Events:
        verdict, region, reading = waiting["verdict"], region_of(tracker), reading_of(tracker)
        if reading.get("intent") == ASK_HUMAN:
            ask_for_person(dispatcher, tracker)
        if not waiting.get("again"):
            of_it = answer_in_danger(content(), (verdict["category"], verdict["level"]), text_of(tracker), region)
            about = reading.get("in_scope") or reading.get("matters") or of_it is not None
            first = "danger-check-first" if about else "danger-check-unsure"
            asked = danger_check_again(content(), verdict_from_dict(verdict), waiting["text"], region, first)
            for reply in (of_it, asked) if of_it is not None else (asked,):
                dispatcher.utter_message(**reply.as_message())
            return [SlotSet("danger_check", {**waiting, "again": True, "reading": reading})]
        about = reading.get("in_scope") or reading.get("matters")
        outcome = answer_matters(content(), reading, region) if about else Outcome(())
        intent, rules = reading.get("intent") or "", content().below_danger
        if not about and intent in SAID_BELOW_CHECK:
            outcome = Outcome((fixed_reply(content(), intent, region),))
        elif not about and intent not in OTHER_BUSINESS and not rules.only_courteous(text_of(tracker)):
            outcome = Outcome((not_placed(content(), reading, region),))
        for reply in (*outcome.replies, fixed_reply(content(), "danger-check-open", region)):
            dispatcher.utter_message(**reply.as_message())
        topic, times = outcome.topic or tracker.get_slot("last_topic"), waiting.get("beside", 0) + 1
        left = {**waiting, "beside": times} if times < MOST_BESIDE else None
        return [SlotSet("danger_check", left), SlotSet("last_topic", topic), SlotSet(WAITING, list(outcome.waiting))]


class ActionTurnOfDanger(Action):
    """Hears what became of a danger that was told: that something was done, that it is back, or that it never was."""

    def name(self) -> str:
        return "action_turn_of_danger"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        slots, text, region = tracker.current_slot_values(), text_of(tracker), region_of(tracker)
        told = turn_of_danger(content(), slots, text)
        if told is None:
            return []
        category = told.danger[0]
        if told.turn is Turn.MISTAKEN:
            name = "fine-now" if category in content().regions.lines else "danger-mistaken"
            say_fixed(dispatcher, tracker, name, only=True)
            records().correction(tracker.sender_id, text)
            return [SlotSet("emergency", None)]
        if told.turn is Turn.SEEN:
            verdict = (tracker.latest_message or {}).get(RED_FLAG)
            reply = seen_by_helpers(content(), told.danger, region, alarm=bool(verdict and verdict["sure"]))
            dispatcher.utter_message(**reply.as_message())
            if not slots.get("emergency"):
                return [SlotSet("escalated", told_without(slots, category))]
            return [SlotSet("emergency", None)]  # it stays told: "it started again" brings it back
        if told.turn is Turn.WITH_HELPERS:
            say_fixed(dispatcher, tracker, "with-helpers", only=True)
            return [SlotSet("emergency", {**with_help(slots["emergency"]), ARRIVED: True})]
        if told.turn is Turn.HELP_COMES:
            late = is_helped(tracker) or content().below_danger.calling.tells_long_wait(text)
            say_fixed(dispatcher, tracker, "until-help-comes" if late else "help-comes", only=True)
            return [SlotSet("emergency", with_help(slots["emergency"]))]
        verdict = verdict_of(told, text)
        if told.turn is Turn.BACK:
            reply = escalation_reply(content(), verdict_from_dict(verdict), region)
        else:
            reply = acted_reply(content(), category, region)
        for message in (reply, *help_question(content(), verdict, slots, region)):
            dispatcher.utter_message(**message.as_message())
        note_escalation(tracker, text, verdict, reply.text)
        changed = slots_after_escalation(slots, verdict)
        return [SlotSet(name, value) for name, value in changed.items()]
