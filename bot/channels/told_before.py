"""What a person told before, where a message is screened or written outside a turn."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from rasa.shared.core.events import Event, SlotSet

from bot.replies.content import content
from bot.replies.where import told_region
from bot.safety.told import TOLD, as_data, told_in
from bot.shared import safety_screen

logger = logging.getLogger(__name__)


def kept(text: str, slots: Mapping[str, Any], now: float) -> list[Event]:
    """Keeps what a message told for the messages after it, and where the person is. When that fails, the message is
    written all the same."""
    try:
        told = as_data(safety_screen().remember(text, told_in(slots), now))
        region = told_region(content(), text)
    except Exception:
        logger.exception("What a message told cannot be kept for the next ones.")
        return []
    events: list[Event] = [SlotSet(TOLD, told)] if told != (slots.get(TOLD) or []) else []
    return [*events, SlotSet("region", region)] if region not in (None, slots.get("region")) else events
