"""Answers from the knowledge base: first short, then more, simpler, sources, or the same again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.about_result import result_first, tell_step_of_topic
from actions.check_in import ActionBeginCheck
from actions.interview_memory import begun, state_of
from actions.speaking import Events, content, reading_of, region_of, say, say_fixed, text_of
from bot.records import records
from bot.replies.answers import full_answer, simple_answer, where_it_is_from
from bot.replies.check_in import interview
from bot.replies.conversation_so_far import last_said
from bot.replies.escalations import advice_reply
from bot.replies.reply import Kind, Reply
from bot.replies.topics import Outcome, answer_topics
from bot.safety.record import RED_FLAG, verdict_from_dict
from bot.triage.turns import STOPPED
from knowledge.library import TopicEntry

Telling = Callable[[TopicEntry, Mapping[str, str]], Reply]


def tell(dispatcher: CollectingDispatcher, tracker: Tracker, outcome: Outcome) -> Events:
    """Say an outcome and remember its topic."""
    say(dispatcher, tracker, *outcome.replies)
    return [SlotSet("last_topic", outcome.topic)] if outcome.topic else []


class ActionAnswer(Action):
    """Answers a message about clonus."""

    def name(self) -> str:
        return "action_answer"

    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        outcome = answer_topics(content(), reading_of(tracker), region_of(tracker))
        verdict = (tracker.latest_message or {}).get(RED_FLAG)
        if not verdict:
            events = tell(dispatcher, tracker, outcome)
            tell_step_of_topic(dispatcher, tracker, outcome.topic)
            return events
        advice = advice_reply(content(), verdict_from_dict(verdict), region_of(tracker))
        return tell(dispatcher, tracker, replace(outcome, replies=(*outcome.replies, advice)))


class TellLastTopic(Action):
    """Tells the topic last spoken of in another way. Base of the depth actions."""

    telling: Telling

    def name(self) -> str:
        return "action_tell_last_topic"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        topic = content().topics.get(tracker.get_slot("last_topic") or "")
        if topic is None:
            say_fixed(dispatcher, tracker, "about-what")
            return []
        say(dispatcher, tracker, type(self).telling(topic, content().titles))
        return []


class ActionMore(TellLastTopic):
    """The whole answer. After a check-in that was stopped, "go on" goes on with it."""

    telling = staticmethod(full_answer)

    def name(self) -> str:
        return "action_more"

    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = state_of(tracker)
        broken_off = state is not None and begun(state) and state.ended in (None, STOPPED)
        if broken_off and interview().asks_to_go_on(text_of(tracker)):
            return ActionBeginCheck().run(dispatcher, tracker, domain)
        return super().run(dispatcher, tracker, domain)


class ActionSimpler(TellLastTopic):
    """The same in the plainest words."""

    telling = staticmethod(simple_answer)

    def name(self) -> str:
        return "action_simpler"


class ActionSources(TellLastTopic):
    """Where the answer is from."""

    telling = staticmethod(where_it_is_from)

    def name(self) -> str:
        return "action_sources"


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

    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        again = any(said.metadata.get("kind") == Kind.FALLBACK.value for said in last_said(tracker.events))
        say_fixed(dispatcher, tracker, "not-placed-again" if again else "not-placed")
        records().unplaced(text_of(tracker))
        return []
