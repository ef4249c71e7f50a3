"""Greetings, thanks, privacy, out of scope: replies that need no knowledge of clonus."""

from __future__ import annotations

import math
from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.about_result import result_first
from actions.below_danger import danger_first, open_danger, say_steps_again
from actions.handover import ASK_HUMAN, ask_for_person
from actions.interview_memory import end_said, state_of
from actions.speaking import Events, content, intent_of, region_of, say, say_fixed, text_of
from bot.replies.check_in import interview
from bot.replies.conversation_so_far import reading_before
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Button, Reply

OF_THE_DANGER = frozenset({"ask_help", "dose", "medicine_change", "other_illness", "diagnosis", "prognosis"})
"""Intents that in an open emergency ask of that: "what can we do", "should I give him water"."""

OF_MEDICINES = frozenset({"dose", "medicine_change"})
"""Intents after which "it" is a medicine."""

NOT_HELPED, MOST_LIKELY = "feedback_bad", 2
"""The intent of an answer that did not help, and how many topics are offered instead."""

BESIDE_DANGER = frozenset({"thank", "greet", "tell_region", "ask_help"})
"""Intents that are heard as themselves below a danger with words of its own; all others are of that danger there: after
thoughts of death "my dog keeps me going" is no small talk."""

LONGEST = {"greet": 2, "nothing": 1}
"""Words that such a message has at most in an open emergency: more of them tell of it."""

NAMES = {"greet": "greeting"}
"""Intents whose reply has another name."""


class ActionFixedReply(Action):
    """Says the fixed reply that belongs to the intent."""

    def name(self) -> str:
        return "action_fixed_reply"

    @danger_first
    @result_first
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        intent = intent_of(tracker)
        if intent == ASK_HUMAN:
            ask_for_person(dispatcher, tracker)
            danger = open_danger(tracker)
            if danger is not None and danger[0] in content().regions.lines:
                say_steps_again(dispatcher, tracker)  # a line with people on it stands there
            return []
        tells = len(text_of(tracker).split()) > LONGEST.get(intent, math.inf)  # "this morning at eight", "only a tap"
        tells = tells or content().below_danger.only_denies(text_of(tracker))  # "no he is not confused"
        of_danger = tells or intent in OF_THE_DANGER or self._of_danger(tracker, intent)
        if of_danger and say_steps_again(dispatcher, tracker):
            return []
        if intent == NOT_HELPED:
            say(dispatcher, tracker, self._with_next_likely(tracker))
            return []
        name = NAMES.get(intent, intent)
        say_fixed(dispatcher, tracker, name if name in content().fixed else "not-placed")
        on_medicines = content().thresholds.medicines.topics
        if intent in OF_MEDICINES and tracker.get_slot("last_topic") not in on_medicines:
            return [SlotSet("last_topic", on_medicines[0])]  # "should I stop it" asks of the medicine
        return []

    @staticmethod
    def _with_next_likely(tracker: Tracker) -> Reply:
        """What is said to an answer that did not help, with the topics that came next as choices."""
        ranked = reading_before(tracker.events).get("topics") or ()
        likely = [topic["slug"] for topic in ranked[1:] if topic["score"] >= content().thresholds.suggest_at]
        titles = [content().titles[slug] for slug in likely if slug in content().titles][:MOST_LIKELY]
        reply = fixed_reply(content(), NOT_HELPED, region_of(tracker))
        return replace(reply, buttons=(*map(Button, titles), *reply.buttons))

    @staticmethod
    def _of_danger(tracker: Tracker, intent: str) -> bool:
        danger = open_danger(tracker)
        flag = content().red_flags.get(danger[0] or "") if danger is not None else None
        if flag is None or not flag.again:
            return False
        rules, text = content().below_danger, text_of(tracker)
        heard = {"goodbye": rules.says_farewell, "ask_privacy": rules.asks_what_is_kept}
        return intent not in BESIDE_DANGER and not (intent in heard and heard[intent](text))


class ActionStartOver(Action):
    """Puts everything that was told aside, except where the person is."""

    def name(self) -> str:
        return "action_start_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        say_fixed(dispatcher, tracker, "start_over")
        state = state_of(tracker)
        kept = end_said({"state": interview().forgotten(state).to_json()}) if state is not None else None
        return [AllSlotsReset(), SlotSet("region", tracker.get_slot("region")), SlotSet("interview", kept)]
