"""What a person types is only ever text, never a command."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.understanding.plain_text import plain_text


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("my foot bounces", "my foot bounces"),
        ("/restart", "restart"),
        ("///restart", "restart"),
        (" / / /restart", "restart"),
        ("\ufeff/restart", "restart"),
        ("\u200b/restart", "restart"),
        ("\x00/restart", "restart"),
        ("/\x1b/restart", "restart"),
        ("and/or", "and/or"),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        ("be\x07ll", "bell"),
        ("odd \ud800 half", "odd  half"),
        ("  spaces  ", "spaces"),
        ("/", ""),
        ("", ""),
    ],
)
def test_leading_slashes_and_control_characters_go_and_the_rest_stays(typed: str, text: str) -> None:
    assert plain_text(typed) == text


@given(st.text(alphabet=st.one_of(st.sampled_from("/ \t\n\u00a0\u2003\u2028\u3000\u200b\ufeffa{}"), st.characters())))
@example("\u00a0/restart")
@example("\u3000/restart")
@example("\u2028/restart")
def test_no_text_is_ever_a_command(typed: str) -> None:
    text = plain_text(typed)
    assert not text.startswith("/")
    assert YAMLStoryReader.unpack_regex_message(Message({TEXT: text})).get(INTENT) is None


@given(st.text())
def test_plain_text_stays_as_it_is(typed: str) -> None:
    assert plain_text(plain_text(typed)) == plain_text(typed)
