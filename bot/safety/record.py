"""Verdicts as plain data, for Rasa's parse data, slots and records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.safety.verdict import Verdict

RED_FLAG = "red_flag"
"""The intent of a message that raises an alarm, and the key of its verdict in Rasa's parse data."""

ALONE = "alone"
"""Where a verdict on a message with what was told before keeps the one on the message by itself."""

INTERRUPTING = ("emergency", "urgent")
"""Levels that come before everything else. A lower one is advice beside the answer."""


def interrupts(verdict: Mapping[str, Any] | None) -> bool:
    """Whether a verdict, as plain data, comes before everything else."""
    return bool(verdict) and verdict is not None and verdict["level"] in INTERRUPTING


def adds(verdict: Mapping[str, Any] | None, before: Mapping[str, Any]) -> bool:
    """Whether a message tells more of a danger than what was told `before` it, whose verdict that is: by itself, or by
    making another verdict of it. "Can she still do ballet" below a check question adds nothing."""
    if not verdict:
        return False
    alone = verdict.get(ALONE)
    same = all(verdict[key] == before[key] for key in ("category", "level", "sure"))
    return not same or alone is None or alone["level"] is not None


def verdict_as_dict(verdict: Verdict) -> dict[str, Any]:
    """A verdict with everything staff must see; nothing that JSON cannot hold."""
    return {
        "category": verdict.category,
        "level": verdict.level,
        "sure": verdict.sure,
        "matched": list(verdict.matched),
        "rule": verdict.rule,
        "chance": round(verdict.chance, 3),
        "against": list(verdict.against),
        "also": [list(pair) for pair in verdict.also],
        "language": verdict.language,
    }


def verdict_from_dict(data: Mapping[str, Any]) -> Verdict:
    """The reverse of verdict_as_dict. Raises ValueError or KeyError for data that is no verdict."""
    return Verdict(
        category=data["category"],
        level=data["level"],
        sure=bool(data["sure"]),
        matched=tuple(data["matched"]),
        rule=data["rule"],
        against=tuple(data.get("against", ())),
        also=tuple((str(category), str(level)) for category, level in data.get("also", ())),
        language=data.get("language"),
    )


def check_in_verdict(metadata: Mapping[str, Any], text: str) -> dict[str, Any]:
    """An emergency that the check-in came to, for staff: its reasons stand in for the rule.

    `metadata` is that of its reply, `text` the answer that led to it.
    """
    return {
        "category": metadata.get("category"),
        "level": metadata["level"],
        "sure": True,
        "matched": [text],
        "rule": "check-in",
        "against": [],
        "also": [],
        "language": None,
        "reasons": list(metadata.get("reasons") or ()),
    }
