"""Files of labelled messages."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.held_out import (
    HELD_OUT,
    BadMessagesError,
    LabelledMessage,
    load_anybodys,
    load_intents,
    load_out_of_scope,
    load_topics,
)
from bot.evaluation.judging import OWN_REPLY


def written(folder: Path, text: str) -> Path:
    path = folder / "messages.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_message_without_topics_must_be_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '{"text": "my brace rubs", "topics": ["afo-fit-and-skin"], "style": "terse"}\n'
        "\n"
        '{"text": "who won the cup", "kind": "smalltalk-unrelated"}\n'
        '{"text": "and the weather?", "topics": []}\n',
    )
    assert load_anybodys(path) == (
        [LabelledMessage("my brace rubs", ("afo-fit-and-skin",), "terse")],
        [
            LabelledMessage("who won the cup", (), "smalltalk-unrelated"),
            LabelledMessage("and the weather?", (), "all"),
        ],
    )


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("hello", "not JSON"),
        ('"hello"', 'needs an object with a "text"'),
        ('{"topics": []}', 'needs an object with a "text"'),
        ('{"text": "hello", "topics": "afo"}', '"topics" must be a list of slugs'),
    ],
)
def test_a_bad_line_is_named_by_its_number(tmp_path: Path, line: str, complaint: str) -> None:
    path = written(tmp_path, '{"text": "fine"}\n' + line)
    with pytest.raises(BadMessagesError) as raised:
        load_anybodys(path)
    assert str(raised.value).startswith(f"{path}:2: {complaint}")


def test_a_file_without_messages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadMessagesError, match="holds no message"):
        load_anybodys(written(tmp_path, "\n"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadMessagesError, match=r"nowhere\.jsonl: cannot be read"):
        load_anybodys(tmp_path / "nowhere.jsonl")


def test_our_own_held_out_files_can_be_read_and_every_kind_has_its_reply() -> None:
    topics = load_topics(HELD_OUT / "topics.jsonl")
    outside = load_out_of_scope(HELD_OUT / "out_of_scope.jsonl")
    intents = load_intents(HELD_OUT / "intents.jsonl")
    assert all(message.right for message in topics)
    assert {message.group for message in outside} == set(OWN_REPLY)
    assert all(len(message.right) == 1 for message in intents)
