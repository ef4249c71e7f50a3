"""What a question takes for granted is read as told."""

from __future__ import annotations

import pytest

from bot.safety import SafetyScreen
from bot.safety.presupposed import Presupposed, presupposed


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Is it bad that my speech is slurred?", "my speech is slurred"),
        ("is it ok that I took ten baclofen", "I took ten baclofen"),
        ("Should I be worried that he can't wake up?", "he can't wake up"),
        ("What should I do about my slurred speech?", "my slurred speech"),
        ("Is it normal to feel like I want to die?", "I want to die"),
        ("Which brace is best and is it bad that he can’t speak properly today?", "he can't speak properly today"),
        ("can I still take baclofen, I took six by accident", "I took six by accident"),
    ],
)
def test_what_is_judged_worried_about_or_told_behind_a_comma_is_so(text: str, told: str) -> None:
    assert presupposed(text) == (Presupposed(told, may_be=False),)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("What shoes are good and what if I can't breathe?", "I can't breathe"),
        ("is he ok if he is hard to wake?", "he is hard to wake"),
        ("should I worry if it got worse since Monday", "it got worse since Monday"),
    ],
)
def test_behind_an_if_it_may_be_so(text: str, told: str) -> None:
    assert presupposed(text) == (Presupposed(told, may_be=True),)


@pytest.mark.parametrize(
    "text",
    [
        "", "is slurred speech a sign of a stroke", "what if I fall and my phone is upstairs",
        "what if I have a seizure one day", "is it bad to cross my legs", "should I worry about clots",
        "what should I do if I ever fall", "when I was pregnant in 2009, I had pre-eclampsia", "is it normal",
        "Do I need a brace, or a wedge?",
    ],
)  # fmt: skip
def test_what_is_only_asked_about_is_not(text: str) -> None:
    assert presupposed(text) == ()


@pytest.mark.parametrize(
    ("text", "category", "sure"),
    [
        ("Should I be worried that he can't wake up?", "unresponsive-or-collapsed", True),
        ("How long should I stretch and should I worry that my calf is hot and swollen?", "dvt", True),
        ("what if I can't breathe", "choking-or-breathing-trouble", False),
    ],
)
def test_the_screen_raises_the_alarm_and_doubts_what_stands_behind_an_if(
    screen: SafetyScreen, text: str, category: str, sure: bool
) -> None:
    verdict = screen.screen(text)
    assert (verdict.category, verdict.sure) == (category, sure)
