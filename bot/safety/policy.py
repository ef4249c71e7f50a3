"""The policy that lets danger through first: before any form, rule or story."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.replies.after_danger import is_over
from bot.replies.check_in import interview
from bot.replies.content import content
from bot.replies.for_adults import CHILD_SLOT, child_after
from bot.replies.told_below_danger import Turn, turn_of_danger
from bot.replies.where import told_region
from bot.safety.record import RED_FLAG, interrupts
from bot.safety.told import TOLD
from bot.safety.verdict import LEARNED, level_rank
from bot.triage.interview_state import InterviewState
from bot.understanding.tidy import same_words

ESCALATE = "action_escalate"
CHECK_DANGER = "action_check_danger"
RESOLVE_DANGER_CHECK = "action_resolve_danger_check"
AFTER_EMERGENCY = "action_after_emergency"
TURN_OF_DANGER = "action_turn_of_danger"
TELL_NUMBER = "action_tell_number"
OWN_ACTIONS = (ESCALATE, CHECK_DANGER, RESOLVE_DANGER_CHECK, AFTER_EMERGENCY, TURN_OF_DANGER, TELL_NUMBER)
DANGER_CHECK_SLOT = "danger_check"
CHECK_IN = "triage_interview"
EMERGENCY = "emergency"
NOT_ANSWERS = ("digression", "not_read", "confirm_back", "person_asked")
"""What the interview makes of a reply that does not answer its question."""
CONTRADICTED = "contradicted"
"""What it makes of a reply that answers in two ways at once."""


def _belongs_to_check_in(tracker: DialogueStateTracker, parsed: dict[str, Any]) -> bool:
    """Whether a finding is for the running check-in to take in.

    The words of an answer on the screen are an answer: the check-in's own table decides what they mean. So is a reply
    that the question can be answered with, unless it is surely an emergency. A reply that answers in two ways at once
    ("more than 10 degrees but it cannot get to flat") is one too, unless it may be an emergency: the question is put
    again. Everything else comes first.
    """
    if tracker.active_loop_name != CHECK_IN:
        return False
    memory = tracker.get_slot("interview") or {}
    text = parsed.get("text") or ""
    shown = {same_words(button["title"]) for button in (memory.get("question") or {}).get("buttons", ())}
    if same_words(text) in shown:
        return True
    if parsed[RED_FLAG]["level"] == EMERGENCY and parsed[RED_FLAG]["sure"]:
        return False
    turn = interview().receive(InterviewState.from_json(memory.get("state")), text)
    if turn.event == CONTRADICTED:
        return bool(parsed[RED_FLAG]["level"] != EMERGENCY)
    return turn.event not in NOT_ANSWERS


def _answers_check(waiting: Mapping[str, Any], parsed: Mapping[str, Any]) -> bool:
    """Whether what raises an alarm below a check question answers it: by more of the same, or by a no to it ("no, I do
    not want to die")."""
    same = parsed[RED_FLAG]["category"] == waiting["category"]
    denies = content().below_danger.begins_with_no(parsed.get("text") or "")
    return (same and denies) or _tells_more(waiting, parsed)


def _turns(slots: Mapping[str, Any], parsed: Mapping[str, Any]) -> bool:
    """Whether a message says what became of the danger told before, and nothing that is more than that."""
    told, verdict = turn_of_danger(content(), slots, parsed.get("text") or ""), parsed.get(RED_FLAG)
    if told is None or told.turn is Turn.ACTED or not interrupts(verdict):
        return told is not None
    found = parsed[RED_FLAG]
    same, like = found["category"] == told.danger[0], found["rule"].startswith(LEARNED)
    seen = told.turn is Turn.SEEN and (
        same or like or not found["sure"]
    )  # "they said it is a UTI and gave antibiotics"
    return (same and told.turn is Turn.MISTAKEN) or seen


def _tells_more(waiting: Mapping[str, Any], parsed: Mapping[str, Any]) -> bool:
    """Whether what raises an alarm below a check question answers it: "about 20 minutes ago".

    A sign that is graver than the one that was asked about, or surely as grave, is one of its own, and so is one behind
    a no.
    """
    denies = (parsed.get("text") or "").casefold().lstrip().startswith(("no ", "no,", "no.", "nope", "nah", "not "))
    found, asked = parsed[RED_FLAG], level_rank(waiting["level"])
    return not denies and (
        level_rank(found["level"]) < asked or (found["level"] == waiting["level"] and not found["sure"])
    )


def texts_since_message(tracker: DialogueStateTracker) -> tuple[str, ...]:
    """What the bot said to the latest message so far."""
    said = takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events))
    return tuple(event.text or "" for event in said if isinstance(event, BotUttered))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class SafetyPolicy(Policy):
    """Predicts the safety actions. There is nothing to learn: a verdict decides.

    `is_no_user_prediction` makes the ensemble leave out every other policy; a higher probability or priority
    would not win against an active form.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The policy's place among the others."""
        return {"priority": 10}

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn."""
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SafetyPolicy:
        """Nothing is stored, so nothing is read."""
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The safety action this turn needs, if any; afterwards, to listen. Keeps what the message told either way."""
        action = self._next_action(tracker)
        probabilities = self._default_predictions(domain)
        if action is not None:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities, events=self._kept(tracker), is_no_user_prediction=action is not None)

    @staticmethod
    def _kept(tracker: DialogueStateTracker) -> list[Event]:
        """Keeps what the message told for the messages after it, also where the person is and whether it is about a
        child, and ends an emergency to which help came hours ago. No action can: none runs in every turn."""
        parsed = (tracker.latest_message.parse_data if tracker.latest_message is not None else None) or {}
        told = parsed.get(TOLD)
        kept: list[Event] = [SlotSet(TOLD, told)] if told is not None and told != (tracker.get_slot(TOLD) or []) else []
        begins = tracker.latest_action_name == ACTION_LISTEN_NAME
        region = told_region(content(), parsed.get("text") or "") if begins else None
        if region not in (None, tracker.get_slot("region")):
            kept.append(SlotSet("region", region))
        before, reading = tracker.get_slot(CHILD_SLOT), parsed.get("reading") or {}
        child = child_after(content(), before, parsed.get("text") or "", reading, texts_since_message(tracker))
        if child != before:
            kept.append(SlotSet(CHILD_SLOT, child))
        if is_over(tracker.get_slot(EMERGENCY), content().below_danger.careful_minutes):
            kept.append(SlotSet(EMERGENCY, None))
        return kept

    @staticmethod
    def _next_action(tracker: DialogueStateTracker) -> str | None:
        last = tracker.latest_action_name
        if last in OWN_ACTIONS:
            return ACTION_LISTEN_NAME
        if last != ACTION_LISTEN_NAME or tracker.latest_message is None:
            return None
        parsed = tracker.latest_message.parse_data or {}
        verdict = parsed.get(RED_FLAG)
        waiting = tracker.get_slot(DANGER_CHECK_SLOT)
        rules, outside = content().below_danger, tracker.active_loop_name is None
        if outside and tracker.get_slot(EMERGENCY) and rules.tells_when(parsed.get("text") or ""):
            return AFTER_EMERGENCY  # "it started 20 minutes ago" belongs to the emergency
        if outside and not waiting and _turns(tracker.current_slot_values(), parsed):
            return TURN_OF_DANGER
        if interrupts(verdict) and waiting and _answers_check(waiting["verdict"], parsed):
            return RESOLVE_DANGER_CHECK
        if interrupts(verdict) and not _belongs_to_check_in(tracker, parsed):
            return ESCALATE if parsed[RED_FLAG]["sure"] else CHECK_DANGER
        if rules.calling.asks_number(parsed.get("text") or ""):
            return TELL_NUMBER
        if waiting:
            return RESOLVE_DANGER_CHECK
        return None
