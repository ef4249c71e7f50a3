"""A message that only names things is cut into them; one that tells or asks is not."""

from __future__ import annotations

import pytest

from bot.understanding.cutting import cut
from bot.understanding.listing import MOST_THINGS, things_listed


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("brace, stretching and driving", ["brace", "stretching", "driving"]),
        ("1. brace 2. stretching 3. my night spasms", ["brace", "stretching", "my night spasms"]),
        ("(a) shoes (b) stairs", ["shoes", "stairs"]),
        ("quick: dad 78 stroke, 1. brace rubs 2. spasms 3. driving", ["brace rubs", "spasms", "driving"]),
        ("brace & stretching & botox pls", ["brace", "stretching", "botox"]),
        ("Hi, three things: shoes, stairs, sleep", ["shoes", "stairs", "sleep"]),
        ("Can you tell me about AFOs, walking sticks, and FES please.", ["AFOs", "walking sticks", "FES"]),
        ("i want to know about braces and driving", ["braces", "driving"]),
        ("Explain in simple words please: AFO, FES, botox", ["AFO", "FES", "botox"]),
        ("falls / shoes / night", ["falls", "shoes", "night"]),
        ("- brace\n- botox", ["brace", "botox"]),
    ],
)
def test_what_is_named_is_cut_into_its_things(text: str, things: list[str]) -> None:
    assert things_listed(text) == things


@pytest.mark.parametrize(
    "text",
    [
        "",
        "brace",
        "how do I stretch, and can I drive",
        "heat or cold",
        "I wear a brace and it rubs",
        "what is the difference between a brace and a wedge",
        "a very long description of one single thing, brace",
        ", ".join(["brace"] * (MOST_THINGS + 1)),
    ],
)
def test_what_tells_or_asks_is_no_list(text: str) -> None:
    assert things_listed(text) == []


def test_letters_mark_the_points_of_a_list_of_questions() -> None:
    assert cut("(a) how do i stretch (b) does botox hurt (c) can i drive") == [
        "how do i stretch",
        "does botox hurt",
        "can i drive",
    ]


def test_commas_part_what_was_announced_as_several() -> None:
    assert cut("Hi, three things: my brace rubs, I can't sleep for the spasms, and is it safe to drive?")[-3:] == [
        "my brace rubs",
        "I can't sleep for the spasms",
        "is it safe to drive?",
    ]
