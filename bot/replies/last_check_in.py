"""The last check-in as the slot `interview` keeps it, for actions and for the page."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from bot.triage.interview_state import InterviewState

KEPT_SECONDS = 24 * 3600
"""How long a check-in counts as the same one (how_it_works.terms in knowledge/triage.yml)."""


def state_in(memory: Mapping[str, Any]) -> InterviewState | None:
    """Where the check-in stands; None when there was none, or it is too long ago to count."""
    if "state" not in memory or time.time() - memory.get("at", 0) > KEPT_SECONDS:
        return None
    return InterviewState.from_json(memory["state"])
