"""What counts as yes, no or not sure to danger signs: nothing unclear is ever a no."""

from __future__ import annotations

import pytest
from read_reply import GROUP, SIGN, read


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes.", "YES!!", "y", "yep", "yup", "ye", "ya", "yeah", "yes I do", "1", "one", "a", "yes my arm is numb"],
)
def test_yes_to_a_danger_group(text: str) -> None:
    assert read(GROUP, text).mark == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No.",
        "n",
        "nope",
        "nah",
        "not really",
        "not realy",
        "none",
        "none of these",
        "nothing like that",
        "no thanks",
        "2",
        "No, none of that, thank you",
        "not at all",
    ],
)
def test_no_to_a_danger_group(text: str) -> None:
    assert read(GROUP, text).mark == "no"


@pytest.mark.parametrize("text", ["the second one", "second", "the first"])
def test_an_ordinal_below_a_group_may_be_one_of_its_signs_and_is_asked_again(text: str) -> None:
    assert (read(GROUP, text).kind, read(GROUP, text).mark) == ("unread", None)


@pytest.mark.parametrize(
    "text",
    [
        "not sure",
        "unsure",
        "dunno",
        "idk",
        "maybe",
        "i dont know",
        "no idea",
        "not so sure",
        "3",
        "I don't think so",
        "yes and no",
        "hard to say",
        "I am not sure",
        "I'm not sure",
        "im not sure really",
        "not sure?",
        "hmm, not sure about that one",
        "not that sure",
        "I'm not 100% sure",
        "not sure if my arm counts",
        "I honestly don't know",
        "I have no idea",
        "could not tell you",
        "can't say for sure",
        "difficult to say really",
        "may be",
        "we do not know",
        "he doesn't know",
        "I don't know, I'd have to ask my wife",
    ],
)
def test_not_sure_about_a_danger_group(text: str) -> None:
    assert read(GROUP, text).mark == "not-sure"


@pytest.mark.parametrize(
    "text",
    [
        "no but my arm is weak",
        "no face droop",
        "no my arm",
        "ok",
        "I am fine",
        "no?",
        "4",
        "👍",
        "",
        "...",
        "1 or 2",
        "no yes",
        "no, only a bit of numbness",
        "no except a fall",
        "never mind the pain in my chest",
    ],
)
def test_an_unclear_reply_is_never_read_as_no_to_danger(text: str) -> None:
    assert read(GROUP, text).mark is None


def test_a_soft_no_to_one_sign_is_asked_again() -> None:
    assert read(SIGN, "I don't think so").kind == "unread"


@pytest.mark.parametrize("text", ["yeah my foot bounces a lot", "yes it bounces at the shop", "yep the bounce"])
def test_a_yes_that_goes_on_with_the_usual_bounce_is_asked_again(text: str) -> None:
    assert (read(GROUP, text).kind, read(GROUP, text).mark) == ("unread", None)


@pytest.mark.parametrize("text", ["yes the neurologist said its from the stroke"])
def test_a_yes_that_answers_another_question_is_asked_again(text: str) -> None:
    assert (read(GROUP, text).kind, read(GROUP, text).mark) == ("unread", None)


@pytest.mark.parametrize("text", ["no im safe", "nah im good"])
def test_a_no_with_a_word_of_being_well_is_a_no(text: str) -> None:
    assert read(GROUP, text).mark == "no"


@pytest.mark.parametrize(
    "text", ["yes the bounce is brand new", "yeah jerks all over", "yes my arm is weak and my foot bounces"]
)
def test_a_yes_that_names_a_sign_beside_the_bounce_is_a_yes(text: str) -> None:
    assert read(GROUP, text).mark == "yes"
