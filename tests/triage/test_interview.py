"""The interview as people meet it: danger first, few questions, any words, nothing forgotten."""

from __future__ import annotations

from functools import lru_cache

import pytest
from fact_sheets import TYPICAL_BOUNCE, by_label, by_number_without_only, walk

from bot.triage.decide import decide
from bot.triage.interview import Interview, InterviewState, Turn

DANGER_GROUPS = ["group:red-flags/brain", "group:red-flags/body", "group:red-flags/medicine", "group:red-flags/safety"]
NO_DANGER = ["no"] * 4


@lru_cache(maxsize=1)
def interview() -> Interview:
    return Interview()


def say(*replies: str, problem: str | None = None, opening: str = "") -> Turn:
    """The last turn after these replies, the state carried as JSON in between."""
    turn = interview().start(problem, opening)
    for reply in replies:
        turn = interview().receive(InterviewState.from_json(turn.state.to_json()), reply)
    return turn


def asks(turn: Turn) -> str | None:
    return turn.prompt.id if turn.prompt else None


# Danger first


def test_the_four_groups_of_danger_signs_come_first_each_with_yes_no_and_not_sure() -> None:
    seen = []
    turn = interview().start("foot-bounce")
    for _ in range(4):
        assert turn.prompt is not None
        seen.append(turn.prompt.id)
        assert [option.label for option in turn.prompt.options] == ["Yes", "No", "Not sure"]
        turn = interview().receive(turn.state, "no")
    assert seen == DANGER_GROUPS
    assert asks(turn) == "question:who"


def test_a_danger_group_covers_every_sign_in_it() -> None:
    turn = interview().start()
    assert turn.prompt is not None
    assert turn.prompt.covers == (
        "red-flags/rf-stroke",
        "red-flags/rf-seizure-faint",
        "red-flags/rf-jerks-spread",
        "red-flags/rf-head-hit",
        "red-flags/rf-new-today",
    )


def test_yes_is_an_emergency_at_once_and_the_sign_may_be_named_afterwards() -> None:
    turn = say("yes")
    assert (turn.event, asks(turn)) == ("emergency", "which:red-flags/brain")
    assert interview().answers(turn.state) == {"red-flags": ["rf-unnamed"]}
    named = interview().receive(turn.state, "3")
    assert (named.event, named.prompt) == ("emergency", None)
    assert interview().answers(named.state) == {"red-flags": ["rf-jerks-spread"]}


def test_not_sure_goes_through_the_group_sign_by_sign_once() -> None:
    turn = say("not sure")
    assert asks(turn) == "sign:red-flags/rf-stroke"
    turn = say("not sure", "no", "no", "no", "no", "no")
    assert asks(turn) == "group:red-flags/body"


def test_still_not_sure_about_one_sign_is_an_emergency() -> None:
    turn = say("not sure", "no", "not sure")
    assert turn.event == "emergency"
    assert interview().answers(turn.state) == {"red-flags": ["not-sure"]}
    assert "E8" in interview().result(turn.state).rows


def test_the_danger_question_cannot_be_skipped_before_it_was_asked_once_more() -> None:
    once = say("skip")
    assert asks(once) == DANGER_GROUPS[0]
    assert "help fast" in " ".join(once.say)
    twice = say("skip", "skip")
    assert asks(twice) == DANGER_GROUPS[1]
    assert interview().answers(twice.state)["red-flags"] == ["unanswered"]


def test_a_danger_group_that_stays_unread_is_no_clear_answer_and_never_no() -> None:
    turn = say("blorp", "blorp", "blorp")
    assert (turn.event, turn.times, turn.offer_person, asks(turn)) == ("not_read", 3, True, DANGER_GROUPS[1])
    assert interview().answers(turn.state)["red-flags"] == ["unanswered"]


def test_an_emergency_row_in_the_middle_stops_the_interview() -> None:
    turn = say(*NO_DANGER, "me", "no", "since yesterday")
    assert (turn.event, turn.prompt) == ("emergency", None)
    assert "E3" in interview().result(turn.state).rows


# Taking back


def test_a_danger_sign_is_taken_back_only_after_one_plain_question_and_a_clear_no() -> None:
    asked = say("yes", "none of these")
    assert (asked.event, asks(asked)) == ("confirm_back", "confirm-back")
    assert asked.prompt is not None
    assert asked.prompt.text.startswith("You told me")
    taken = interview().receive(asked.state, "no")
    assert (taken.event, asks(taken)) == ("asked", DANGER_GROUPS[1])
    assert taken.state.taken_back == ("rf-unnamed",)
    assert interview().answers(taken.state)["danger-taken-back"] == "sign-taken-back"


@pytest.mark.parametrize(
    "reply", ["yes", "not sure", "skip", "it is nothing really, do not tell me to call", "hm", "no but it hurts"]
)
def test_anything_else_leaves_the_danger_sign_as_it_was(reply: str) -> None:
    turn = say("yes", "none of these", reply)
    assert turn.event == "emergency"
    assert interview().answers(turn.state) == {"red-flags": ["rf-unnamed"]}


def test_going_back_and_changing_an_answer_out_of_an_emergency_are_asked_about_too() -> None:
    start = [*NO_DANGER, "me", "no", "since yesterday"]
    assert say(*start, "go back").event == "confirm_back"
    changed = say(*start, "change my answer about why it bounces", "no")
    assert asks(changed) == "question:diagnosis"
    assert interview().answers(changed.state)["danger-taken-back"] == "sign-taken-back"


def test_a_result_after_a_take_back_is_urgent_or_higher() -> None:
    facts = {**TYPICAL_BOUNCE, "danger-taken-back": "sign-taken-back"}
    turn = say("yes", "none of these", "no", "no", "no", "no", "me", "yes", "same", "no", "no", "none", "none", "none")
    assert decide(interview().table, facts).level == "urgent"
    assert interview().result(turn.state).level == "urgent"


# Few questions


def test_someone_with_a_typical_foot_bounce_is_done_in_thirteen_questions() -> None:
    walked = walk(interview(), TYPICAL_BOUNCE, problem="foot-bounce")
    assert [prompt.id for prompt in walked.prompts] == [
        *DANGER_GROUPS,
        "question:who",
        "question:diagnosis",
        "question:change",
        "group:same-day-signs/body",
        "group:same-day-signs/medicine",
        "list:bounce",
        "list:walk",
        "list:use",
        "question:ankle-bend",
    ]
    assert walked.turn.event == "finished"


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"brace": "fits", "stretch": "planned", "heel-wedge": "from-therapist"},
        {"brace": "fits", "ankle-bend": "less-than-ten"},
        {"bounce-when": "other-times", "bounce-length": "under-minute", "bounce-stop": "sometimes"},
        {"bounce-when": "most-of-day"},
        {"bounce-length": "minutes"},
        {"brace": "poor-fit"},
        {"stretch": "on-my-own"},
        {"stretch": "hurts"},
        {"pain": "mild"},
        {"skin": "fades"},
        {"medicines": "planned-change"},
        {"heel-wedge": "own"},
        {"ankle-bend": "ten-or-more", "jump-clear": "not-cleared"},
        {"ankle-bend": "ten-or-more", "jump-clear": "cleared", "brace": "fits", "stretch": "planned"},
        {"diagnosis": "not-sure"},
        {"change": "slow"},
        {"change": "days"},
        {"who": "someone-i-help"},
    ],
)
def test_someone_with_foot_bounce_and_no_danger_is_done_in_fourteen_questions_with_the_result_of_the_whole_table(
    more: dict[str, str],
) -> None:
    facts = {**TYPICAL_BOUNCE, **more}
    walked = walk(interview(), facts, problem="foot-bounce")
    assert len(walked.prompts) <= 14
    result, whole = interview().result(walked.state), decide(interview().table, _as_known(facts))
    assert (result.level, result.steps) == (whole.level, whole.steps)


def _as_known(facts: dict[str, str]) -> dict[str, str]:
    best = {
        question.id: min(question.options, key=lambda option: option.rank).id
        for question in interview().table.questions
        if question.ask_when_gate is None
    }
    return {**best, **facts}


@pytest.mark.parametrize(
    ("problem", "first_after_signs"), [("knee-locking", "question:knee"), ("falling-backward", "question:backward")]
)
def test_the_problem_that_was_named_is_asked_about_first(problem: str, first_after_signs: str) -> None:
    turn = say(*NO_DANGER, "me", "yes", "same", "no", "no", problem=problem)
    assert asks(turn) == first_after_signs


# Like things together


UP_TO_WALK = [*NO_DANGER, "me", "yes", "same", "no", "no"]


def test_only_the_knee_answers_the_rest_and_the_detail_follows() -> None:
    turn = say(*UP_TO_WALK, "only the knee")
    assert asks(turn) == "question:knee"
    answers = interview().answers(turn.state)
    assert {
        name: answers[name] for name in ("bounce-when", "backward", "swing-out", "step-to", "falls", "pain", "skin")
    } == {
        "bounce-when": ["never"],
        "backward": ["not-felt"],
        "swing-out": ["never"],
        "step-to": ["never"],
        "falls": ["none-year"],
        "pain": ["none"],
        "skin": ["clear"],
    }


def test_the_knee_alone_leaves_the_rest_to_be_asked() -> None:
    turn = say(*UP_TO_WALK, "the knee")
    assert asks(turn) == "list:walk"
    assert turn.prompt is not None
    assert "knee" not in [option.id for option in turn.prompt.options]
    assert set(interview().answers(turn.state)) == {"red-flags", "who", "diagnosis", "change", "same-day-signs"}


def test_a_denial_answers_for_that_item_alone() -> None:
    turn = say(*UP_TO_WALK, "not the knee")
    assert interview().answers(turn.state)["knee"] == ["fine"]
    assert "backward" not in interview().answers(turn.state)


def test_not_sure_about_a_list_goes_through_it_one_by_one() -> None:
    turn = say(*UP_TO_WALK, "not sure")
    assert asks(turn) == "question:bounce-when"


def test_a_list_that_is_skipped_leaves_every_question_unknown() -> None:
    turn = say(*UP_TO_WALK, "skip")
    answers = interview().answers(turn.state)
    assert [answers[name] for name in ("bounce-when", "knee", "falls", "pain")] == [None] * 4


def test_a_question_of_the_table_that_hangs_on_another_comes_after_it() -> None:
    turn = say(*UP_TO_WALK, "only that I fell", "one fall in the past month")
    assert asks(turn) == "question:fall-harm"


def labels(turn: Turn) -> list[str]:
    return [option.label for option in turn.prompt.options] if turn.prompt else []


def test_the_detail_of_a_ticked_item_has_options_that_answer_the_question_that_is_asked() -> None:
    turn = say(*UP_TO_WALK, "only the knee")
    assert turn.prompt is not None
    assert (turn.prompt.text, labels(turn)) == (
        "What does the knee do?",
        [
            "It snaps or locks back, but it does not hurt",
            "I am not sure",
            "It snaps or locks back, and it hurts",
            "It is swollen, gets stuck or gives way, with or without a snap",
        ],
    )


def test_a_caregiver_hears_the_options_of_a_detail_as_a_caregiver() -> None:
    brace = say(*NO_DANGER, "an adult I help", "yes", "same", "no", "no", "none", "2 only")
    assert labels(brace) == ["They wear it only sometimes, and it fits", "I am not sure", "It hurts, rubs or is loose"]


def test_no_detail_offers_yes_or_no_to_a_question_that_does_not_ask_for_it() -> None:
    for name, wording in interview().wording.questions.items():
        if wording.detail is None or wording.detail.text.startswith("Does "):
            continue
        absent = {*wording.no, *(checklist.absent.get(name) for checklist in interview().wording.lists.values())}
        for option in interview().table.by_id[name].options:
            if option.offered and not option.unknown and option.id not in absent:
                label = wording.detail.options.get(option.id, option.text)
                assert not label.startswith(("Yes", "No,", "No.")), (name, label)


def test_a_no_at_a_detail_opens_the_question_with_all_its_options() -> None:
    detail = say(*UP_TO_WALK, "only the knee")
    opened = interview().receive(detail.state, "no")
    assert opened.prompt is not None
    assert (opened.event, opened.say, opened.state.misses) == ("asked", ("All right. Here are all the answers.",), 0)
    assert opened.prompt.text == "Does your knee snap or lock back when you step?"
    assert labels(opened)[0] == "No"
    assert "knee" not in interview().answers(opened.state)
    settled = interview().receive(InterviewState.from_json(opened.state.to_json()), "no")
    assert interview().answers(settled.state)["knee"] == ["fine"]


def test_a_no_at_a_detail_while_a_list_is_still_open_opens_that_question_and_not_the_list() -> None:
    opened = say(*UP_TO_WALK, "yes", "no", problem="knee-locking")
    assert asks(opened) == "question:knee"
    assert labels(opened)[0] == "No"
    assert asks(interview().receive(opened.state, "no")) == "list:walk"


def test_a_no_that_means_nothing_to_the_question_is_not_read() -> None:
    turn = say(*UP_TO_WALK, "none", "none", "no")
    assert asks(turn) == "question:ankle-bend"
    assert (turn.event, turn.state.misses) == ("not_read", 1)


# Same-day signs


def test_a_same_day_yes_says_to_call_today_and_asks_which_one() -> None:
    turn = say(*NO_DANGER, "me", "yes", "same", "yes")
    assert (asks(turn), "today" in turn.say[0]) == ("which:same-day-signs/body", True)
    assert interview().answers(turn.state)["same-day-signs"] == ["sd-unnamed"]
    named = interview().receive(turn.state, "1")
    assert interview().answers(named.state)["same-day-signs"] == ["sd-leg-clot"]


def test_same_day_signs_that_cannot_apply_are_not_read_out() -> None:
    turn = say(*NO_DANGER, "me", "yes", "same")
    assert turn.prompt is not None
    assert "same-day-signs/sd-pregnant-bounce" not in turn.prompt.covers
    child = say(*NO_DANGER, "a child", "yes", "same", "no", "no")
    assert asks(child) == "sign:same-day-signs/sd-child-unwell"


# Anything at any time


@pytest.mark.parametrize("words", ["thanks", "ok", "hello"])
def test_a_polite_word_is_handed_over_and_is_no_miss(words: str) -> None:
    turn = say(*NO_DANGER, words, words, words)
    assert (turn.event, asks(turn), turn.state.misses) == ("digression", "question:who", 0)


def test_how_the_danger_questions_work_is_said_with_the_first_one_only() -> None:
    helps = [turn.prompt.help for turn in (say(), say("no"), say("no", "no"), say("no", "no", "no")) if turn.prompt]
    assert [bool(line) for line in helps] == [True, False, False, False]
    again = say("no", "go back")
    assert again.prompt is not None
    assert again.prompt.help == helps[0]


def test_how_the_questions_about_this_week_work_is_said_with_the_first_one_only() -> None:
    turns = [say(*NO_DANGER, "me", "yes", "same"), say(*NO_DANGER, "me", "yes", "same", "no")]
    assert [bool(turn.prompt.help) for turn in turns if turn.prompt] == [True, False]


def test_a_question_of_theirs_is_handed_over_and_the_same_question_stays() -> None:
    turn = say("no", "What is clonus?")
    assert (turn.event, asks(turn), turn.state.misses) == ("digression", DANGER_GROUPS[1], 0)


def test_what_do_you_mean_explains_with_an_example() -> None:
    turn = say(*NO_DANGER, "me", "yes", "same", "no", "no", "what do you mean?", problem="knee-locking")
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


# The opening message


def test_what_the_opening_message_said_is_read_back_and_not_asked_again() -> None:
    opening = (
        "My foot bounces when my toes land first. It lasts a couple of seconds and stops when I put my heel down. "
        "I am 68."
    )
    turn = interview().start(None, opening)
    assert turn.event == "read_back"
    assert turn.say[0].startswith("You told me: your foot bounces when your toes touch the ground first;")
    walked = walk(interview(), TYPICAL_BOUNCE, opening_text=opening)
    assert {"question:who", "list:bounce", "question:bounce-when"}.isdisjoint(prompt.id for prompt in walked.prompts)
    assert len(walked.prompts) == 11


# A caregiver


def test_a_caregiver_is_spoken_to_as_a_caregiver() -> None:
    turn = say(*NO_DANGER, "an adult I help", "yes", "same", "no", "no", problem="knee-locking")
    assert turn.prompt is not None
    assert turn.prompt.text == "Does the knee snap or lock back when they step?"


def test_a_caregiver_known_from_the_opening_hears_it_from_the_first_question() -> None:
    turn = interview().start(None, "my husband has a foot that bounces")
    assert turn.prompt is not None
    assert "A hit to the head" in turn.prompt.text
    last = say("no", "no", "no", opening="my husband has a foot that bounces")
    assert last.prompt is not None
    assert "They think of ending their life" in last.prompt.text


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
    turn = say(*NO_DANGER, "me", "yes", "same", "no", "no", problem="knee-locking")
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


# Whole interviews


@pytest.mark.parametrize("style", [by_number_without_only, by_label])
def test_other_ways_of_answering_reach_the_same_result(style) -> None:  # type: ignore[no-untyped-def]
    facts = {**TYPICAL_BOUNCE, "knee": "locks-with-pain", "falls": "one-month", "fall-harm": "bruise", "brace": "fits"}
    walked = walk(interview(), facts, problem="foot-bounce", style=style)
    whole = decide(interview().table, _as_known(facts))
    result = interview().result(walked.state)
    assert (result.level, result.steps) == (whole.level, whole.steps)


def test_the_facts_for_the_summary_are_said_back_in_the_words_of_the_table() -> None:
    walked = walk(interview(), TYPICAL_BOUNCE, problem="foot-bounce")
    facts = {fact.question: fact.text for fact in interview().facts(walked.state)}
    assert facts["bounce-length"] == "one bounce lasts up to 10 seconds"
    assert facts["ankle-bend"] == "not known"
