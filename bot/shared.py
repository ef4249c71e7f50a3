"""The heavy, read-only parts that every piece of one process shares: loaded at first use, once."""

from __future__ import annotations

from functools import lru_cache

from bot.safety import SafetyScreen
from bot.settings import settings
from bot.understanding.encoder import SentenceEncoder


@lru_cache(maxsize=1)
def sentence_encoder() -> SentenceEncoder:
    """The one sentence encoder; a vector is computed once a message and remembered."""
    return SentenceEncoder()


@lru_cache(maxsize=1)
def safety_screen() -> SafetyScreen:
    """The one safety screen."""
    return SafetyScreen.load(settings().knowledge_folder / "red_flags")
