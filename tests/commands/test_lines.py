"""The lines that `clonus converse` and `clonus understand` read and write."""

from __future__ import annotations

import pytest

from bot.commands.converse import flattened, parse_line
from bot.commands.understand import message_of


@pytest.mark.parametrize(
    ("line", "parsed"),
    [
        ('{"conversation": "a", "text": "hello"}', ("a", "hello")),
        ('{"text": "hello"}', ("default", "hello")),
        ('{"conversation": 7, "text": ""}', ("7", "")),
        ('{"conversation": "a", "text": "/restart", "more": 1}', ("a", "/restart")),
        ('  {"text": "caf\\u00e9"}\n', ("default", "café")),
    ],
)
def test_a_line_of_converse_holds_a_conversation_and_a_text(line: str, parsed: tuple[str, str]) -> None:
    assert parse_line(line) == parsed


@pytest.mark.parametrize("line", ["hello", "{", '{"text": "hello"', ""])
def test_a_line_that_is_not_json_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"^this line is not JSON \(.+\)$"):
        parse_line(line)


@pytest.mark.parametrize(
    "line", ['"hello"', "[]", "7", "null", '{"conversation": "a"}', '{"text": 7}', '{"text": null}']
)
def test_a_line_without_a_text_is_refused_with_an_example(line: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_line(line)
    assert str(caught.value) == 'each line must be like {"conversation": "a", "text": "hello"}'


def test_a_reply_of_converse_is_one_flat_object() -> None:
    message = {
        "text": "A brace.",
        "buttons": [{"title": "More", "payload": "More"}],
        "metadata": {"kind": "answer", "topic": "afo", "steps": ["afo/1"]},
    }
    assert flattened(message) == {
        "kind": "answer",
        "text": "A brace.",
        "buttons": [{"title": "More", "payload": "More"}],
        "topic": "afo",
        "steps": ["afo/1"],
    }
    assert message["metadata"] == {"kind": "answer", "topic": "afo", "steps": ["afo/1"]}


def test_a_reply_without_buttons_or_kind_has_the_same_form() -> None:
    assert flattened({"text": "Hello.", "metadata": {}}) == {"kind": None, "text": "Hello.", "buttons": []}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("my foot bounces", "my foot bounces"),
        ('{"text": "my foot bounces"}', "my foot bounces"),
        ('  {"text": "my foot", "id": 3}', "my foot"),
        ('{"id": 3}', '{"id": 3}'),
        ('{"text": 3}', '{"text": 3}'),
        ("{not json", "{not json"),
        ("", ""),
    ],
)
def test_a_line_of_understand_is_plain_text_or_a_json_object(line: str, message: str) -> None:
    assert message_of(line) == message
