"""After a topic on medicines, a wish to change one is heard though it is not named."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.medicines import asks_to_change
from bot.understanding.thresholds import load_thresholds

RULES = load_thresholds(ROOT / "knowledge" / "understanding.yml").medicines


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Should I just stop it?", True),
        ("can he come off them", True),
        ("is it ok to skip one", True),
        ("could I take more of it", True),
        ("I want to quit taking it", True),
        ("can I just stop", True),
        ("shall we cut down on those", True),
        ("does it stop the bounce", False),
        ("can it stop my foot bouncing", False),
        ("when does it start working", False),
        ("can it stop working", False),
        ("will it stop my foot", False),
        ("how long does it last", False),
        ("can I drive on it", False),
    ],
)
def test_a_wish_to_change_a_medicine_is_told_from_a_question_on_it(text: str, change: bool) -> None:
    assert asks_to_change(text, RULES) is change
