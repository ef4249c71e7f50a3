"""One screen for all safety tests: loading takes seconds, screening takes none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety import SafetyScreen

FOLDER = Path(__file__).parents[2] / "knowledge" / "red_flags"


@pytest.fixture(scope="session")
def screen() -> SafetyScreen:
    return SafetyScreen.load(FOLDER)
