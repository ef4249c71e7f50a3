"""Talking to the interview: replies in, the last turn out."""

from __future__ import annotations

from functools import lru_cache

from bot.triage.interview import Interview
from bot.triage.interview_state import InterviewState
from bot.triage.turns import Turn

DANGER_GROUPS = ["group:red-flags/brain", "group:red-flags/body", "group:red-flags/medicine", "group:red-flags/safety"]
NO_DANGER = ["no"] * 4
UP_TO_WALK = [*NO_DANGER, "me", "yes", "same", "no", "no"]


@lru_cache(maxsize=1)
def interview() -> Interview:
    return Interview()


def say(*replies: str, problem: str | None = None, opening: str = "") -> Turn:
    """The last turn after these replies, the state carried as JSON in between."""
    turn = interview().start(problem, opening)
    for reply in replies:
        turn = interview().receive(InterviewState.from_json(turn.state.to_json()), reply)
    return turn


def asks(turn: Turn) -> str | None:
    return turn.prompt.id if turn.prompt else None


def labels(turn: Turn) -> list[str]:
    return [option.label for option in turn.prompt.options] if turn.prompt else []
