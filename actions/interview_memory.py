"""What the interview slot holds: where the check-in stands, the question on the screen, whether its end was said."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker

from actions.speaking import text_of
from bot.replies.after_danger import end_said, sign_of
from bot.replies.check_in import interview, question_reply
from bot.replies.last_check_in import state_in
from bot.safety.record import RED_FLAG
from bot.triage.interview_state import InterviewState
from bot.triage.turns import Turn
from bot.understanding.cutting import tells

MOST_EARLIER = 3
"""Earlier messages that may have said what the check-in would ask."""

TELLING = ("report_problem", "start_check")
"""Intents of messages that tell something about the person; a question does not."""

ASK = "ask_question"

BUTTON = "check my symptoms"


def memory_of(tracker: Tracker) -> dict[str, Any]:
    """The interview slot; empty when there was no check-in."""
    return tracker.get_slot("interview") or {}


def state_of(tracker: Tracker) -> InterviewState | None:
    """Where the check-in stands; None when there was none, or it is too long ago to count."""
    return state_in(memory_of(tracker))


def paused(tracker: Tracker) -> bool:
    """Whether the person comes back to the check-in after a long pause."""
    at = memory_of(tracker).get("at")
    return isinstance(at, int | float) and time.time() - at > interview().wording.pause_minutes * 60


def has_result(tracker: Tracker) -> bool:
    """Whether a result was said and no check-in is running."""
    state = state_of(tracker)
    return state is not None and begun(state) and state.ended is not None and bool(memory_of(tracker).get("end_said"))


def begun(state: InterviewState | None) -> bool:
    """Whether there is anything to go on with: a question was put, or something was told."""
    return state is not None and bool(state.entries or state.put)


def after_turn(turn: Turn) -> dict[str, Any]:
    """The slot after a turn: its question is on the screen, or the check-in has ended."""
    question = question_reply(turn.prompt, turn.say).as_message() if turn.prompt is not None else None
    return {
        "state": turn.state.to_json(),
        "question": question,
        "say": [] if question else list(turn.say),
        "at": time.time(),
    }


def meant_by(parsed: Mapping[str, Any]) -> str | None:
    """What a message was meant to do; beside an alarm of the safety screen, what it would have been without it."""
    intent = (parsed.get("intent") or {}).get("name")
    return (parsed.get("reading") or {}).get("intent") if intent == RED_FLAG else intent


def opening_text(tracker: Tracker) -> str:
    """What the person told before the check-in began, in their own words."""
    told: list[str] = []
    for event in reversed(tracker.events):
        if event.get("event") != "user" or len(told) >= MOST_EARLIER:
            continue
        text = event.get("text") or ""
        meant = meant_by(event.get("parse_data") or {})
        # a statement counts however it was taken: "my husband's foot bounces" is answered like a question on it
        if (meant in TELLING or (meant == ASK and tells(text))) and text.casefold().strip(" .!") != BUTTON:
            told.append(text)
    current = text_of(tracker)
    answers_check = meant_by(tracker.latest_message or {}) in ("affirm", "deny")
    if current and not answers_check and current not in told and current.casefold().strip(" .!") != BUTTON:
        told.insert(0, current)
    return ". ".join(reversed(told))


__all__ = ["after_turn", "begun", "end_said", "memory_of", "opening_text", "sign_of", "state_of"]
