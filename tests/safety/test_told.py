"""What was told in earlier messages counts as if it had been said with the sign."""

from __future__ import annotations

from typing import Any

import pytest

from bot.safety import SafetyScreen, Verdict
from bot.safety.told import MOST_KEPT, SECONDS_AN_HOUR, Told, as_data, still_so, told_in

NOW = 1_700_000_000.0
DAY = 24 * SECONDS_AN_HOUR


def hears(screen: SafetyScreen, *messages: str) -> tuple[Told, ...]:
    told: tuple[Told, ...] = ()
    for message in messages:
        told = screen.remember(message, told, NOW)
    return told


def after(screen: SafetyScreen, messages: tuple[str, ...], text: str) -> Verdict:
    return screen.screen(text, still_so(hears(screen, *messages), NOW))


@pytest.mark.parametrize(
    ("before", "text", "category", "level"),
    [
        (
            ("his baclofen finished two days back",),
            "he is sweating and seeing things",
            "baclofen-withdrawal",
            "emergency",
        ),
        (("hi", "I have SCI at T6", "ok"), "BP is 170/95, usually 105", "autonomic-dysreflexia", "emergency"),
        (("i had wine with my baclofen", "is that ok"), "I feel so sleepy", "baclofen-overdose", "emergency"),
        (("I am 34 weeks pregnant, can I stretch?",), "i see spots", "pre-eclampsia", "emergency"),
        (("he banged his head yesterday",), "he has thrown up twice", "head-injury-after-fall", "emergency"),
        (("my sertraline was doubled on monday",), "i am sweating and shaking", "serotonin-syndrome", "emergency"),
    ],
)
def test_a_sign_completes_what_was_told_before(
    whole: SafetyScreen, before: tuple[str, ...], text: str, category: str, level: str
) -> None:
    verdict = after(whole, before, text)
    assert (verdict.category, verdict.level) == (category, level)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (("I ran out of baclofen on monday",), "thanks"),
        (("I ran out of baclofen on monday",), "how do I stretch my calf?"),
        (("I have a T6 injury, my head pounds and I sweat",), "ok I have called them"),
        (("I have a pump",), "my pump is fine, no fever and no itching"),
        (("I have a T4 injury",), "can botox give you a headache?"),
        (("I have a T5 injury and my head is pounding and I'm sweating",), "sorted it. feel ok now"),
    ],
)
def test_what_adds_nothing_is_not_escalated_again(whole: SafetyScreen, before: tuple[str, ...], text: str) -> None:
    assert after(whole, before, text) == whole.screen(text)


def test_what_was_told_never_makes_less_of_a_message(whole: SafetyScreen) -> None:
    before = ("I have had MS for years and my spasms are always like this",)
    alone = whole.screen("my face is drooping")
    assert after(whole, before, "my face is drooping") == alone
    assert (alone.category, alone.level, alone.sure) == ("new-stroke", "emergency", True)


def test_the_reason_holds_the_words_of_both_messages(screen: SafetyScreen) -> None:
    verdict = after(screen, ("his baclofen finished two days back",), "he is sweating")
    assert verdict.matched == ("baclofen finished", "sweating")


def test_only_sentences_that_tell_of_something_lasting_are_kept(screen: SafetyScreen) -> None:
    told = hears(screen, "Hello there. I have a pump since May! How often do I stretch?", "thank you")
    assert still_so(told, NOW) == ("I have a pump since May!",)


@pytest.mark.parametrize("text", ["what does a pump do", "what if i get pregnant", "I am not pregnant", "thanks"])
def test_questions_and_denials_are_not_kept(screen: SafetyScreen, text: str) -> None:
    assert hears(screen, text) == ()


def test_what_is_denied_later_is_forgotten(screen: SafetyScreen) -> None:
    assert hears(screen, "I am pregnant", "sorry, I am not pregnant") == ()


def test_the_newest_words_replace_the_older_ones_on_the_same(screen: SafetyScreen) -> None:
    told = hears(screen, "I have MS", "I ran out of baclofen", "my MS is the secondary kind")
    assert still_so(told, NOW) == ("I ran out of baclofen", "my MS is the secondary kind")


def test_the_oldest_sentences_go_first(screen: SafetyScreen) -> None:
    messages = ("I have MS", "I have a pump", "I am pregnant", "I have cancer", "I have diabetes", "I have epilepsy")
    told = hears(screen, *messages, "I take warfarin")
    assert still_so(told, NOW) == (*messages[1:], "I take warfarin")
    assert len(told) == MOST_KEPT


def test_a_sentence_shrinks_to_what_still_holds(screen: SafetyScreen) -> None:
    told = hears(screen, "I have MS and a fever")
    assert still_so(told, NOW + DAY) == ("I have MS and a fever",)
    assert still_so(told, NOW + 3 * DAY) == ("MS",)
    assert still_so(told, NOW + 400 * DAY) == ()
    assert screen.remember("hello", told, NOW + 400 * DAY) == ()


def test_of_a_long_sentence_the_words_around_it_are_kept(screen: SafetyScreen) -> None:
    long = " ".join(["well"] * 200)
    [kept] = still_so(hears(screen, f"{long} i have a pump {long}"), NOW)
    assert kept.split().count("pump") == 1
    assert len(kept.split()) < 60


def test_it_is_written_and_read_as_plain_data(screen: SafetyScreen) -> None:
    told = hears(screen, "I have a T4 injury", "the catheter is blocked")
    assert told_in({"told": as_data(told)}) == told
    assert told_in({}) == told_in({"told": None}) == ()


@pytest.mark.parametrize("spoiled", [["x"], [{}], [3], [{"text": "I have a pump"}]])
def test_what_cannot_be_read_counts_as_nothing(spoiled: object) -> None:
    assert told_in({"told": spoiled}) == ()


def test_when_what_was_told_cannot_be_screened_the_message_decides(screen: SafetyScreen) -> None:
    broken: Any = (3,)
    assert screen.screen("my face is drooping", broken) == screen.screen("my face is drooping")


def test_a_childs_age_makes_nothing_of_the_writers_own_body(screen: SafetyScreen) -> None:
    told = hears(screen, "I have a 3 month old", "I have MS")
    assert screen.holding("my foot jumps when I stand", told, NOW) == ("I have MS",)
    assert screen.holding("she keeps jerking", told, NOW) == ("I have a 3 month old", "I have MS")


def test_words_of_time_alone_complete_nothing(whole: SafetyScreen) -> None:
    text = "what is the weather like today?"
    assert after(whole, ("my calf is swollen",), text) == whole.screen(text)
