"""Only words that can mean nothing else close a danger, or the question whether it is there."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.danger_lists import load_danger_lists

RULES = load_danger_lists(ROOT / "knowledge").below_danger


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "No he is fine",
        "nope not happening",
        "no that was years ago",
        "no, she's ok now thanks",
        "no it is the usual",
    ],
)
def test_a_no_with_nothing_against_it_is_a_no(text: str) -> None:
    assert RULES.plainly_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no better",
        "no idea",
        "no it is not gone",
        "no but my arm is weak",
        "not sure",
        "no change",
        "he is fine",
        "no it is not fine",
    ],
)
def test_anything_that_could_take_it_back_is_none(text: str) -> None:
    assert not RULES.plainly_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "so no need to bother anyone?",
        "should i wait and see",
        "can I still wear it",
        "so nothing to do?",
        "can i go to sleep now",
        "is it serious",
    ],
)
def test_to_do_less_is_heard(text: str) -> None:
    assert RULES.asks_whether_to_wait(text)


@pytest.mark.parametrize(
    "text",
    ["thanks", "how do I stretch my calf?", "I cannot sleep", "my foot still bounces at night",
     "should the brace be on when I sleep or can I leave it off for the whole night without harm"],
)  # fmt: skip
def test_other_questions_and_statements_do_not_ask_to_wait(text: str) -> None:
    assert not RULES.asks_whether_to_wait(text)


@pytest.mark.parametrize("text", ["I am fine now", "it's gone", "false alarm, all good", "sorry, I was joking"])
def test_it_has_passed_is_believed(text: str) -> None:
    assert RULES.has_passed(text)


@pytest.mark.parametrize(
    "text", ["about 20 minutes ago", "half an hour ago", "it is not gone", "still the same", "it was gone before"]
)
def test_when_it_began_is_no_end(text: str) -> None:
    assert not RULES.has_passed(text)


@pytest.mark.parametrize("text", ["is it over now", "ok thanks, is it over now", "ok thanks", "is she fine again?"])
def test_whether_it_has_passed_is_no_news(text: str) -> None:
    assert not RULES.has_passed(text)


@pytest.mark.parametrize("text", ["it's normal for him", "she has been like that for years", "he always does that"])
def test_what_has_always_been_so_is_heard(text: str) -> None:
    assert RULES.is_usual(text)


@pytest.mark.parametrize(
    "text",
    [
        "not normal for him, it is worse",
        "is that normal for him?",
        "for years, but today it is new",
        "he cannot speak since the stroke",
    ],
)
def test_what_may_be_new_is_not_usual(text: str) -> None:
    assert not RULES.is_usual(text)


@pytest.mark.parametrize(
    "text", ["it started 20 minutes ago", "about half an hour ago", "since this morning", "at 10 pm"]
)
def test_a_time_alone_says_when_it_began(text: str) -> None:
    assert RULES.tells_when(text)


@pytest.mark.parametrize(
    "text", ["it is still going after 20 minutes", "20 tablets an hour ago", "it", "it began again"]
)
def test_a_time_with_more_does_not(text: str) -> None:
    assert not RULES.tells_when(text)


def test_a_no_that_goes_on_may_be_one_and_no_better_is_none() -> None:
    texts = ["no, it was a hangover", "nah just my usual headache", "no better", "no", "yes", "no but my arm is weak"]
    assert [RULES.begins_with_no(text) for text in texts] == [True, True, False, False, False, False]


def test_a_courtesy_answers_nothing() -> None:
    texts = ["ok thanks", "thank you", "", "ok it is happening", "fine"]
    assert [RULES.only_courteous(text) for text in texts] == [True, True, False, False, True]


@pytest.mark.parametrize(
    "text",
    ["I took them already", "30 tablets", "paracetamol a whole box", "the bottle is empty", "I've done it already"],
)
def test_what_was_done_is_heard(text: str) -> None:
    assert RULES.has_acted(text)


@pytest.mark.parametrize(
    "text",
    [
        "I have not taken anything",
        "I want to take pills",
        "what if I took them",
        "my tablets dont help",
        "I tried years ago",
    ],
)
def test_what_was_not_done_or_only_thought_of_is_not_taken_for_it(text: str) -> None:
    assert not RULES.has_acted(text)


@pytest.mark.parametrize("text", ["it started again", "she's bad again", "no im not", "they never came", "I lied"])
def test_that_it_is_back_is_heard(text: str) -> None:
    assert RULES.comes_back(text)


@pytest.mark.parametrize(
    "text", ["it's back to normal", "is it not ok to walk", "the bouncing started again", "thank you"]
)
def test_what_says_the_opposite_or_asks_is_not_taken_for_that(text: str) -> None:
    assert not RULES.comes_back(text)


@pytest.mark.parametrize("text", ["you misunderstood me", "that's not what I meant", "it was just a joke"])
def test_that_it_was_heard_wrongly_is_heard(text: str) -> None:
    assert RULES.is_mistaken(text, ())


def test_that_it_cannot_be_is_heard_only_below_the_danger_it_is_said_of() -> None:
    assert RULES.is_mistaken("I said I'm not on baclofen", ("im not on baclofen",))
    assert not RULES.is_mistaken("I'm not on baclofen", ())


@pytest.mark.parametrize("text", ["it's always been like that", "had it two years", "it started last year"])
def test_what_has_long_been_so_is_usual(text: str) -> None:
    assert RULES.is_usual(text)


@pytest.mark.parametrize(
    "text", ["it started last year but it is worse now", "that was last year", "since this morning"]
)
def test_what_changed_or_is_over_is_not_usual(text: str) -> None:
    assert not RULES.is_usual(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("what could it be", True),
        ("could it be his new tablets?", True),
        ("is it a stroke", True),
        ("what is an AFO", False),
        ("tell me what is wrong with how I stretch my calf in the morning", False),
    ],
)
def test_what_the_danger_is_may_be_asked(text: str, asks: bool) -> None:
    assert RULES.asks_what_it_is(text) is asks


@pytest.mark.parametrize("text", ["he won't let me ring", "she refuses to go", "he says leave me alone"])
def test_who_refuses_help_is_not_to_be_waited_for(text: str) -> None:
    assert RULES.plainly_asks_to_wait(text)


@pytest.mark.parametrize("text", ["lord no, nothing like that, I listen to the cricket", "no no, not at all"])
def test_a_no_with_more_behind_it_may_be_plain(text: str) -> None:
    assert RULES.plainly_no(text)


@pytest.mark.parametrize("text", ["no, nothing like that but my arm is weak", "nothing like that helps"])
def test_one_that_is_taken_back_is_not(text: str) -> None:
    assert not RULES.plainly_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "its stopped, she is breathing again",
        "the fit has stopped",
        "he came round",
        "ok she's awake now",
        "he coughed it up",
    ],
)
def test_that_the_signs_have_stopped_is_heard(text: str) -> None:
    assert RULES.has_ended(text)


@pytest.mark.parametrize(
    "text",
    [
        "he stopped breathing now",
        "is she breathing now?",
        "it stopped and started again",
        "it has not stopped",
        "shes awake now but cant talk",
        "he is breathing but barely",
        "he woke up with his face like that",
        "blood came out",
    ],
)
def test_what_goes_on_or_is_asked_has_not_stopped(text: str) -> None:
    assert not RULES.has_ended(text)


@pytest.mark.parametrize(
    ("text", "taken_back"), [("it was a joke", True), ("that was two years ago", True), ("its gone now", False)]
)
def test_what_was_no_danger_has_not_passed_but_is_taken_back(text: str, taken_back: bool) -> None:
    assert RULES.has_passed(text)
    assert RULES.takes_back(text) is taken_back


@pytest.mark.parametrize(
    ("text", "afraid"),
    [
        ("im so scared", True),
        ("scared", True),
        ("im scared she will choke on the tablets", False),
        ("is she scared?", False),
    ],
)
def test_fear_alone_is_met_as_fear(text: str, afraid: bool) -> None:
    assert RULES.is_afraid(text) is afraid


@pytest.mark.parametrize(
    ("text", "of_another"),
    [
        ("sorry its my brother not me", True),
        ("asking for a friend", True),
        ("is it not me?", False),
        ("it is me", False),
        ("its my brother", True),
        ("its my wife she left me today", False),
    ],
)
def test_what_is_said_of_somebody_else_is_heard(text: str, of_another: bool) -> None:
    assert RULES.is_of_another(text) is of_another


@pytest.mark.parametrize(
    ("text", "asks"), [("what can we do till they come", True), ("what now", True), ("what is an afo", False)]
)
def test_the_steps_may_be_asked_for(text: str, asks: bool) -> None:
    assert RULES.asks_what_to_do(text) is asks


def test_years_ago_may_be_said_by_an_age() -> None:
    assert RULES.tells_of_long_ago("it was when i was a kid")
    assert not RULES.tells_of_long_ago("my kid fell")


@pytest.mark.parametrize(
    "text",
    [
        "no fever",
        "no chest pain, breathing is fine",
        "not short of breath",
        "I don't have a cough",
        "no fever and no cough",
        "no he is not confused",
    ],
)
def test_what_only_says_which_signs_are_not_there_is_heard(text: str) -> None:
    assert RULES.only_denies(text)


@pytest.mark.parametrize(
    "text",
    [
        "no", "no thanks", "no it hurts", "no that is all", "not really", "no problem", "no better",
        "no idea", "not sure", "no fever but my arm is weak", "no cough, my calf is hot",
        "any fever?", "I cannot reach them", "they do not answer", "my calf is hot", "I am fine",
        "no doctor is open now",
    ],
)  # fmt: skip
def test_what_says_more_is_no_such_denial(text: str) -> None:
    assert not RULES.only_denies(text)
