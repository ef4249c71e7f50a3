"""Whatever breaks: the person is answered within five seconds, with the escalation when there is a danger."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import pytest

from tests.faults.bot_processes import Bot, Person, at_once

DANGER = "I can't breathe"
QUESTION = "why does my foot bounce"
Fault = Callable[[Bot], AbstractContextManager[None]]

BREAKS_THE_TURN: dict[str, Fault] = {
    "the action server killed": lambda bot: bot.actions_killed(),
    "the action server hanging": lambda bot: bot.actions_hanging(),
    "understanding throwing": lambda bot: bot.part("throw-understanding"),
    "understanding hanging": lambda bot: bot.part("hang-understanding"),
    "the safety policy throwing": lambda bot: bot.part("throw-policy"),
    "conversations locked": lambda bot: bot.locked(bot.conversations),
    "conversations not writable": lambda bot: bot.conversations_unwritable(),
    "conversations spoiled": lambda bot: bot.replaced(bot.conversations, b"this is no database " * 500),
    "conversations gone": lambda bot: bot.replaced(bot.conversations, None),
}

LEAVES_ANSWERS: dict[str, Fault] = {
    "the library locked": lambda bot: bot.locked(bot.library),
    "the library spoiled": lambda bot: bot.replaced(bot.library, b"this is no library " * 500),
    "the library gone": lambda bot: bot.replaced(bot.library, None),
}


def kinds(replies: list[dict[str, Any]]) -> list[str]:
    return [reply["metadata"]["kind"] for reply in replies]


def is_escalation(replies: list[dict[str, Any]]) -> None:
    first = replies[0]
    assert (first["metadata"]["kind"], first["metadata"]["category"], first["metadata"]["level"]) == (
        "escalation",
        "choking-or-breathing-trouble",
        "emergency",
    )
    assert "Call 911 now." in first["text"]


def is_apology(replies: list[dict[str, Any]]) -> None:
    assert kinds(replies) == ["fallback"]
    for part in ("something went wrong on my side", "call 911 now", "Call our clinic on 555 0100."):
        assert part in replies[0]["text"]


def ask_everywhere(bot: Bot) -> tuple[list[list[dict[str, Any]]], list[list[dict[str, Any]]]]:
    """The replies to a danger and to a question, over REST and on the page, asked by four people at once."""
    people = [bot.person(channel) for channel in ("rest", "page") for _ in range(2)]
    replies = at_once(*zip(people, (DANGER, QUESTION) * 2, strict=True))
    return replies[0::2], replies[1::2]


def past_the_first_question(bot: Bot, channel: str) -> tuple[Person, str]:
    """A person in the check-in, and the question on their screen."""
    person = bot.person(channel)
    person.say("check my symptoms")
    *_, question = person.say("no")
    assert question["metadata"]["kind"] == "question"
    return person, question["text"]


def until(true: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_when_nothing_is_broken_everybody_is_answered(bot: Bot) -> None:
    dangers, questions = ask_everywhere(bot)

    for replies in dangers:
        is_escalation(replies)
    assert [kinds(replies) for replies in questions] == [["answer"], ["answer"]]


@pytest.mark.parametrize("fault", BREAKS_THE_TURN)
def test_a_broken_turn_ends_in_the_escalation_or_an_apology_and_the_check_in_stays_where_it_was(
    bot: Bot, fault: str
) -> None:
    waiting, question = past_the_first_question(bot, "page")

    with BREAKS_THE_TURN[fault](bot):
        dangers, questions = ask_everywhere(bot)
        is_apology(waiting.say("no"))

    for replies in dangers:
        is_escalation(replies)
    for replies in questions:
        is_apology(replies)
    *_, after = waiting.say("what do you mean?")
    assert question.split("\n\n")[1] in after["text"], "another question than the one the person last saw"


@pytest.mark.parametrize("fault", LEAVES_ANSWERS)
def test_a_broken_library_leaves_the_last_one_in_use(bot: Bot, fault: str) -> None:
    ask_everywhere(bot)

    with LEAVES_ANSWERS[fault](bot):
        if bot.library.exists():
            bot.library.touch()
        dangers, questions = ask_everywhere(bot)

    for replies in dangers:
        is_escalation(replies)
    assert [kinds(replies) for replies in questions] == [["answer"], ["answer"]]


def test_an_action_server_that_never_saw_the_library_still_escalates(bot: Bot) -> None:
    with bot.replaced(bot.library, None):
        with bot.actions_killed():
            pass
        dangers, questions = ask_everywhere(bot)

    for replies in dangers:
        is_escalation(replies)
    for replies in questions:
        is_apology(replies)


@pytest.mark.parametrize("fault", ["throw-screen", "hang-screen"])
def test_a_broken_screen_leaves_an_apology_with_the_number(bot: Bot, fault: str) -> None:
    with bot.part(fault):
        dangers, questions = ask_everywhere(bot)

    for replies in [*dangers, *questions]:
        is_apology(replies)


def test_without_a_model_the_guard_answers(bot_without_model: Bot) -> None:
    dangers, questions = ask_everywhere(bot_without_model)

    for replies in dangers:
        is_escalation(replies)
    for replies in questions:
        is_apology(replies)


def test_without_a_model_the_page_shows_again_what_was_said(bot_without_model: Bot) -> None:
    person = bot_without_model.person("page")
    person.say(DANGER)

    shown = [("person", DANGER), ("bot", "This may be an emergency. Call 911 now."), ("bot", "Is help on the way?")]
    until(lambda: person.history() == shown)


@pytest.mark.parametrize("fault", ["the action server killed", "understanding throwing", "conversations locked"])
def test_what_the_guard_said_is_kept_shown_again_and_goes_on_from_there(bot: Bot, fault: str) -> None:
    before = datetime.now(timezone.utc).replace(microsecond=0)
    known = len(bot.escalations())
    person, _ = past_the_first_question(bot, "page")

    with BREAKS_THE_TURN[fault](bot):
        assert kinds(person.say(DANGER)) == ["escalation", "notice"]
        is_apology(person.say(QUESTION))

    escalated = [("person", DANGER), ("bot", "This may be an emergency. Call 911 now."), ("bot", "Is help on the way?")]
    apologized = [
        ("person", QUESTION),
        ("bot", "Sorry, something went wrong on my side. Your message may not have been read."),
    ]
    assert person.history()[-5:] == [*escalated, *apologized]
    until(lambda: len(bot.escalations()) > known)
    (row,) = bot.escalations()[known:]
    assert (row["text"], row["category"], row["level"], row["sure"]) == (
        DANGER,
        "choking-or-breathing-trouble",
        "emergency",
        1,
    )
    assert json.loads(row["verdict"])["matched"]
    assert before <= datetime.fromisoformat(row["at"]) <= datetime.now(timezone.utc)
    answer, number = person.say(QUESTION)
    assert (answer["metadata"]["kind"], number["metadata"]["kind"]) == ("answer", "notice")
    assert number["text"] == "If you have not called yet, call 911 now."
    begin, *_ = person.say("check my symptoms")
    assert begin["text"] == "If you have not called yet, call 911 now."


def test_the_answer_to_the_help_question_of_the_guard_is_heard(bot: Bot) -> None:
    person = bot.person("rest")
    with bot.part("throw-understanding"):
        person.say(DANGER)
        (during,) = person.say("I cannot call")
    (after,) = person.say("Help is on the way")

    assert during["text"].startswith("Ask someone near you to call.")
    assert "unlock the door" in after["text"]


@pytest.mark.parametrize("fault", ["understanding throwing", "conversations not writable"])
def test_a_doubt_is_asked_about_and_not_sure_counts_as_danger(bot: Bot, fault: str) -> None:
    doubting, denying = bot.person("rest"), bot.person("rest")
    for person in (doubting, denying):
        person.say("hello")
    with BREAKS_THE_TURN[fault](bot):
        asked = at_once((doubting, "my leg feels numb"), (denying, "my leg feels numb"))
        answered = at_once((doubting, "not sure"), (denying, "no"))

    assert [kinds(replies) for replies in asked] == [["clarify"], ["clarify"]]
    assert [kinds(replies) for replies in answered] == [["escalation", "notice"], ["notice", "fallback"]]


def test_yes_to_a_danger_sign_of_the_check_in_escalates(bot: Bot) -> None:
    person, _ = past_the_first_question(bot, "rest")
    with bot.part("throw-understanding"):
        first, *_ = person.say("yes")

    assert (first["metadata"]["kind"], first["metadata"]["level"]) == ("escalation", "emergency")


@dataclass
class Hung:
    """People who wrote while the action server hung, and what they were told then."""

    reloads: Person
    goes_on: Person
    asks_again: Person
    in_danger: Person
    in_check_in: Person
    wrote_twice: Person
    told: list[list[dict[str, Any]]]
    escalated_before: int


@pytest.fixture(scope="module")
def hung(both: tuple[Bot, Bot]) -> Hung:
    """The action server hangs for longer than a turn may take, and then goes on with what it was asked."""
    bot, _ = both
    reloads, in_danger, wrote_twice = (bot.person("page") for _ in range(3))
    goes_on, asks_again = bot.person("rest"), bot.person("rest")
    in_check_in, _ = past_the_first_question(bot, "rest")
    escalated = len(bot.escalations())
    with bot.actions_hanging():
        told = at_once((wrote_twice, QUESTION))
        told += at_once(
            (wrote_twice, QUESTION), (reloads, QUESTION), (goes_on, QUESTION), (asks_again, QUESTION),
            (in_check_in, "no"), (in_danger, DANGER),
        )  # fmt: skip
    until(lambda: len(reloads.history()) == 3)
    until(lambda: len(wrote_twice.history()) == 5)
    time.sleep(1)
    return Hung(reloads, goes_on, asks_again, in_danger, in_check_in, wrote_twice, told, escalated)


def test_while_the_answers_are_late_everybody_is_told_something(hung: Hung) -> None:
    *questions, danger = hung.told

    is_escalation(danger)
    for replies in questions:
        is_apology(replies)


def test_a_late_answer_is_shown_after_a_reload_and_not_said_once_more(hung: Hung) -> None:
    asked, sorry, answer = hung.reloads.history()

    assert (asked, sorry[1][:5], answer[0]) == (("person", QUESTION), "Sorry", "bot")
    assert kinds(hung.reloads.say("thanks")) == ["smalltalk"]


def test_a_late_answer_comes_with_the_next_reply_where_nothing_was_reloaded(hung: Hung) -> None:
    assert kinds(hung.goes_on.say("thanks")) == ["answer", "smalltalk"]


def test_who_asks_again_gets_the_late_answer_once(hung: Hung) -> None:
    assert kinds(hung.asks_again.say(QUESTION)) == ["answer"]


def test_who_wrote_again_meanwhile_gets_one_late_answer(hung: Hung) -> None:
    assert [who for who, _ in hung.wrote_twice.history()] == ["person", "bot", "person", "bot", "bot"]


def test_a_late_escalation_is_said_and_recorded_once(bot: Bot, hung: Hung) -> None:
    shown = [("person", DANGER), ("bot", "This may be an emergency. Call 911 now."), ("bot", "Is help on the way?")]

    assert hung.in_danger.history() == shown
    assert [row["text"] for row in bot.escalations()[hung.escalated_before :]] == [DANGER]


def test_a_late_question_is_never_put_unseen(hung: Hung) -> None:
    *_, after = hung.in_check_in.say("no")

    assert after["metadata"]["kind"] == "question"
    assert "Question 3 " in after["text"]
