"""Choices taken by number, or by words that only mean something beside the choices shown."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.answers import ActionMore, ActionSimpler, ActionSources, go_on, tell
from actions.below_danger import (
    after_emergency,
    answer_whether_help_comes,
    ask_again_whether_help_comes,
    danger_first,
    is_helped,
    say_steps_again,
)
from actions.check_in import ActionBeginCheck, ActionSummary
from actions.handover import ask_for_person
from actions.speaking import Events, content, intent_of, say_fixed, say_not_placed, text_of
from bot.records import records
from bot.replies.check_in import PRIVATE_SUMMARY
from bot.replies.conversation_so_far import Said, last_said, reading_before, text_before, topics_offered
from bot.replies.reply import Kind
from bot.replies.topics import NONE_OF_THESE, answer_asked, answer_topic, go_on_reply, name_of
from bot.understanding.offers import NEXT_MATTER, TELL_MORE, WAITING
from bot.understanding.ordinals import chosen_number, means_other
from bot.understanding.tidy import same_words

COMMANDS: dict[str, type[Action]] = {
    "more": ActionMore,
    "simpler": ActionSimpler,
    "where is this from": ActionSources,
    "check my symptoms": ActionBeginCheck,
    "summary for my visit": ActionSummary,
}
"""Buttons that are commands, by their words. They are run here: an action that no rule foresees at this place must
not be left to the policies."""

HUMAN = "human"
"""The button that asks for a person."""

FIXED = {
    "what can you do": "ask_help",
    "what do you store": "ask_privacy",
    same_words(NONE_OF_THESE): "none-of-these",
}
"""Buttons that bring a fixed reply."""

BELOW_EMERGENCY = {
    "help is on the way": "help_comes",
    "i cannot call": "cannot_call",
    "i am fine now": "fine_now",
}
"""Buttons below an emergency, with the intent of their words."""


YES_NO = {"yes": "affirm", "no": "deny"}


def take_up_waiting(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, intent: str) -> Events:
    """Go on to what the person had asked at once, or let it go."""
    if intent == "affirm":
        return go_on(dispatcher, tracker, domain, tracker.get_slot(WAITING))
    say_fixed(dispatcher, tracker, intent)
    return [SlotSet(WAITING, [])]


def _waiting_called(tracker: Tracker, words: str) -> int | None:
    """The place of what waits and was just offered under this name, in words alone; None for anything else."""
    if not _listed_last(tracker):
        return None
    names = [same_words(name_of(content(), matter)) for matter in tracker.get_slot(WAITING) or ()]
    return names.index(words) if words in names else None


def _listed_last(tracker: Tracker) -> bool:
    return any(said.metadata.get("offer") == NEXT_MATTER for said in last_said(tracker.events))


def _go_on_with(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, place: int) -> Events:
    """Answer one of what waits before the others."""
    waiting = list(tracker.get_slot(WAITING))
    return go_on(dispatcher, tracker, domain, [waiting.pop(place), *waiting])


def take(dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict, title: str) -> Events:
    """Do what the button called `title` does."""
    words = same_words(title)
    listed = _waiting_called(tracker, words)
    if listed is not None:
        return _go_on_with(dispatcher, tracker, domain, listed)
    topic = content().topic_said(title)
    if topic is not None:
        chosen = any(said.metadata.get("kind") == Kind.CLARIFY.value for said in last_said(tracker.events))
        asked = reading_before(tracker.events) if chosen else {}
        picked = {**asked, "denied": (), "topics": ()}  # that it is meant is sure now
        outcome = answer_asked(content(), topic, picked) if asked else answer_topic(content(), topic)
        return tell(dispatcher, tracker, outcome)
    if words in YES_NO and tracker.get_slot(WAITING):
        return take_up_waiting(dispatcher, tracker, domain, YES_NO[words])
    if words in COMMANDS:
        return COMMANDS[words]().run(dispatcher, tracker, domain)
    if words in BELOW_EMERGENCY:
        return after_emergency(dispatcher, tracker, BELOW_EMERGENCY[words])
    if words == same_words(NONE_OF_THESE):
        records().unplaced(text_before(tracker.events))
    if words == HUMAN:
        ask_for_person(dispatcher, tracker)
    elif words in FIXED:
        say_fixed(dispatcher, tracker, FIXED[words])
    else:
        say_not_placed(dispatcher, tracker)
    return []


class ActionChoose(Action):
    """Takes one of the choices last shown, by its number: "2", "the second one", "the last one"."""

    def name(self) -> str:
        return "action_choose"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        named = _waiting_called(tracker, same_words(text_of(tracker)))
        if named is not None:
            return _go_on_with(dispatcher, tracker, domain, named)
        waiting = tracker.get_slot(WAITING) or ()
        if (
            len(waiting) > 1
            and _listed_last(tracker)
            and chosen_number(text_of(tracker), len(waiting) + 1) == len(waiting) + 1
        ):
            # who had numbered what they asked counts the one that was answered, too
            return _go_on_with(dispatcher, tracker, domain, len(waiting) - 1)
        if waiting and not text_of(tracker).strip().isdigit() and _listed_last(tracker):
            # "the second one" is one of what was listed, not the second button; where one thing is left, it is that
            listed = 1 if len(waiting) == 1 else chosen_number(text_of(tracker), len(waiting))
            if listed is not None and not (means_other(text_of(tracker)) and len(waiting) > 1):
                return _go_on_with(dispatcher, tracker, domain, listed - 1)
            for reply in go_on_reply(content(), waiting):
                dispatcher.utter_message(**reply.as_message())
            return []
        offered = next((said for said in reversed(last_said(tracker.events)) if said.buttons), None)
        earlier = self._earlier_choice(tracker, offered)
        if earlier is not None:
            return take(dispatcher, tracker, domain, earlier)
        number = chosen_number(text_of(tracker), len(offered.buttons)) if offered else None
        if offered is None or number is None:
            say_not_placed(dispatcher, tracker)
            return []
        return take(dispatcher, tracker, domain, offered.buttons[number - 1])

    @staticmethod
    def _earlier_choice(tracker: Tracker, offered: Said | None) -> str | None:
        """Which topic of a choice "the second one" or "the other one" means below the answer to another of them."""
        text, topics = text_of(tracker), topics_offered(tracker.events)
        answered = offered is not None and offered.metadata.get("kind") == Kind.ANSWER.value
        if not topics or not answered or text.strip().isdigit():
            return None
        number = None if means_other(text) else chosen_number(text, len(topics))
        left = [topic for topic in topics if topic != tracker.get_slot("last_topic")]
        chosen = topics[number - 1 : number] if number is not None else left[:1]
        return next((content().titles[topic] for topic in chosen if topic in content().titles), None)


class ActionYesNo(Action):
    """Hears a yes, a no or a not sure outside the check-in: it belongs to what was last offered."""

    def name(self) -> str:
        return "action_yes_no"

    @danger_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        said = last_said(tracker.events)
        words = same_words(text_of(tracker))
        intent = intent_of(tracker)
        offers = [reply.metadata.get("offer") for reply in said]
        if _listed_last(tracker) and tracker.get_slot(WAITING) and intent in YES_NO.values():
            return take_up_waiting(dispatcher, tracker, domain, intent)
        shown = {same_words(button): button for reply in said for button in reply.buttons}
        if PRIVATE_SUMMARY in offers and intent in ("affirm", "deny"):
            return ActionSummary.show(dispatcher, tracker, private=intent == "affirm")
        if words in shown:
            return take(dispatcher, tracker, domain, shown[words])
        if "help-on-the-way" in offers and tracker.get_slot("emergency"):
            return answer_whether_help_comes(dispatcher, tracker, intent)
        if TELL_MORE in offers and intent == "affirm":
            return ActionMore().run(dispatcher, tracker, domain)
        if "check-in" in offers and intent == "affirm":
            return ActionBeginCheck().run(dispatcher, tracker, domain)
        if is_helped(tracker) and intent == "affirm":
            say_fixed(dispatcher, tracker, "until-help-comes", only=True)
            return []
        if tracker.get_slot("emergency"):
            return ask_again_whether_help_comes(dispatcher, tracker)  # it is not plain what the yes or no belongs to
        if say_steps_again(dispatcher, tracker):
            return []  # "yes" shortly after violence at home may mean that it is now
        say_fixed(dispatcher, tracker, intent)
        return []
