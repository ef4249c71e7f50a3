"""One screen for all safety tests: loading takes seconds, screening takes none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety import SafetyScreen
from bot.shared import prepare_learned_view, safety_screen

FOLDER = Path(__file__).parents[2] / "knowledge" / "red_flags"


@pytest.fixture(scope="session")
def screen() -> SafetyScreen:
    return SafetyScreen.load(FOLDER)


@pytest.fixture(scope="session")
def whole() -> SafetyScreen:
    """The screen that the bot uses, with the learned view and the vote."""
    prepare_learned_view()
    safety_screen.cache_clear()
    return safety_screen()
