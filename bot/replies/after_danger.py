"""What a conversation remembers once danger was told: the check-in ends, its answers stay, and the sign is added."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.replies.check_in import interview
from bot.replies.last_check_in import state_in
from bot.triage.interview_state import InterviewState
from bot.triage.turns import EMERGENCY

MOST_TOLD = 20
"""Escalations that are remembered, so that the next one is not said in the same words."""

HELP_AT = "help_at"
"""When help was said to be on its way, in seconds since 1970, in the emergency slot."""

ARRIVED = "arrived"
"""Whether the person is where help is, in the emergency slot."""

SAID_OVER = "said_over"
"""Whether the person was told what is still to be done once the signs have stopped, in the emergency slot."""

CHECK_IN_SLOTS: dict[str, Any] = {"requested_slot": None, "interview_reply": None}
"""Rasa's slots of a check-in that ends."""


def end_said(memory: Mapping[str, Any]) -> dict[str, Any]:
    """The interview slot when nothing more is to be said about the end of the check-in."""
    return {"at": time.time(), **memory, "question": None, "say": [], "end_said": True}


def sign_of(category: str, level: str) -> dict[str, tuple[str, ...]]:
    """The answer that a warning sign of this level counts as. What is not an emergency is never a danger sign."""
    update = interview().answers_for_category(category, level)
    danger = interview().table.danger_question.id
    return {question: signs for question, signs in update.items() if level == EMERGENCY or question != danger}


def with_danger(memory: Mapping[str, Any], category: str, level: str) -> dict[str, Any]:
    """The interview slot after a message told of danger: the sign counts like an answer, asked or not."""
    state = state_in(memory) or InterviewState()
    update = sign_of(category, level)
    if update:
        noted = interview().record(state, update).state
        # Before a check-in the sign is only noted: no question was put that could be gone on with.
        state = noted if state.put else replace(noted, put=(), shown=(0, 0), current=None)
    return end_said({"state": state.to_json()})


def with_help(emergency: Mapping[str, Any]) -> dict[str, Any]:
    """The emergency slot once help is on its way."""
    return {**emergency, HELP_AT: time.time()}


def is_over(emergency: Mapping[str, Any] | None, minutes: float) -> bool:
    """Whether help came so long ago that what is said now is about something else."""
    came = (emergency or {}).get(HELP_AT)
    return came is not None and time.time() - came > 60 * minutes


def slots_after_escalation(slots: Mapping[str, Any], verdict: Mapping[str, Any]) -> dict[str, Any]:
    """The slots that an escalation changes, from the slots before it and its verdict as plain data.

    An emergency stays open until the person is fine, or for hours after help was called; its number stays in sight
    until help is coming.
    """
    category, level = verdict["category"], verdict["level"]
    return {
        **CHECK_IN_SLOTS,
        "interview": with_danger(slots.get("interview") or {}, category, level),
        "danger_check": None,
        "escalated": [*(slots.get("escalated") or ())[-MOST_TOLD:], [category, level, time.time()]],
        "emergency": {"category": category, "level": level} if level == EMERGENCY else slots.get("emergency"),
    }
