"""The verdict on a message in its conversation: with what was told before, and without saying again what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.replies.escalations import said_before
from bot.safety.record import ALONE, verdict_as_dict
from bot.safety.screen import SafetyScreen
from bot.safety.told import told_in
from bot.understanding.cutting import asks


def screened(screen: SafetyScreen, text: str, slots: Mapping[str, Any], now: float) -> dict[str, Any] | None:
    """The verdict on a message together with what the conversation's `slots` tell, as plain data, with the one on the
    message by itself where something was told before; None without an alarm. `now`: seconds since 1970.

    A question that is none by itself brings no alarm again that was escalated before: "why does my foot bounce" below a
    fever is answered, below the advice for that fever. A call for help in an emergency that is open is about that one.
    """
    held = screen.holding(text, told_in(slots), now)
    verdict = screen.screen(text, held)
    if not verdict.alarm:
        return None
    found = verdict_as_dict(verdict)
    if slots.get("emergency") and not verdict.also and screen.only_calls(verdict):
        return None
    if held:
        alone = screen.screen(text)
        if not alone.alarm and asks(text) and (verdict.category, verdict.level) in said_before(slots):
            return None
        found[ALONE] = verdict_as_dict(alone)
    return found
