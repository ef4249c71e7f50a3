"""The verdict on a message in its conversation."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bot.safety import SafetyScreen
from bot.safety.in_conversation import screened
from bot.safety.record import ALONE
from bot.safety.told import TOLD, as_data
from bot.shared import prepare_learned_view, safety_screen

FEVER = "temperature of 38.5 and my legs are stiffer"


@pytest.fixture(scope="module")
def screen() -> SafetyScreen:
    prepare_learned_view()
    safety_screen.cache_clear()
    return safety_screen()


def after_the_fever(screen: SafetyScreen, *, escalated: bool) -> dict[str, Any]:
    now = time.time()
    told = as_data(screen.remember(FEVER, (), now))
    first = screen.screen(FEVER)
    return {TOLD: told, "escalated": [[first.category, first.level, now]] if escalated else []}


def test_a_question_that_goes_with_what_was_told_is_an_alarm_until_that_was_escalated(screen: SafetyScreen) -> None:
    asked = "why does my foot bounce"
    found = screened(screen, asked, after_the_fever(screen, escalated=False), time.time())
    assert found is not None
    assert (found["category"], found[ALONE]["level"]) == ("fever-or-uti-with-worse-spasticity", None)
    assert screened(screen, asked, after_the_fever(screen, escalated=True), time.time()) is None


def test_what_is_a_danger_by_itself_is_one_whatever_was_escalated(screen: SafetyScreen) -> None:
    slots = after_the_fever(screen, escalated=True)
    for text in ("is it bad that his neck is stiff and he is confused", "my foot bounces more too"):
        assert screened(screen, text, slots, time.time()) is not None


def test_a_call_for_help_adds_nothing_to_an_emergency_that_is_open(screen: SafetyScreen) -> None:
    called = "should i call an ambulance"
    assert screened(screen, called, {}, time.time()) is not None
    open_now = {"emergency": {"category": "pulmonary-embolism-or-chest-pain", "level": "emergency"}}
    assert screened(screen, called, open_now, time.time()) is None
    both = screened(screen, "call an ambulance, he is not breathing", open_now, time.time())
    assert both is not None


def test_a_harmless_message_raises_nothing(screen: SafetyScreen) -> None:
    assert screened(screen, "how do I clean the brace", {}, time.time()) is None
