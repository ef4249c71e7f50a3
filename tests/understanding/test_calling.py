"""What is said of calling for help, and of those who bring it, is heard only in words that can mean nothing else."""

from __future__ import annotations

import pytest

from bot.settings import ROOT
from bot.understanding.danger_lists import load_danger_lists

CALLING = load_danger_lists(ROOT / "knowledge").below_danger.calling


def test_who_cannot_hear_or_speak_needs_to_text() -> None:
    assert CALLING.needs_text("I am deaf so I can not phone anyone")
    assert not CALLING.needs_text("my phone is dead")


def test_help_comes_only_in_words_of_help() -> None:
    assert CALLING.help_comes("my neighbor is driving me to hospital")
    assert CALLING.help_comes("yes")
    assert not CALLING.help_comes("it was his first one")


@pytest.mark.parametrize("text", ["we're at A&E now", "the paramedics are here"])
def test_where_help_is_is_heard(text: str) -> None:
    assert CALLING.is_with_helpers(text)


@pytest.mark.parametrize("text", ["they're here", "they have arrived"])
def test_who_they_are_is_known_once_help_was_said_to_come(text: str) -> None:
    assert [CALLING.is_with_helpers(text), CALLING.is_with_helpers(text, coming=True)] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "we were at the hospital",
        "he was at the hospital last week",
        "should we be at the hospital",
        "we are going to be at the hospital",
    ],
)
def test_where_help_was_or_will_be_is_not(text: str) -> None:
    assert not CALLING.is_with_helpers(text)


@pytest.mark.parametrize("text", ["they are not coming", "nobody is coming", "do I still call", "no help yet"])
def test_help_that_does_not_come_is_no_help(text: str) -> None:
    assert not CALLING.help_comes(text)


@pytest.mark.parametrize(
    ("text", "puts_off"),
    [("I'll ring her doctor in the morning", True), ("i will call on monday", True), ("ok i will ring", False)],
)
def test_a_call_that_is_put_off_is_no_call(text: str, puts_off: bool) -> None:
    assert (CALLING.puts_off(text), CALLING.will_call(text)) == (puts_off, not puts_off)


def test_hours_until_help_comes_are_heard() -> None:
    assert CALLING.tells_long_wait("they said the ambulance is 3 hours")
    assert not CALLING.tells_long_wait("the ambulance is on its way")


def test_who_cannot_name_the_place_or_cannot_call_is_heard() -> None:
    assert CALLING.knows_no_address("mum is out and i dont know our address")
    assert not CALLING.knows_no_address("the address is 12 Mill Lane")
    assert CALLING.wants_to_text("i cant speak can i text")
    assert not CALLING.wants_to_text("my text is too small")


def test_who_brings_help_is_named_or_not() -> None:
    assert CALLING.names_helpers("ive called an ambulance")
    assert not CALLING.names_helpers("he is here now")


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("call me an ambulance", True),
        ("can you call 911 for me", True),
        ("i called an ambulance", False),
        ("can you call it a spasm", False),
        ("how often do you do it", False),
    ],
)
def test_the_bot_is_asked_to_call(text: str, wants: bool) -> None:
    assert CALLING.wants_a_call(text) is wants


def test_who_asks_the_bot_to_call_has_not_called() -> None:
    assert not CALLING.help_comes("call me an ambulance")
    assert CALLING.help_comes("i called an ambulance")


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("should i still ring someone", True),
        ("should i ring someone or wait till the morning", True),
        ("do i still ring", True),
        ("do i really have to ring", False),
        ("should i really call", False),
        ("can it wait till monday", False),
    ],
)
def test_whether_to_call_is_asked(text: str, asks: bool) -> None:
    assert CALLING.asks_whether_to_call(text) is asks


@pytest.mark.parametrize(
    ("text", "goes"),
    [("im going to a and e then", True), ("should i go to a and e", False), ("going to the hospital tomorrow", False)],
)
def test_who_goes_where_help_is_is_heard(text: str, goes: bool) -> None:
    assert CALLING.goes_there(text) is goes


def test_the_number_may_not_be_known() -> None:
    assert CALLING.knows_no_number("i dont know the number")
    assert not CALLING.knows_no_number("the number of steps is too big for me, what number of them should i climb")


def test_helpers_who_took_somebody_are_there() -> None:
    assert CALLING.is_with_helpers("the paramedics have got him", coming=True)
    assert not CALLING.is_with_helpers("the paramedics have not got him", coming=True)


@pytest.mark.parametrize("text", ["they said 20 minutes", "20 mins they said", "she said they will be an hour"])
def test_what_is_said_of_the_wait_for_help_is_heard(text: str) -> None:
    assert CALLING.tells_wait(text)


@pytest.mark.parametrize(
    "text", ["it began 20 minutes ago", "they said that 20 minutes ago", "20 minutes", "they said it is my nerves"]
)
def test_when_it_began_is_no_wait_for_help(text: str) -> None:
    assert not CALLING.tells_wait(text)


@pytest.mark.parametrize(
    "text",
    [
        "They came and said it was a TIA and I'm home now", "the paramedics checked him over", "she's back from A&E",
        "my doctor did a scan yesterday, no clot", "the ultrasound was clear", "X-ray this morning was normal",
        "doctor has seen me now, nothing to worry", "been to hospital, scan, not a stroke",
        "the doctor has been, it's a bladder infection",
        "gp saw him this morning and gave antibiotics",
    ],
)  # fmt: skip
def test_what_helpers_have_seen_to_is_heard(text: str) -> None:
    assert CALLING.was_seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "they have not seen him", "nobody has seen me", "has she seen him home now?", "he was discharged last week",
        "im home now alone", "they sent him home but he is worse", "I was sent home before they came",
        "my doctor saw me and wants me to go to hospital", "the gp came and called an ambulance",
        "doctor saw him, he is confused",
        "nurse checked him and he is grey", "has my doctor seen this", "no scan was done",
        "ok I will get a scan", "is the scan clear?", "the scan last year was clear",
        "waiting for the scan, fine so far",
        "the scan was clear but it is worse", "his scan was normal and now he cannot speak", "no x-ray machine here",
    ],
)  # fmt: skip
def test_what_nobody_saw_or_is_worse_again_is_not(text: str) -> None:
    assert not CALLING.was_seen(text)
