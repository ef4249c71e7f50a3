"""Which questions come, how few, and in which words."""

from __future__ import annotations

import pytest
from fact_sheets import TYPICAL_BOUNCE, by_label, by_number_without_only, walk
from talking import DANGER_GROUPS, NO_DANGER, UP_TO_WALK, asks, interview, labels, say

from bot.triage.decide import decide
from bot.triage.interview_state import InterviewState, fold

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
    ("problem", "first_lines"),
    [
        ("knee-locking", ["Knee snaps or locks back, swells or gives way", "Foot bounces or shakes"]),
        ("falling-backward", ["Feeling of falling backward", "Foot bounces or shakes"]),
        ("step-to-pattern", ["Short steps: good foot not past the other", "Foot bounces or shakes"]),
    ],
)
def test_the_problem_that_was_named_stands_first_on_the_list(problem: str, first_lines: list[str]) -> None:
    turn = say(*UP_TO_WALK, problem=problem)
    assert (asks(turn), labels(turn)[:2]) == ("list:walk", first_lines)
    chosen = interview().receive(turn.state, "1 only")
    assert asks(chosen) == f"question:{interview().wording.problems[problem].first}"


# Like things together


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


@pytest.mark.parametrize("words", ["only those", "that is all", "just that", "nothing else", "no", "none"])
def test_asked_for_the_rest_of_a_list_only_those_means_nothing_else(words: str) -> None:
    turn = say(*UP_TO_WALK, "1 2", words)
    assert interview().answers(turn.state)["swing-out"] == ["never"]


def test_that_is_all_is_no_answer_before_anything_was_picked() -> None:
    turn = say(*UP_TO_WALK, "that is all")
    assert (turn.event, asks(turn)) == ("not_read", "list:walk")


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


def test_the_detail_of_a_ticked_item_has_options_that_answer_the_question_that_is_asked() -> None:
    turn = say(*UP_TO_WALK, "only the knee")
    assert turn.prompt is not None
    assert (turn.prompt.text, labels(turn)) == (
        "What does the knee do?",
        [
            "It snaps or locks back, but it does not hurt",
            "Not sure",
            "It snaps or locks back, and it hurts",
            "It is swollen, gets stuck or gives way, with or without a snap",
        ],
    )


def test_a_caregiver_hears_the_options_of_a_detail_as_a_caregiver() -> None:
    brace = say(*NO_DANGER, "an adult I help", "yes", "same", "no", "no", "none", "1 only")
    assert labels(brace) == [
        "They wear it always, and it fits well",
        "They wear it only sometimes, and it fits",
        "Not sure",
        "It hurts, rubs or is loose",
    ]


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
    detail = say(*UP_TO_WALK, "none", opening="my knee locks back")
    assert (asks(detail), labels(detail)[0]) == ("question:knee", "It snaps or locks back, but it does not hurt")
    opened = interview().receive(detail.state, "no")
    assert (asks(opened), labels(opened)[0]) == ("question:knee", "No")
    assert asks(interview().receive(opened.state, "no")) == "list:use"


def test_a_no_that_means_nothing_to_the_question_is_not_read() -> None:
    turn = say(*UP_TO_WALK, "none", "none", "no")
    assert asks(turn) == "question:ankle-bend"
    assert (turn.event, turn.state.misses) == ("not_read", 1)


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
    turn = say(*NO_DANGER, "an adult I help", "yes", "same", "no", "no", "only the knee", "no")
    assert turn.prompt is not None
    assert turn.prompt.text == "Does the knee snap or lock back when they step?"


def test_a_caregiver_known_from_the_opening_hears_it_from_the_first_question() -> None:
    turn = interview().start(None, "my husband has a foot that bounces")
    assert turn.prompt is not None
    assert "A hit to the head" in turn.prompt.text
    last = say("no", "no", "no", opening="my husband has a foot that bounces")
    assert last.prompt is not None
    assert "They think of ending their life" in last.prompt.text


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


@pytest.mark.parametrize(
    ("words", "length"),
    [("20 seconds", "under-minute"), ("about 5 minutes", "minutes"), ("50 seconds only", "under-minute")],
)
def test_a_bare_length_is_an_answer_to_the_list_about_the_bounce(words: str, length: str) -> None:
    at_the_list = say(*UP_TO_WALK, problem="foot-bounce")
    assert asks(at_the_list) == "list:bounce"
    answered = interview().receive(at_the_list.state, words)
    assert interview().answers(answered.state)["bounce-length"] == [length]


@pytest.mark.parametrize(
    ("words", "left"), [("new", ["weeks", "days", "today"]), ("last Tuesday", ["days"]), ("not new", ["same"])]
)
def test_how_new_it_is_may_be_said_in_a_word_or_two(words: str, left: list[str]) -> None:
    turn = say(*NO_DANGER, "me", "yes", words)
    known = fold(turn.state.entries)
    assert list(known.answers.get("change") or known.maybe["change"]) == left
