"""The wish for the check-in is heard inside a longer message, and not where somebody else checks."""

from __future__ import annotations

import pytest

from bot.understanding.check_wish import CheckWish

WISH = CheckWish(["check my ankle", "check my symptoms please", "a check"], ["how", "he", "physio"])


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Check my ankle!", True),
        ("my foot bounces all day, check my symptoms please", True),
        ("how do I check my ankle at home", False),
        ("the physio will check my ankle", False),
        ("how long is it? I fell on the stairs and want you to check my ankle", True),
        ("I need a check", False),
        ("", False),
    ],
)
def test_the_wish_is_heard_only_where_it_is_one(text: str, wished: bool) -> None:
    assert WISH.is_in(text) is wished
