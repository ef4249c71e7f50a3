"""What a statement says is as it should be."""

from __future__ import annotations

import pytest

from bot.understanding.all_well import all_is_well


@pytest.mark.parametrize(
    "text", ["My face is even, my speech is fine", "my arms are both strong", "Her leg looks quite normal", "it's fine"]
)
def test_all_is_well_when_that_is_all_that_is_said(text: str) -> None:
    assert all_is_well(text)


@pytest.mark.parametrize(
    "text",
    ["my arm is fine but my leg is weak", "my foot is not well", "my foot bounces", "is it normal?", "it isn't ok"],
)
def test_a_problem_or_a_question_is_not_well(text: str) -> None:
    assert not all_is_well(text)
