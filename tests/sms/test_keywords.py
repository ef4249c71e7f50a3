"""The words of the medium."""

from __future__ import annotations

import pytest

from bot.channels.sms.keywords import Keyword, bare_number, is_bare_answer, is_reaction, keyword_of, spelled_out
from knowledge.text_messages import RESERVED, TextMessages, load_text_messages

WORDS = load_text_messages()


@pytest.mark.parametrize(
    ("word", "keyword"),
    [
        *((word, Keyword.STOP) for word in ("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "CANCEL")),
        *((word, Keyword.STOP) for word in ("REVOKE", "OPTOUT")),
        *((word, Keyword.START) for word in ("START", "UNSTOP")),
        *((word, Keyword.HELP) for word in ("HELP", "INFO")),
        ("MORE", Keyword.MORE),
        ("Forget me.", Keyword.FORGET),
        ("delete my data", Keyword.FORGET),
    ],
)
def test_a_keyword_counts_in_any_case_and_with_a_stop_or_spaces_around(word: str, keyword: Keyword) -> None:
    forms = (word, word.lower(), word.title(), f"  {word}\n", f"{word}.", f'"{word}"!')
    assert [keyword_of(form, WORDS) for form in forms] == [keyword] * len(forms)


@pytest.mark.parametrize(
    "text",
    ["stop it hurts", "please stop", "it will not stop", "help me", "help my chest hurts", "the end", "1", "yes",
     "more pain today", "start", "can you start", "quit smoking", "i want to end it", "unstoppable", ""],
)  # fmt: skip
def test_a_keyword_inside_a_message_is_not_a_command(text: str) -> None:
    assert keyword_of(text, WORDS) is (Keyword.START if text == "start" else None)


def test_no_command_of_ours_is_a_word_that_phone_companies_act_on() -> None:
    assert not RESERVED & {word.casefold() for word in (*WORDS.shortcuts, *WORDS.forget_me, "more")}


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_a_reserved_word_cannot_be_made_a_command(word: str) -> None:
    content = WORDS.dict()
    content["shortcuts"] = {**content["shortcuts"], word: "check my symptoms"}
    with pytest.raises(ValueError, match="kept by phone companies"):
        TextMessages.parse_obj(content)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1),
        ("2.", 2),
        (" 3 )", 3),
        ("(3)", 3),
        ("12", 12),
        ("911", None),
        ("1 3", None),
        ("one", None),
        ("", None),
    ],
)
def test_numbers_alone(text: str, number: int | None) -> None:
    assert bare_number(text) == number


def test_answers_that_mean_nothing_without_their_question() -> None:
    assert [is_bare_answer(text) for text in ("1.", "Yes please", "NO", "not sure", "yes my knee locks")] == [
        True, True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reaction"),
    [
        ("Liked “Any of these? Chest pain.”", True),
        ('Questioned "Any of these? Chest pain."', True),
        ("Laughed at “Hello”", True),
        ("Reacted 👍 to “Hello”", True),
        ("Liked “Hello” but my chest hurts", False),
        ("I liked it", False),
    ],
)
def test_a_tap_on_our_message_is_no_message_about_what_it_quotes(text: str, reaction: bool) -> None:
    assert is_reaction(text) is reaction


@pytest.mark.parametrize(
    ("text", "meant"),
    [("CHECK", "check my symptoms"), ("Pause.", "pause"), ("👍", "yes"), ("👍🏽", "yes"), ("👎👎", "no"),
     ("check my brace", "check my brace"), ("😀", "😀"), ("", "")],
)  # fmt: skip
def test_short_commands_and_thumbs(text: str, meant: str) -> None:
    assert spelled_out(text, WORDS) == meant
