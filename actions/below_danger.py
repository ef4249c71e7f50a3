"""What is said below a danger that was told: what became of it, what is asked of it, and what is asked beside it."""

from __future__ import annotations

import time
from functools import wraps
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.interview_memory import state_of
from actions.speaking import (
    Events,
    Run,
    content,
    intent_of,
    last_texts,
    reading_of,
    region_of,
    say_fixed,
    say_not_placed,
    text_of,
)
from bot.records import records
from bot.replies.after_danger import ARRIVED, HELP_AT, SAID_OVER, with_help
from bot.replies.asked_in_danger import (
    answer_in_danger,
    in_short,
    of_calling,
    once_over,
    settled,
    settles,
    when_it_began,
)
from bot.replies.check_in import emergency_reply, interview
from bot.replies.escalations import Told, said_before, steps_again, told_lately, told_without
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Kind, Reply
from bot.replies.topics import not_placed
from bot.safety.record import RED_FLAG
from bot.understanding.calling import says
from bot.understanding.cutting import asks
from knowledge.red_flag_models import RedFlag

AFTER_EMERGENCY = ("help_comes", "cannot_call", "fine_now")
"""Intents that tell what became of an emergency."""


def after_emergency(dispatcher: CollectingDispatcher, tracker: Tracker, intent: str) -> Events:
    """Hear what became of a danger. The advice stands; the line with the number is put away once help is coming.

    "It has passed" is not believed when a word speaks against it. Where no danger was told, nobody need be called.
    """
    danger = told_danger(tracker)
    rules, text, emergency = content().below_danger, text_of(tracker), tracker.get_slot("emergency")
    if hears_when(dispatcher, tracker):
        return []
    if hears_of_call(dispatcher, tracker, lacks=intent == "cannot_call"):
        return []
    taken_back = hear_usual(dispatcher, tracker) if not emergency else []
    if taken_back:
        return taken_back
    if danger is None and intent == "help_comes" and rules.calling.tells_long_wait(text):
        say_fixed(dispatcher, tracker, "until-help-comes", only=True)
        return []
    passed = rules.has_passed(text) and not rules.asks_whether_to_wait(text)
    flag = content().red_flags.get(danger[0] or "") if danger is not None else None
    of_violence = flag is not None and flag.quiet
    calling = rules.calling
    helps = (calling.help_comes(text) or calling.waits_for_helpers(text)) and not (
        of_violence and calling.tells_of_one(text)
    )  # "he is coming" is no help then
    goes_on = (intent == "fine_now" and not passed) or (intent == "help_comes" and not helps)
    no_call = intent == "cannot_call" and not tracker.get_slot("emergency") and not calling.speaks_of_calling(text)
    if danger is not None and (goes_on or no_call):
        say_steps(dispatcher, tracker, *danger)
        return []
    if danger is None and intent == "help_comes" and rules.calling.names_helpers(text):
        say_fixed(dispatcher, tracker, "help-comes", only=True)
        return []
    if danger is None and intent == "cannot_call" and rules.calling.needs_text(text):
        say_fixed(dispatcher, tracker, "text-for-help")
        return []
    if danger is None and intent == "cannot_call":
        say_not_placed(dispatcher, tracker, not_placed(content(), reading_of(tracker), region_of(tracker)))
        return []
    if not tracker.get_slot("emergency") and rules.calling.says_not_coming(text):
        say_fixed(dispatcher, tracker, "after-emergency", only=True)
        return []
    if not tracker.get_slot("emergency") and intent != "cannot_call":
        if not say_steps_again(dispatcher, tracker):  # "he is here now" shortly after violence is no help
            say_fixed(dispatcher, tracker, "affirm")
        return []
    over = not rules.takes_back(text)
    changed = hear_settled(dispatcher, tracker, danger[0], over=over) if danger and intent == "fine_now" else []
    if changed:
        return changed
    coming = "until-help-comes" if rules.calling.tells_long_wait(text) and intent == "help_comes" else "help-comes"
    own_line = danger is not None and danger[0] in content().regions.lines
    fine = "danger-mistaken" if rules.tells_of_long_ago(text) and not own_line else "fine-now"
    name = {"help_comes": coming, "cannot_call": "cannot-call"}.get(intent, fine)
    say_fixed(dispatcher, tracker, name, only=True)
    if intent == "help_comes" and danger and danger[0] and says(text, rules.steps_phrases):
        steps = in_short(content(), (danger[0], danger[1]), region_of(tracker))
        dispatcher.utter_message(**steps.as_message())  # "999 called, what do I do while we wait"
    if intent == "fine_now":
        records().correction(tracker.sender_id, text_of(tracker))
    if intent == "cannot_call":
        return []
    # help on its way is a state of an emergency and not its end: what gets worse until then is still about it
    return [SlotSet("emergency", with_help(emergency) if intent == "help_comes" and emergency else None)]


def hear_settled(
    dispatcher: CollectingDispatcher, tracker: Tracker, category: str | None, *, sure: bool = False, over: bool = False
) -> Events:
    """Hear what changes a danger that was told: that it has always been so, or that it has passed where that then asks
    for something else, such as a blood pressure surge whose cause was found. Nothing when a message does not say so.

    `sure`: the message surely tells of a danger itself, whatever else it says. `over`: it surely says that it is over.
    """
    # thoughts of death, fear and poison are none the less for having been there for years
    stands = sure or category in content().regions.lines
    if not stands and content().below_danger.is_usual(text_of(tracker)):
        say_fixed(dispatcher, tracker, "danger-usual", only=True)
        records().correction(tracker.sender_id, text_of(tracker))
        return [SlotSet("emergency", None), SlotSet("escalated", _long_told(tracker, category))]
    flag = content().red_flags.get(category or "")
    stopped = hear_stopped(dispatcher, tracker, flag, over=over) if flag is not None else []
    if stopped:
        return stopped
    if flag is None or flag.settled is None or not settles(content(), flag, text_of(tracker)):
        return []
    dispatcher.utter_message(**settled(content(), flag.slug, region_of(tracker)).as_message())
    records().correction(tracker.sender_id, text_of(tracker))
    told = [*(tracker.get_slot("escalated") or ()), [flag.slug, flag.settled.value, time.time()]]
    return [SlotSet("emergency", None), SlotSet("escalated", told)]


def hear_usual(dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
    """Hear that a same-day danger told in the last hours has always been so: it is taken back, and forbids nothing any
    more. Nothing when a message does not say so."""
    rules, slots = content().below_danger, tracker.current_slot_values()
    lately = told_lately(slots, rules.careful_minutes)
    if lately is None or lately[0] in content().regions.lines or not rules.is_usual(text_of(tracker)):
        return []
    say_fixed(dispatcher, tracker, "danger-usual", only=True)
    records().correction(tracker.sender_id, text_of(tracker))
    return [SlotSet("escalated", told_without(slots, lately[0]))]


def _long_told(tracker: Tracker, category: str | None) -> list[Any]:
    """What was escalated in this conversation, with one danger as if it had been told a while ago: the next question is
    an ordinary one, and "it is worse today" still brings it back."""
    then = time.time() - 60 * content().below_danger.fresh_minutes - 1
    return [
        [slug, level, min(at, then) if slug == category else at]
        for slug, level, at in tracker.get_slot("escalated") or ()
    ]


def hear_stopped(dispatcher: CollectingDispatcher, tracker: Tracker, flag: RedFlag, *, over: bool) -> Events:
    """Hear that the signs of an open emergency have stopped: what is still to be done is said, and it stays open. The
    second time it may be over. Nothing when a message does not say so."""
    emergency = tracker.get_slot("emergency") or {}
    if emergency.get("category") != flag.slug or not flag.once_over:
        return []
    if not over and not content().below_danger.has_ended(text_of(tracker)):
        return []
    if over and emergency.get(SAID_OVER) and not flag.stays_open:
        return []
    alarm = bool((tracker.latest_message or {}).get(RED_FLAG))
    reply = once_over(content(), flag, emergency["level"], region_of(tracker), alarm=alarm)
    dispatcher.utter_message(**reply.as_message())
    return [SlotSet("emergency", {**emergency, SAID_OVER: True})]


def hears_of_call(dispatcher: CollectingDispatcher, tracker: Tracker, *, lacks: bool = False) -> bool:
    """Hear, also before any danger was told, that the bot is to call; and in an open emergency, or where the message
    surely says so (`lacks`), what the person lacks for a call. False when a message says anything else."""
    name = of_calling(content(), text_of(tracker), lacks=lacks or bool(tracker.get_slot("emergency")))
    if name is not None:
        say_fixed(dispatcher, tracker, name, only=True)
    return name is not None


def hears_when(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Hear what the helpers in an open emergency must know, such as when it began, and that they are being called.
    False when a message says anything else."""
    emergency = tracker.get_slot("emergency")
    if not emergency or not emergency["category"]:
        return False
    rules, text = content().below_danger, text_of(tracker)
    if rules.calling.will_call(text):
        say_fixed(dispatcher, tracker, "call-them", only=True)
        return True
    if not rules.tells_when(text) and reading_of(tracker).get("intent") != "tell_about_self":
        return False
    reply = when_it_began(content(), (emergency["category"], emergency["level"]), region_of(tracker))
    dispatcher.utter_message(**reply.as_message())
    return True


def told_danger(tracker: Tracker) -> Told | None:
    """The danger that is open, or the last that was told in this conversation: its category and level."""
    emergency = tracker.get_slot("emergency")
    if emergency:
        return emergency["category"], emergency["level"]
    return next(reversed(said_before(tracker.current_slot_values())), None)


def say_steps(dispatcher: CollectingDispatcher, tracker: Tracker, category: str | None, level: str) -> None:
    """Say once more what to do in a danger: the line that answers what is asked first, if one does. An emergency of the
    check-in whose sign was not named has no category. Who asks for it is told in full."""
    state = state_of(tracker)
    if category is not None:
        danger, text, region = (category, level), text_of(tracker), region_of(tracker)
        asked = content().below_danger.asks_what_to_do(text) and not content().red_flags[category].again
        last, helped = () if asked else last_texts(tracker), is_helped(tracker)
        plain = answer_in_danger(content(), danger, text, region, open_now=True, helped=helped)
        reply = plain or steps_again(content(), category, level, region_of(tracker), last, helped=helped)
    elif state is not None:
        said = emergency_reply(content(), interview().result(state), region_of(tracker))
        reply = Reply(Kind.NOTICE, said.text, metadata={"level": level})
    else:
        reply = fixed_reply(content(), "after-emergency", region_of(tracker))
    dispatcher.utter_message(**reply.as_message())


def say_steps_again(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Say once more what to do in the danger that is open; False when none is. A courtesy while help is on its way
    needs no steps."""
    danger = open_danger(tracker)
    if danger is None:
        return False
    if is_helped(tracker) and content().below_danger.only_courteous(text_of(tracker)):
        say_fixed(dispatcher, tracker, "until-help-comes", only=True)
    else:
        say_steps(dispatcher, tracker, *danger)
    return True


def is_helped(tracker: Tracker) -> bool:
    """Whether help is on its way to the emergency that is open."""
    return bool((tracker.get_slot("emergency") or {}).get(HELP_AT))


def open_danger(tracker: Tracker) -> tuple[str | None, str] | None:
    """The emergency that is open, or a danger of the same day, told shortly before, that has words of its own for what
    follows: after "he hits me", "it is every week" is about that. Its category (None: of the check-in) and level."""
    emergency = tracker.get_slot("emergency")
    if emergency:
        return emergency["category"], emergency["level"]
    lately = told_lately(tracker.current_slot_values(), content().below_danger.fresh_minutes)
    return lately if lately and lately[1] == "urgent" and content().red_flags[lately[0]].again else None


def stays_with_danger(tracker: Tracker) -> bool:
    """Whether a message that may be about a topic is met with the danger that is open: it is not sure enough about it,
    or the topic only touches the danger."""
    danger, topics = open_danger(tracker), reading_of(tracker)["topics"]
    if danger is None or ((tracker.get_slot("emergency") or {}).get(ARRIVED) and reading_of(tracker)["in_scope"]):
        return False
    flag = content().red_flags.get(danger[0] or "")
    best = max((topic["score"] for topic in topics), default=0.0)
    touched = flag is not None and bool(topics) and topics[0]["slug"] in flag.touches
    rules, text = content().below_danger, text_of(tracker)
    if tracker.get_slot("emergency") and topics and not asks(text):
        touched = touched or topics[0]["slug"] in rules.fear_topics
    if flag is not None and flag.quiet and not asks(text):
        touched = touched or rules.tells_of_somebody(text)  # "he is coming up the stairs"
    sure_at = rules.in_emergency_at if tracker.get_slot("emergency") else content().thresholds.answer_at
    return touched or best < sure_at


def danger_first(run: Run) -> Run:
    """For an action: what is asked of a danger that is open, or was told shortly before, is answered by that danger,
    and that it has passed is heard; everything else as before."""

    @wraps(run)
    def either(self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        emergency = tracker.get_slot("emergency")
        changed = (
            hear_settled(dispatcher, tracker, emergency["category"]) if emergency else hear_usual(dispatcher, tracker)
        )
        if changed:
            return changed
        rules, text = content().below_danger, text_of(tracker)
        if emergency and says(text, rules.steps_phrases) and rules.calling.waits_for_helpers(text):
            return after_emergency(dispatcher, tracker, "help_comes")
        if hears_of_call(dispatcher, tracker) or hears_when(dispatcher, tracker):
            return []
        reply = _of_the_danger(tracker)
        if reply is not None:
            dispatcher.utter_message(**reply.as_message())
            return []
        waits = content().below_danger.asks_whether_to_wait(text_of(tracker))
        if waits and say_steps_again(dispatcher, tracker):
            return []  # it is the check-in's, of which no sign was named
        return run(self, dispatcher, tracker, domain)

    return either


def _of_the_danger(tracker: Tracker) -> Reply | None:
    """What a danger says to the message by itself: an open emergency, one for the same day told in the last hours, or
    one that was closed shortly before."""
    rules, slots = content().below_danger, tracker.current_slot_values()
    emergency, text, region = slots.get("emergency"), text_of(tracker), region_of(tracker)
    if emergency and emergency["category"]:
        danger, helped = (emergency["category"], emergency["level"]), is_helped(tracker)
        return answer_in_danger(content(), danger, text, region, open_now=True, helped=helped)
    lately = told_lately(slots, rules.careful_minutes)
    fresh = told_lately(slots, rules.fresh_minutes) is not None
    if lately is None or not (fresh or lately[1] == "urgent") or reading_of(tracker).get("matters"):
        return None  # of several things each is answered, with what is forbidden before it
    if lately[1] == "urgent" and rules.calling.goes_there(text):
        return fixed_reply(content(), "going-there", region)
    if lately[1] == "urgent" and lately[0] not in content().regions.lines and rules.only_denies(text):
        return fixed_reply(content(), "signs-not-there", region)
    return answer_in_danger(content(), lately, text, region, fresh=fresh)


def answer_whether_help_comes(dispatcher: CollectingDispatcher, tracker: Tracker, intent: str) -> Events:
    """Hear a yes or a no to whether help is on the way. One with more in it ("yes, today") may mean something else:
    what to do is said again, and the question comes again."""
    rules, text = content().below_danger, text_of(tracker)
    if intent == "affirm" and rules.only_courteous(text):
        say_fixed(dispatcher, tracker, "call-them", only=True)  # "ok" may only mean that it was read
        say_fixed(dispatcher, tracker, "help-on-the-way", only=True, offer="help-on-the-way")
        return []
    if rules.calling.answers_help(text):
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
