"""The safety screen: danger is found in any words, in any state, by any part of the system that holds a message."""

from bot.safety.screen import SafetyScreen, View
from bot.safety.verdict import Finding, Verdict

__all__ = ["Finding", "SafetyScreen", "Verdict", "View"]
