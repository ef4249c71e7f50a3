"""Anything may be said at any question, and nothing is forgotten."""

from __future__ import annotations

import pytest
from talking import DANGER_GROUPS, NO_DANGER, UP_TO_WALK, asks, interview, say

from bot.triage.interview_state import InterviewState

# Anything at any time


@pytest.mark.parametrize("words", ["thanks", "ok", "hello"])
def test_a_polite_word_is_handed_over_and_is_no_miss(words: str) -> None:
    turn = say(*NO_DANGER, words, words, words)
    assert (turn.event, asks(turn), turn.state.misses) == ("digression", "question:who", 0)


def test_that_everyone_is_asked_is_said_with_the_first_danger_question_only() -> None:
    turns = [say(), say("no"), say("no", "no"), say("no", "no", "no")]
    said = ["I ask everyone" in " ".join(turn.prompt.say) for turn in turns if turn.prompt]
    assert said == [True, False, False, False]


def test_how_a_list_is_answered_is_said_with_the_first_list_and_again_where_it_was_not_read() -> None:
    first, second = say(*UP_TO_WALK), say(*UP_TO_WALK, "none")
    missed = say(*UP_TO_WALK, "none", "blorp")
    helps = [turn.prompt.help for turn in (first, second, missed) if turn.prompt]
    assert (asks(first), asks(second), asks(missed)) == ("list:walk", "list:use", "list:use")
    assert helps == ["Send all that fit.", None, "Send all that fit."]


@pytest.mark.parametrize(
    ("change", "asked"), [("same", False), ("new or much worse, past 2 weeks", True)], ids=["long known", "new"]
)
def test_a_sign_that_cannot_apply_to_this_person_is_not_read_out(change: str, asked: bool) -> None:
    for who in ("me", "an adult I help"):
        turn = say(*NO_DANGER, who, "yes", change)
        assert turn.prompt is not None
        assert ("New bounce when pregnant" in turn.prompt.text) is asked
        assert ("same-day-signs/sd-pregnant-bounce" in turn.prompt.covers) is asked


def test_a_question_of_theirs_is_handed_over_and_the_same_question_stays() -> None:
    turn = say("no", "What is clonus?")
    assert (turn.event, asks(turn), turn.state.misses) == ("digression", DANGER_GROUPS[1], 0)


def test_what_do_you_mean_explains_with_an_example() -> None:
    turn = say(*UP_TO_WALK, "only the knee", "what do you mean?")
    assert (turn.event, asks(turn)) == ("explained", "question:knee")
    assert "hurts" in turn.say[0]


def test_unreadable_once_gives_buttons_and_simpler_words_twice_numbers_three_times_a_person() -> None:
    start = [*UP_TO_WALK[:4]]
    first, second, third = say(*start, "blorp"), say(*start, "blorp", "blorp"), say(*start, "blorp", "blorp", "blorp")
    assert [(turn.event, turn.times, asks(turn)) for turn in (first, second, third)] == [
        ("not_read", 1, "question:who"),
        ("not_read", 2, "question:who"),
        ("not_read", 3, "question:diagnosis"),
    ]
    assert first.prompt is not None
    assert first.prompt.buttons
    assert first.prompt.text.startswith("Whose foot or leg is it?")
    assert third.offer_person
    assert interview().answers(third.state)["who"] is None


def test_a_length_of_time_is_no_number_of_falls() -> None:
    turn = say(*UP_TO_WALK, "only that I fell", "just a couple of seconds")
    assert (turn.event, asks(turn), interview().answers(turn.state).get("falls")) == (
        "not_read",
        "question:falls",
        None,
    )


def test_go_back_returns_to_a_question_that_was_asked_out_of_turn() -> None:
    to_the_list = [*UP_TO_WALK, "change my answer about falls", "twice last month"]
    assert asks(say(*to_the_list)) == "list:walk"
    turn = say(*to_the_list, "only my knee", "go back", "go back")
    assert (turn.event, asks(turn)) == ("went_back", "question:falls")


def test_two_answers_at_once_are_named_as_such_and_count_for_neither() -> None:
    turn = say(*UP_TO_WALK[:4], "me", "yes no yes")
    assert (turn.event, turn.say, asks(turn)) == (
        "contradicted",
        ("I heard two different answers. Please pick one.",),
        "question:diagnosis",
    )


@pytest.mark.parametrize("words", ["go back", "back", "oops", "I meant the other one", "that was wrong"])
def test_go_back_asks_the_last_question_again(words: str) -> None:
    turn = say("no", "no", words)
    assert (turn.event, asks(turn)) == ("went_back", DANGER_GROUPS[1])


def test_change_my_answer_about_falls() -> None:
    start = [*UP_TO_WALK, "none"]
    turn = say(*start, "change my answer about falls")
    assert (turn.event, asks(turn)) == ("went_back", "question:falls")
    assert "falls" not in interview().answers(turn.state)
    changed = interview().receive(turn.state, "twice last month")
    assert interview().answers(changed.state)["falls"] == ["more-month"]
    assert interview().answers(changed.state)["knee"] == ["fine"]


def test_an_answer_cannot_be_changed_before_the_danger_questions_are_done() -> None:
    opening = "my foot bounces and I have fallen twice last month"
    told = interview().start(None, opening)
    assert interview().answers(told.state)["falls"] == ["more-month"]
    turn = say("no", "change my answer about falls", opening=opening)
    assert (turn.event, turn.say, asks(turn)) == (
        "went_back",
        ("We will come to that. First the safety questions.",),
        DANGER_GROUPS[1],
    )
    assert "falls" not in interview().answers(turn.state)
    done = say("no", "change my answer about falls", "no", "no", "no", opening=opening)
    assert asks(done) == "question:who"


def test_a_change_in_an_emergency_that_does_not_end_it_leaves_it_standing() -> None:
    turn = say("yes", "change my answer about falls")
    assert turn.event == "emergency"
    assert interview().answers(turn.state) == {"red-flags": ["rf-unnamed"]}


def test_change_my_answer_without_a_name_asks_which_one() -> None:
    turn = say(*UP_TO_WALK, "none", "change my answer")
    assert asks(turn) == "change-which"
    assert asks(interview().receive(turn.state, "pain")) == "question:pain"


@pytest.mark.parametrize("words", ["stop", "enough", "later", "pause", "I need a break"])
def test_stop_gives_a_cautious_result_and_a_way_to_go_on(words: str) -> None:
    turn = say(*NO_DANGER, "me", words)
    assert (turn.event, turn.state.ended) == ("stopped", "stopped")
    assert interview().result(turn.state).level != "self-care"
    assert asks(interview().receive(turn.state, "go on")) == "question:diagnosis"


def test_stopped_before_the_danger_question_is_done_is_urgent() -> None:
    assert interview().result(say("no", "stop").state).level == "urgent"


def test_a_person_can_be_asked_for_at_any_question() -> None:
    turn = say("no", "talk to a person")
    assert (turn.event, turn.offer_person, asks(turn)) == ("person_asked", True, DANGER_GROUPS[1])


def test_one_reply_may_answer_two_questions_and_what_was_beside_it_is_read_back() -> None:
    turn = say(*UP_TO_WALK, "skip", "change my answer about how long", problem="foot-bounce")
    turn = interview().receive(turn.state, "a couple of seconds, goes away when I push my heel down")
    answers = interview().answers(turn.state)
    assert answers["bounce-length"] == ["seconds"]
    assert turn.event in ("asked", "finished")


def test_a_reply_that_contradicts_an_earlier_answer_opens_the_question_again() -> None:
    turn = say(*UP_TO_WALK, "none", problem="foot-bounce")
    assert interview().answers(turn.state)["bounce-length"] == ["seconds"]
    turn = interview().receive(turn.state, "my knee, and the bounce lasts five minutes")
    assert "bounce-length" not in interview().answers(turn.state)


# Counting, memory


def test_the_counter_says_number_and_total_in_words() -> None:
    turn = say("no", "no", problem="foot-bounce")
    assert turn.prompt is not None
    assert turn.prompt.progress == "Question 3 of about 14"


def test_the_same_question_again_keeps_its_number() -> None:
    turn = say("no", "no", "go back", problem="foot-bounce")
    assert turn.prompt is not None
    assert turn.prompt.number == 3


def test_a_memory_with_parts_missing_or_spoiled_goes_on() -> None:
    for spoiled in ({}, None, [], {"entries": [{"at": 3}], "shown": "x", "current": "question:nothing"}):
        state = InterviewState.from_json(spoiled)
        assert asks(interview().receive(state, "no")) == DANGER_GROUPS[1]


def test_after_a_pause_the_person_is_reminded_what_it_was_about() -> None:
    turn = say(*UP_TO_WALK, "only the knee")
    assert interview().was_telling(turn.state) == "You were telling me about the knee. Shall we go on?"


def test_a_warning_category_found_in_a_message_is_recorded_and_stops_the_interview() -> None:
    update = interview().answers_for_category("new-stroke")
    assert update == {"red-flags": ("rf-stroke",)}
    turn = interview().record(say(*UP_TO_WALK).state, update)
    assert turn.event == "emergency"
    assert interview().answers(turn.state)["red-flags"] == ["rf-stroke"]


def test_every_category_of_a_sign_leads_to_a_sign() -> None:
    for question in interview().table.questions:
        for sign in question.signs if question.choose_many else ():
            for category in sign.categories:
                assert interview().answers_for_category(category)


LISTS = {"bounce": [*NO_DANGER, "me", "yes", "same", "no", "no"], "walk": [*UP_TO_WALK, "none"]}


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("only when my toes touch", {"bounce-when": ["toe-first"]}),
        ("just seconds", {"bounce-length": ["seconds"]}),
        ("bed too", {"bounce-when": ["other-times"]}),
        ("none", {"bounce-when": ["toe-first"], "bounce-length": ["seconds"], "bounce-stop": ["stops"]}),
    ],
)
def test_only_inside_what_is_named_says_nothing_of_the_rest(words: str, answers: dict[str, list[str]]) -> None:
    told = interview().answers(say(*LISTS["bounce"], words, problem="foot-bounce").state)
    assert {name: value for name, value in told.items() if name.startswith("bounce")} == answers


def test_only_short_steps_is_only_that_line_of_the_list() -> None:
    told = interview().answers(say(*LISTS["walk"], "only short steps", problem="foot-bounce").state)
    assert [told[name] for name in ("knee", "backward", "falls")] == [["fine"], ["not-felt"], ["none-year"]]


@pytest.mark.parametrize("words", ["only the bounce", "nothing wrong", "none of them apply to me thank you dear"])
def test_only_the_bounce_answers_the_list_of_walking(words: str) -> None:
    told = interview().answers(say(*LISTS["walk"], words, problem="foot-bounce").state)
    assert {told[name][0] for name in ("knee", "backward", "falls", "pain")} == {
        "fine",
        "not-felt",
        "none-year",
        "none",
    }


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("been like this since 2019", ["same"]),
        ("been like this since yesterday", None),
        ("worse since the weekend", ["days"]),
        ("worse", None),
    ],
)
def test_how_new_it_is_in_everyday_words(words: str, options: list[str] | None) -> None:
    assert interview().answers(say(*NO_DANGER, "me", "yes", words).state).get("change") == options
