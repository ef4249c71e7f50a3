"""The sample conversation of README.md is what the bot replies."""

from __future__ import annotations

import pytest

from bot.channels.in_process import Companion
from tests.docs.readme_sample import README, SampleMissingError, drawn, renewed, sample, sample_dialogue, shown

PAGE = "Before.\n<!-- sample: begin -->\n\nold\n\n<!-- sample: end -->\nAfter.\n"


async def test_the_readme_shows_what_the_bot_replies(companion: Companion) -> None:
    stands = shown(README.read_text(encoding="utf-8"))

    assert stands == await sample(companion), "Renew it with: python -m tests.docs.readme_sample"


def test_the_sample_is_one_short_conversation() -> None:
    assert 5 <= len(sample_dialogue().turns) <= 7


def test_a_turn_is_drawn_as_words_and_quotations() -> None:
    replies = [
        {"text": "Stop.\n\n- Hold on.", "buttons": [{"title": "More"}, {"title": "Simpler"}], "metadata": {}},
        {"text": "Anything else?", "metadata": {}},
    ]

    assert drawn("It bounces", replies) == (
        "**You:** It bounces\n\n> Stop.\n>\n> - Hold on.\n>\n> <kbd>More</kbd> <kbd>Simpler</kbd>\n\n"
        "<!-- -->\n\n> Anything else?"
    )


def test_only_what_stands_between_the_marks_is_renewed() -> None:
    assert renewed(PAGE, "new") == PAGE.replace("old", "new")
    assert shown(renewed(PAGE, "new")) == "new"


@pytest.mark.parametrize("page", ["no marks", PAGE + PAGE])
def test_a_page_without_one_place_for_the_sample_is_refused(page: str) -> None:
    with pytest.raises(SampleMissingError):
        renewed(page, "new")
