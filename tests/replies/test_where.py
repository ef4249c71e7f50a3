"""The numbers of the person's region in what is said."""

from __future__ import annotations

import pytest

from bot.replies.content import Content
from bot.replies.reply import Kind, Reply
from bot.replies.where import with_number

STROKE = "Call your emergency number at once. Tell your emergency number when it began."


@pytest.mark.parametrize(
    ("region", "text"),
    [
        ("UK", "Call your emergency number (999) at once. Tell your emergency number when it began."),
        ("OTHER", STROKE),
        (None, STROKE),
    ],
)
def test_a_topic_names_the_number_once_where_it_is_known(content: Content, region: str | None, text: str) -> None:
    assert with_number(content, Reply(Kind.ANSWER, STROKE), region) == Reply(Kind.ANSWER, text)
