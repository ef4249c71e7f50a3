"""Whether a message tells of fear."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.fear import FearWords
from bot.understanding.thresholds import load_thresholds


@pytest.fixture(scope="module")
def words() -> FearWords:
    return load_thresholds(ROOT / "knowledge" / "understanding.yml").fear


@pytest.mark.parametrize(
    "text",
    [
        "I had a stroke in May and my foot bounces when I stand, I'm scared", "foot shakes in bed, it frightens me",
        "MUM IS TERRIFIED OF THE STAIRS", "so worried about my knee", "scary, my foot goes by itself",
    ],
)  # fmt: skip
def test_fear_is_heard_whoever_has_it(words: FearWords, text: str) -> None:
    assert words.told_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "my foot bounces", "I'm not scared, just curious", "never really worried me", "should I be worried",
        "nothing scary, how do I stretch", "why worried faces at the clinic",
    ],
)  # fmt: skip
def test_fear_that_is_denied_or_asked_about_is_none(words: FearWords, text: str) -> None:
    assert not words.told_in(text)
