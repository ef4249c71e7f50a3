"""What is no answer: commands, questions of theirs, another subject, polite words."""

from __future__ import annotations

import pytest
from read_reply import GROUP, SIGN, read


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("skip", "skip"),
        ("next question", "skip"),
        ("I'd rather not say", "skip"),
        ("I don't want to answer that", "skip"),
        ("what do you mean?", "explain"),
        ("What?", "explain"),
        ("I don't understand", "explain"),
        ("how long will this take?", "how_long"),
        ("how many more questions", "how_long"),
        ("go back", "back"),
        ("oops", "back"),
        ("I meant the other one", "other_one"),
        ("stop", "stop"),
        ("STOP.", "stop"),
        ("enough", "stop"),
        ("maybe later", "stop"),
        ("I am too tired, stop", "stop"),
        ("im so tired", "stop"),
        ("pause please", "stop"),
        ("can I talk to a person?", "person"),
        ("nurse", "person"),
        ("continue", "go_on"),
        ("change my answer", "change"),
    ],
)
@pytest.mark.parametrize("prompt", [GROUP, "question:knee", "list:walk", "jump"])
def test_commands_work_at_every_kind_of_question(prompt: str, text: str, command: str) -> None:
    assert (read(prompt, text).kind, read(prompt, text).command) == ("command", command)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("change my answer about falls", "falls"),
        ("I want to change my answer about the knee", "knee"),
        ("change my answer about pain please", "pain"),
    ],
)
def test_a_change_names_its_question(text: str, about: str) -> None:
    assert read("list:walk", text).about == about


@pytest.mark.parametrize(
    "text",
    [
        "Is this serious?",
        "can I still drive",
        "what is an AFO",
        "how long will my recovery take?",
        "why does it shake?",
        "does it go away?",
        "My dog ran into the garden today and the neighbors were all very cross",
    ],
)
@pytest.mark.parametrize("prompt", [GROUP, "question:brace", "list:walk"])
def test_a_question_of_theirs_or_another_subject_is_no_answer(prompt: str, text: str) -> None:
    assert read(prompt, text).kind == "digression"


@pytest.mark.parametrize(
    "text", ["thanks", "Thank you so much", "thank you, dear", "ok", "OK?", "okay thanks", "hello", "hi there", "I see"]
)
@pytest.mark.parametrize(
    "prompt", [GROUP, SIGN, "question:knee", "question:brace", "list:walk", "jump", "change-which"]
)
def test_a_polite_word_is_neither_an_answer_nor_a_reply_that_could_not_be_read(prompt: str, text: str) -> None:
    assert read(prompt, text).kind == "digression"


@pytest.mark.parametrize(
    ("text", "mark"), [("ok no", "no"), ("ok yes", "yes"), ("no thank you", "no"), ("ok, not sure", "not-sure")]
)
def test_an_answer_with_a_polite_word_is_the_answer(text: str, mark: str) -> None:
    assert read(GROUP, text).mark == mark


@pytest.mark.parametrize("prompt", ["question:knee", "list:walk", "jump", "question:bounce-stop"])
def test_a_sentence_of_doubt_is_not_sure_at_every_question(prompt: str) -> None:
    assert [
        read(prompt, text).not_sure or read(prompt, text).answers for text in ("im not sure really", "no idea")
    ] == [
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "about"),
    [("falls", "falls"), ("falls?", "falls"), ("how long it lasts", "bounce-length"), ("why it bounces", "diagnosis")],
)
def test_a_name_alone_says_which_answer_to_change(text: str, about: str) -> None:
    assert read("change-which", text).about == about


def test_a_question_of_theirs_where_an_answer_is_to_be_named_is_no_name() -> None:
    assert [read("change-which", text).kind for text in ("What is clonus?", "what is clonus")] == ["digression"] * 2


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("why do you ask?", "why"),
        ("why do you need to know that", "why"),
        ("what does numb mean", "explain"),
        ("what do you mean by that", "explain"),
        ("forget it", "stop"),
        ("sorry wrong button", "back"),
    ],
)
@pytest.mark.parametrize("prompt", [GROUP, "question:brace", "list:walk"])
def test_people_ask_back_in_their_own_words(prompt: str, text: str, command: str) -> None:
    assert read(prompt, text).command == command


@pytest.mark.parametrize("text", ["too long", "I can't read all that", "make it simpler please", "why so many?"])
def test_a_list_that_is_too_long_is_put_line_by_line_and_a_question_explained(text: str) -> None:
    assert (read(GROUP, text).kind, read(GROUP, text).mark) == ("answer", "not-sure")
    assert read("question:brace", text).command == "explain"
