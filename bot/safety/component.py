"""Rasa's way in to the safety screen: it reads every message before anything decides what to do with it."""

from __future__ import annotations

import time
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.safety.in_conversation import screened
from bot.safety.record import RED_FLAG, interrupts
from bot.safety.told import TOLD, as_data, told_in
from bot.shared import safety_screen


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=False)
class RedFlagScreen(GraphComponent):
    """Screens every message; an alarm that interrupts becomes its intent, which no later component changes."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagScreen:
        """Rasa's constructor. Loads the screen at once, so that a broken one stops the start, not a message."""
        safety_screen()
        return cls()

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Screen every message together with what was told before, and note what is to be kept of it."""
        for message in messages:
            text, now, slots = message.get(TEXT) or "", time.time(), tracker.current_slot_values()
            screen = safety_screen()
            found = screened(screen, text, slots, now)
            message.set(TOLD, as_data(screen.remember(text, told_in(slots), now)), add_to_output=True)
            if found is None:
                continue
            message.set(RED_FLAG, found, add_to_output=True)
            if interrupts(found):
                message.set(INTENT, {INTENT_NAME_KEY: RED_FLAG, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages
