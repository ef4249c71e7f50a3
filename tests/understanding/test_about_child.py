"""Whether a message tells that somebody is a child now."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.about_child import ChildWords
from bot.understanding.thresholds import load_thresholds


@pytest.fixture(scope="module")
def words() -> ChildWords:
    return load_thresholds(ROOT / "knowledge" / "understanding.yml").child


@pytest.mark.parametrize(
    "text",
    [
        "my son is 9 with cp", "She's four and has a brace", "our toddler's ankle drums", "im 14 and my foot shakes",
        "my 6 year old's foot", "he is 7yo", "6-year-old, hemiplegia", "son, 5, foot jumps", "she is three months old",
        "He's a teenager now", "my baby's feet flutter", "grandson of mine, aged 8", "she is two and walks on her toes",
        "is it normal in children", "he just turned eleven", "he is 18 months and both feet flutter",
    ],
)  # fmt: skip
def test_an_age_below_18_or_a_word_for_the_young_does(words: ChildWords, text: str) -> None:
    assert words.told_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "my foot bounces", "my son is 34", "I have had this since I was 6", "6 months after my stroke",
        "it is a 6 year old stroke", "when he was 9 he fell", "I'm 12 weeks pregnant", "she is 5 foot tall",
        "he is 12 weeks on tizanidine", "I'm 6 weeks post op", "my daughter is a nurse", "as a child I walked late",
        "my boy is 34, our toddler no more", "he counts 7 beats", "im 8 miles from the clinic", "aged 71",
        "when I had my baby it began", "he is one of many", "my son drives me at 9",
    ],
)  # fmt: skip
def test_other_times_other_things_and_grown_children_do_not(words: ChildWords, text: str) -> None:
    assert not words.told_in(text)
