"""Answers from the knowledge base: first short, then more, simpler, sources, or the same again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.check_in import ActionBeginCheck, ActionSummary
from actions.interview_memory import state_of
from actions.speaking import Events, content, reading_of, region_of, say, say_fixed, text_of
from bot.records import records
from bot.replies.answers import full_answer, simple_answer, where_it_is_from
from bot.replies.check_in import interview
from bot.replies.conversation_so_far import last_said
from bot.replies.escalations import advice_reply
from bot.replies.reply import Kind, Reply
from bot.replies.topics import NONE_OF_THESE, Outcome, answer_topic, answer_topics
from bot.safety.record import RED_FLAG, verdict_from_dict
from bot.triage.interview import STOPPED
from bot.understanding.ordinals import chosen_number
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

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        outcome = answer_topics(content(), reading_of(tracker), region_of(tracker))
        verdict = (tracker.latest_message or {}).get(RED_FLAG)
        if not verdict:
            return tell(dispatcher, tracker, outcome)
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

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        state = state_of(tracker)
        if state is not None and state.ended == STOPPED and interview().receive(state, text_of(tracker)).prompt:
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

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        said = last_said(tracker.events)
        if not said:
            say_fixed(dispatcher, tracker, "nothing-to-repeat")
        for message in said:
            dispatcher.utter_message(**message.as_message())
        return []


class ActionChoose(Action):
    """Takes one of the choices last shown, by its number: "2", "the second one", "the last one"."""

    def name(self) -> str:
        return "action_choose"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        offered = next((said for said in reversed(last_said(tracker.events)) if said.buttons), None)
        number = chosen_number(text_of(tracker), len(offered.buttons)) if offered else None
        if offered is None or number is None:
            say_fixed(dispatcher, tracker, "not-placed")
            return []
        return self._take(dispatcher, tracker, domain, offered.buttons[number - 1])

    @staticmethod
    def _take(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, title: str) -> Events:
        if title == NONE_OF_THESE:
            say_fixed(dispatcher, tracker, "none-of-these")
            return []
        slugs = {topic_title: slug for slug, topic_title in content().titles.items()}
        if title in slugs:
            return tell(dispatcher, tracker, answer_topic(content(), slugs[title]))
        command = CHOICES.get(re.sub(r"\W+", " ", title.casefold()).strip())
        if command is None:
            say_fixed(dispatcher, tracker, "not-placed")
            return []
        # run here: an action that no rule foresees at this place must not be left to the policies
        return command().run(dispatcher, tracker, domain)


class ActionNotPlaced(Action):
    """Says honestly that a message was not understood; the second time in a row, points to a person."""

    def name(self) -> str:
        return "action_not_placed"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        again = any(said.metadata.get("kind") == Kind.FALLBACK.value for said in last_said(tracker.events))
        say_fixed(dispatcher, tracker, "not-placed-again" if again else "not-placed")
        records().unplaced(text_of(tracker))
        return []


CHOICES: dict[str, type[Action]] = {
    "more": ActionMore,
    "simpler": ActionSimpler,
    "where is this from": ActionSources,
    "check my symptoms": ActionBeginCheck,
    "summary for my visit": ActionSummary,
}
"""Buttons that are commands, by their words."""
