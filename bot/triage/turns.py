"""What an interview gives back: turns, and how it can end."""

from __future__ import annotations

from dataclasses import dataclass

from bot.triage.interview_state import InterviewState
from bot.triage.prompts import Prompt

FINISHED, STOPPED, EMERGENCY = "finished", "stopped", "emergency"
"""How an interview ends."""


@dataclass(frozen=True)
class Turn:
    """What follows from a reply.

    `event`: "asked", "explained", "not_read" (with `times`), "contradicted" (not read, as it gave two answers),
    "confirm_back", "went_back", "read_back", "stopped", "finished", "emergency", "digression", "reminded" or
    "person_asked". `prompt`: the question to show next, None when there is none. `say`: lines to show before it.
    `offer_person`: a way to reach a person belongs beside it.
    """

    state: InterviewState
    event: str
    prompt: Prompt | None = None
    say: tuple[str, ...] = ()
    times: int = 0
    offer_person: bool = False


@dataclass(frozen=True)
class Fact:
    """One answer as it is said back. `known` is False for a question without a usable answer."""

    question: str
    options: tuple[str, ...]
    text: str
    known: bool
