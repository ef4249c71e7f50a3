"""One plain message for each category of danger, taken from the clinicians' own examples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bot.safety.record import interrupts, verdict_as_dict
from bot.safety.verdict import level_rank
from bot.settings import settings
from bot.shared import safety_screen
from knowledge.red_flag_models import load_red_flags


@dataclass(frozen=True)
class Danger:
    """A message, and the screen's verdict on it as plain data."""

    category: str
    text: str
    verdict: dict[str, Any]

    def __str__(self) -> str:
        return self.category

    @property
    def emergency(self) -> bool:
        """Whether it comes before everything, an answer that can be read included."""
        return bool(self.verdict["level"] == "emergency")


@lru_cache(maxsize=1)
def every_category() -> tuple[Danger, ...]:
    """For each category its highest example that the screen raises surely, as that category and above all else."""
    found = []
    for slug, flag in load_red_flags(settings().knowledge_folder / "red_flags").categories.items():
        verdicts = [(text, verdict_as_dict(safety_screen().screen(text))) for text in flag.example_messages]
        raised = [
            Danger(slug, text, verdict)
            for text, verdict in verdicts
            if verdict["category"] == slug and verdict["sure"] and interrupts(verdict)
        ]
        found.append(max(raised, key=lambda danger: level_rank(danger.verdict["level"])))
    return tuple(found)
