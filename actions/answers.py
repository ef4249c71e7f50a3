"""Answers from the knowledge base: first short, then more, simpler, sources, or the same again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.about_result import result_first, tell_step_of_topic
from actions.below_danger import danger_first, open_danger, say_steps_again, stays_with_danger
from actions.check_in import ActionBeginCheck
from actions.interview_memory import begun, state_of
from actions.speaking import (
    Events,
    content,
    last_texts,
    reading_of,
    region_of,
    say,
    say_fixed,
    say_not_placed,
    text_of,
)
from bot.replies.answers import after_saying, full_answer, rest_of_answer, simple_answer, where_it_is_from
from bot.replies.check_in import interview
from bot.replies.comfort import comforted
from bot.replies.conversation_so_far import last_said, ways_told
from bot.replies.escalations import advice_reply
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Kind, Reply
from bot.replies.topics import (
    START_CHECK,
    Matter,
    Outcome,
    answer_matters,
    answer_next,
    not_placed,
    proof_asked_for,
    with_waiting,
)
from bot.safety.record import RED_FLAG, verdict_from_dict
from bot.triage.turns import STOPPED
from bot.understanding.offers import TELL_MORE, WAITING
from knowledge.library import TopicEntry

MOST_REMINDERS = 1
RECALLED = "recalled"
"""How often a person is reminded of what else they asked, and where it stands in what waits how often they were."""

Telling = Callable[[TopicEntry, Mapping[str, str]], Reply]


def tell(dispatcher: CollectingDispatcher, tracker: Tracker, outcome: Outcome) -> Events:
    """Say an outcome; remember its topic and what waits its turn."""
    say(dispatcher, tracker, *outcome.replies)
    events: Events = [SlotSet("last_topic", outcome.topic)] if outcome.topic else []
    return [*events, SlotSet(WAITING, list(outcome.waiting))]


def told_of_last_topic(tracker: Tracker) -> tuple[str, ...]:
    """In which ways the last topic was told since the person came to it."""
    return ways_told(tracker.events, tracker.get_slot("last_topic"))


def remind(outcome: Outcome, waiting: Sequence[Matter]) -> Outcome:
    """An outcome with the offer to go on to what waits. It was made when that was asked, and is made MOST_REMINDERS
    times again; after that it waits unsaid for a "go on"."""
    times = waiting[0].get(RECALLED, 0)
    recalled = with_waiting(content(), outcome, [{**matter, RECALLED: times + 1} for matter in waiting], before=True)
    return recalled if times < MOST_REMINDERS else replace(recalled, replies=outcome.replies)


def go_on(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, waiting: Sequence[Matter]) -> Events:
    """Answer the next of what the person had asked at once."""
    if waiting[0].get("intent") == START_CHECK:
        return [*ActionBeginCheck().run(dispatcher, tracker, domain), SlotSet(WAITING, list(waiting[1:]))]
    return tell(dispatcher, tracker, answer_next(content(), waiting, region_of(tracker)))


class ActionAnswer(Action):
    """Answers a message about clonus. What to take to the care team stands below, unless it has always been so."""

    def name(self) -> str:
        return "action_answer"

    @danger_first
    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        reading, waiting = reading_of(tracker), tracker.get_slot(WAITING) or ()
        if stays_with_danger(tracker) and say_steps_again(dispatcher, tracker):
            return []
        outcome = answer_matters(content(), reading, region_of(tracker), told_of_last_topic(tracker))
        said = last_texts(tracker)
        outcome = replace(outcome, replies=comforted(content(), outcome.replies, text_of(tracker), said))
        if any(reply.text in said for reply in outcome.replies if reply.metadata.get("offer") == TELL_MORE):
            return ActionMore().run(dispatcher, tracker, domain)  # "shall I tell you more" is not asked twice in a row
        if waiting and not outcome.waiting:
            outcome = remind(outcome, waiting)
        verdict = (tracker.latest_message or {}).get(RED_FLAG)
        own_line = verdict is not None and verdict["category"] in content().regions.lines
        if verdict is None or (not own_line and content().below_danger.is_usual(text_of(tracker))):
            events = tell(dispatcher, tracker, outcome)
            tell_step_of_topic(dispatcher, tracker, outcome.topic)
            return events
        advice = advice_reply(content(), verdict_from_dict(verdict), region_of(tracker))
        replies = (advice, *outcome.replies) if own_line else (*outcome.replies, advice)  # who is low reads that first
        return tell(dispatcher, tracker, replace(outcome, replies=replies))


def ask_about_what(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Ask what a follow-up is about; the second time in a row, say how to ask: the same again would help nobody."""
    asked_before = content().fixed["about-what"].text in {said.text for said in last_said(tracker.events)}
    say_fixed(dispatcher, tracker, "ask_help" if asked_before else "about-what")


class TellLastTopic(Action):
    """Tells the topic last spoken of in another way. Base of the depth actions."""

    telling: Telling

    def name(self) -> str:
        return "action_tell_last_topic"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        topic = content().topics.get(tracker.get_slot("last_topic") or "")
        if topic is None:
            choices = [said for said in last_said(tracker.events) if said.metadata.get("topics")]
            for message in choices:
                dispatcher.utter_message(**message.as_message())  # one of them is to be picked first
            if not choices and not say_steps_again(dispatcher, tracker):
                ask_about_what(dispatcher, tracker)
            return []
        say(dispatcher, tracker, type(self).telling(topic, content().titles))
        return []


class ActionMore(TellLastTopic):
    """The whole answer, without what was just told in short; once that was told, where it is from. "Go on" goes on with
    what was asked at once, or with a check-in that was stopped."""

    telling = staticmethod(full_answer)

    def name(self) -> str:
        return "action_more"

    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = state_of(tracker)
        text = text_of(tracker)
        wants_to_go_on = interview().asks_to_go_on(text) or content().thresholds.several.asks_for_rest(text)
        if wants_to_go_on and tracker.get_slot(WAITING):
            return go_on(dispatcher, tracker, domain, tracker.get_slot(WAITING))
        broken_off = state is not None and begun(state) and state.ended in (None, STOPPED)
        if broken_off and wants_to_go_on:
            return ActionBeginCheck().run(dispatcher, tracker, domain)
        told = told_of_last_topic(tracker)
        if "answer" in told:
            if "sources" not in told:
                return ActionSources().run(dispatcher, tracker, domain)
            say_fixed(dispatcher, tracker, "no-more")
            return []
        topic = content().topics.get(tracker.get_slot("last_topic") or "")
        if topic is not None and told[-1:] == ("short",):
            say(dispatcher, tracker, rest_of_answer(topic, content().titles))
            return []
        return super().run(dispatcher, tracker, domain)


class ActionSimpler(TellLastTopic):
    """The same in the plainest words."""

    telling = staticmethod(simple_answer)

    def name(self) -> str:
        return "action_simpler"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if told_of_last_topic(tracker)[-1:] == ("simple",):
            say_fixed(dispatcher, tracker, "no-simpler")
            return []
        return super().run(dispatcher, tracker, domain)


class ActionSources(TellLastTopic):
    """Where the answer is from; first what the topic says about the proof, when that was asked for. Before any answer:
    where all of them are from."""

    telling = staticmethod(where_it_is_from)

    def name(self) -> str:
        return "action_sources"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        topic = content().topics.get(tracker.get_slot("last_topic") or "")
        to_pick = any(said.metadata.get("topics") for said in last_said(tracker.events))
        if topic is None and not to_pick and open_danger(tracker) is None:
            say_fixed(dispatcher, tracker, "ask_about")
            return []
        proof = proof_asked_for(content(), topic, reading_of(tracker)) if topic else None
        if topic is None or proof is None:
            return super().run(dispatcher, tracker, domain)
        say(dispatcher, tracker, after_saying(proof, where_it_is_from(topic, content().titles)))
        return []


class ActionAboutWhat(Action):
    """Asks what a follow-up is about when nothing was told that it could follow; "what now?" follows an emergency."""

    def name(self) -> str:
        return "action_about_what"

    @danger_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if not say_steps_again(dispatcher, tracker):
            ask_about_what(dispatcher, tracker)
        return []


class ActionRepeat(Action):
    """Says the last replies once more, word for word."""

    def name(self) -> str:
        return "action_repeat"

    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        said = last_said(tracker.events)
        if not said:
            say_fixed(dispatcher, tracker, "nothing-to-repeat")
        for message in said:
            dispatcher.utter_message(**message.as_message())
        return []


class ActionNotPlaced(Action):
    """Says honestly that a message was not understood; the second time in a row, points to a person."""

    def name(self) -> str:
        return "action_not_placed"

    @danger_first
    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        if say_steps_again(dispatcher, tracker):
            return []
        again = any(said.metadata.get("kind") == Kind.FALLBACK.value for said in last_said(tracker.events))
        if again:
            say_not_placed(dispatcher, tracker, fixed_reply(content(), "not-placed-again", region_of(tracker)))
        else:
            say_not_placed(dispatcher, tracker, not_placed(content(), reading_of(tracker), region_of(tracker)))
        return []
