"""Answers in words, and what they leave open."""

from __future__ import annotations

import pytest
from read_reply import parts, read

from bot.triage.interview_state import Entry, InterviewState
from bot.triage.reading.phrases import split


@pytest.mark.parametrize(
    ("prompt", "text", "answer"),
    [
        ("question:bounce-length", "a couple of seconds", "seconds"),
        ("question:bounce-length", "about five minutes", "minutes"),
        ("question:bounce-length", "half a minute", "under-minute"),
        ("question:bounce-length", "10 seconds", "seconds"),
        ("question:bounce-length", "20 secs", "under-minute"),
        ("question:bounce-length", "1-2 minutes", "minutes"),
        ("question:bounce-length", "a minute or two", "minutes"),
        ("question:bounce-length", "less than a minute", "under-minute"),
        ("question:bounce-length", "over 10 min", "over-ten"),
        ("question:bounce-length", "an hour", "over-ten"),
        ("question:bounce-length", "it won't stop", "not-stopping"),
        ("question:falls", "twice last month", "more-month"),
        ("question:falls", "once last week", "one-month"),
        ("question:falls", "one fall 2 months ago", "one-year"),
        ("question:falls", "no i have not fallen", "none-year"),
        ("question:falls", "two or three times this year but not in the last months", "more-year"),
        ("question:falls", "once this year, not in the past month", "one-year"),
        ("question:falls", "no falls this year", "none-year"),
        ("question:backward", "now and then, mostly on slopes", "sometimes"),
        ("question:knee", "no hurt", "locks-no-pain"),
        ("question:falls", "never", "none-year"),
        ("question:knee", "no", "fine"),
        ("question:knee", "my knee is fine", "fine"),
        ("question:knee", "yes but it doesn't hurt", "locks-no-pain"),
        ("question:knee", "locks and hurts", "locks-with-pain"),
        ("question:knee", "swolen", "locks-swollen"),
        ("question:bounce-stop", "it stops when i put my heel down", "stops"),
        ("question:bounce-stop", "it doesnt stop when i hold it", "does-not"),
        ("question:bounce-stop", "no it keeps going", "does-not"),
        ("question:bounce-stop", "sometimes it stops when I push the heel down", "sometimes"),
        ("question:bounce-when", "when my toes land first", "toe-first"),
        ("question:bounce-when", "only my toes", "toe-first"),
        ("question:bounce-when", "sitting and at night", "other-times"),
        ("question:bounce-when", "it doesn't bounce", "never"),
        ("question:change", "same for years", "same"),
        ("question:change", "getting worse slowly", "slow"),
        ("question:change", "it started 3 days ago", "days"),
        ("question:change", "since yesterday", "today"),
        ("question:change", "1 and 4", "slow"),
        ("question:who", "me", "me"),
        ("question:who", "im 70", "me"),
        ("question:who", "my husband", "someone-i-help"),
        ("question:who", "a child", "child"),
        ("question:diagnosis", "yes it is from my stroke", "known"),
        ("question:diagnosis", "I had a stroke and the doctor says it is from that", "known"),
        ("question:diagnosis", "its from my MS", "known"),
        ("question:diagnosis", "yes my neurologist told me", "known"),
        ("question:diagnosis", "the doctor told me why", "known"),
        ("question:diagnosis", "My GP says it's because of that", "known"),
        ("question:diagnosis", "nobody told me", "unknown"),
        ("question:diagnosis", "no doctor has said it is from that", "unknown"),
        ("question:diagnosis", "my neurologist never told me", "unknown"),
        ("question:diagnosis", "my doctor told me nothing", "unknown"),
        ("question:medicines", "ran out of baclofen", "missed"),
        ("question:medicines", "I started sertraline", "new-mood-pain"),
        ("question:medicines", "no change", "no-change"),
        ("question:ankle-bend", "12 degrees", "ten-or-more"),
        ("question:ankle-bend", "5 degrees", "less-than-ten"),
        ("question:ankle-bend", "it cannot get flat", "not-flat"),
        ("question:brace", "yes but loose", "poor-fit"),
        ("question:skin", "a blister", "open"),
        ("question:pain", "wakes me up", "strong"),
        ("question:backward", "now and then", "sometimes"),
        ("question:step-to", "most steps", "most-steps"),
    ],
)
def test_an_answer_in_words(prompt: str, text: str, answer: str) -> None:
    assert read(prompt, text).answers == {prompt.split(":")[1]: (answer,)}


@pytest.mark.parametrize(
    ("prompt", "text", "left"),
    [
        ("question:knee", "yes", ("locks-no-pain", "locks-with-pain", "locks-swollen")),
        ("question:falls", "one, it took me a couple of minutes to get up", ("none-year", "one-year", "one-month")),
        ("question:falls", "I fell last week", ("one-month", "more-month")),
        ("question:falls", "no falls this month", ("none-year", "one-year", "more-year")),
        ("question:falls", "none in the past month", ("none-year", "one-year", "more-year")),
        ("question:falls", "fell 3 times this year", ("more-year", "one-month", "more-month")),
        ("question:falls", "two", ("none-year", "more-year", "one-month", "more-month")),
        ("question:bounce-length", "more than a minute", ("minutes", "over-ten")),
        ("question:pain", "very bad", ("strong", "new-severe")),
        ("question:who", "my son", ("someone-i-help", "child", "baby")),
    ],
)
def test_an_answer_that_leaves_several_options_open(prompt: str, text: str, left: tuple[str, ...]) -> None:
    assert read(prompt, text).maybe == {prompt.split(":")[1]: left}


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("question:knee", "no it hurts"),
        ("question:knee", "blue"),
        ("question:bounce-length", "5 minutes ago"),
        ("question:bounce-length", "30"),
        ("question:bounce-stop", "yes and also no"),
        ("question:diagnosis", "I had a stroke in 2019"),
        ("question:bounce-when", "never and all day"),
        ("list:walk", "everything except the knee"),
        ("list:walk", "yes"),
        ("list:walk", "none and 2"),
        ("list:walk", "99"),
    ],
)
def test_a_contradiction_or_an_unclear_reply_is_not_read(prompt: str, text: str) -> None:
    assert read(prompt, text).kind == "unread"


@pytest.mark.parametrize(
    ("prompt", "text", "contradicts"),
    [
        ("group:red-flags/brain", "yes but no", True),
        ("question:bounce-stop", "yes and also no", True),
        ("question:bounce-when", "never and all day", True),
        ("question:ankle-bend", "more than 10 degrees but it cannot get to flat", True),
        ("question:knee", "blue", False),
        ("question:bounce-length", "5 minutes ago", False),
    ],
)
def test_two_answers_that_exclude_each_other_are_told_from_what_is_no_answer(
    prompt: str, text: str, contradicts: bool
) -> None:
    assert read(prompt, text).contradicts == contradicts


def test_one_reply_answers_two_questions() -> None:
    reading = read("question:bounce-length", "a couple of seconds, goes away when I push my heel down")
    assert (reading.answers, reading.beside) == ({"bounce-length": ("seconds",)}, {"bounce-stop": ("stops",)})


def test_what_is_said_of_the_knee_is_not_taken_for_the_bounce() -> None:
    reading = read("question:knee", "it hurts for a couple of seconds, it is better than last week")
    assert (reading.beside, reading.beside_maybe) == ({}, {})


@pytest.mark.parametrize(
    ("text", "questions", "rest_absent"),
    [
        ("the knee", {"knee"}, False),
        ("kneee", {"knee"}, False),
        ("only the knee", {"knee"}, True),
        ("just my knee", {"knee"}, True),
        ("the knee, that is all", {"knee"}, True),
        ("i swing my leg out and nothing else", {"swing-out"}, True),
        ("my knee and I fell", {"knee", "falls"}, False),
        ("1, 3", {"bounce-when", "backward"}, False),
        ("1 and 3 only", {"bounce-when", "backward"}, True),
        ("none of these", set(), True),
        ("no", set(), True),
    ],
)
def test_a_list_is_ticked_by_words_or_numbers_and_silence_says_nothing(
    text: str, questions: set[str], rest_absent: bool
) -> None:
    reading = read("list:walk", text)
    assert ({*reading.answers, *reading.maybe}, reading.rest_absent) == (questions, rest_absent)


def test_only_is_heard_over_the_words_between_it_and_what_is_named() -> None:
    for text in ("only that I feel I am falling backward", "bakward only", "only backward"):
        reading = read("list:walk", text)
        assert ({*reading.answers, *reading.maybe}, reading.rest_absent) == ({"backward"}, True), text


def test_single_words_tick_the_list_of_the_bounce() -> None:
    reader, writer = parts()
    state = InterviewState(entries=(Entry("start", maybe={"bounce-when": ("toe-first", "other-times")}),))
    prompt = writer.write("list:bounce", state)
    assert reader.read("long", prompt).maybe == {"bounce-length": ("minutes", "over-ten")}
    assert reader.read("minutes", prompt).answers == {"bounce-length": ("minutes",)}
    assert reader.read("bed. night", prompt).answers == {"bounce-when": ("other-times",)}
    assert reader.read("less than a minute", prompt).answers == {"bounce-length": ("under-minute",)}


def test_a_relative_who_comes_into_a_story_is_not_the_one_it_is_about() -> None:
    text = "my daughter visited on sunday and we had a very nice lunch in the garden"
    assert read("question:who", text).kind == "digression"
    assert read("question:who", "my daughter").maybe == {"who": ("someone-i-help", "child", "baby")}


def test_a_bare_pain_leaves_open_how_bad_it_is() -> None:
    assert read("list:walk", "the pain").maybe == {"pain": ("mild", "strong", "new-severe")}


def test_a_denied_item_is_absent_and_another_one_named_beside_it_is_not() -> None:
    reading = read("list:walk", "no falls but the knee")
    assert (reading.answers, set(reading.maybe), reading.rest_absent) == ({"falls": ("none-year",)}, {"knee"}, False)


def test_jumps_are_cleared_without_limits_only_by_saying_both() -> None:
    assert read("jump", "yes").answers == {"jump-clear": ("cleared",)}
    assert read("jump", "1").answers == {"jump-clear": ("cleared",), "jump-limits": ("none",)}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("It doesn't", ("it", "does", "not")),
        ("CAN’T", ("can", "not")),
        ("I'm", ("i", "am")),
        ("10-20", ("10", "to", "20")),
        ("dont", ("do", "not")),
    ],
)
def test_short_forms_are_written_out(typed: str, words: tuple[str, ...]) -> None:
    assert split(typed).words == words
