"""A sentence that is sent in pieces is read as one."""

from __future__ import annotations

import pytest

from bot.safety import SafetyScreen
from bot.safety.told import Told, still_so
from bot.safety.unfinished import SECONDS, begun

NOW = 1_700_000_000.0


@pytest.mark.parametrize("text", ["me nan cant", "my dad is", "all of a sudden my", "she hasn't", "cant"])
def test_a_message_that_ends_where_no_sentence_ends_is_begun(text: str) -> None:
    assert begun(text) == text


@pytest.mark.parametrize(
    "text",
    ["brace", "not", "my foot bounces", "I know what it is.", "he said that walking was easier than it has been and"],
)
def test_what_ends_or_is_long_or_a_single_word_is_not(text: str) -> None:
    assert begun(text) is None


@pytest.mark.parametrize(
    ("pieces", "category"),
    [
        (("me nan cant", "find her words"), "new-stroke"),
        (("my dad cant", "lift his arm", "or smile straight"), "new-stroke"),
        (("me hand", "cant", "grip"), "new-stroke"),
        (("hes lying there and i cant", "wake him up"), "unresponsive-or-collapsed"),
    ],
)
def test_the_pieces_of_a_danger_make_one(whole: SafetyScreen, pieces: tuple[str, ...], category: str) -> None:
    told: tuple[Told, ...] = ()
    found = []
    for piece in pieces:
        found.append(whole.screen(piece, still_so(told, NOW)))
        told = whole.remember(piece, told, NOW)
    assert category in [verdict.category for verdict in found[1:]]


def test_a_begun_sentence_waits_a_few_minutes_and_for_one_message(whole: SafetyScreen) -> None:
    told = whole.remember("me nan cant", (), NOW)
    assert [still_so(told, NOW + 1), still_so(told, NOW + SECONDS + 1)] == [("me nan cant",), ()]
    assert still_so(whole.remember("how do I stretch my calf?", told, NOW), NOW) == ()


def test_half_a_sentence_that_is_only_like_a_danger_is_asked_about(whole: SafetyScreen) -> None:
    assert not whole.screen("my wife cant").sure


def test_what_follows_an_open_end_and_is_harmless_raises_nothing(whole: SafetyScreen) -> None:
    told = whole.remember("my physio said that i am not", (), NOW)
    assert not whole.screen("how do I stretch my calf?", still_so(told, NOW)).alarm
