"""What holds for every interview, whatever is typed."""

from __future__ import annotations

from functools import lru_cache

from fact_sheets import TYPICAL_BOUNCE, by_number, by_number_without_only, truth, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.triage.decide import decide
from bot.triage.interview import Interview
from bot.triage.interview_state import InterviewState
from bot.triage.turns import Turn

EVENTS = {
    "asked",
    "explained",
    "not_read",
    "contradicted",
    "confirm_back",
    "went_back",
    "read_back",
    "stopped",
    "finished",
    "emergency",
    "digression",
    "person_asked",
}
BOUNDED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

REPLIES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "yes",
            "no",
            "not sure",
            "none",
            "1",
            "2",
            "1 3",
            "2 only",
            "skip",
            "go back",
            "stop",
            "go on",
            "what do you mean?",
            "change my answer",
            "change my answer about falls",
            "I meant the other one",
            "human",
            "the knee",
            "me",
            "sometimes",
            "a couple of seconds, goes away when I push my heel down",
            "twice last month",
            "since yesterday",
            "is it bad?",
        ]
    ),
)


@lru_cache(maxsize=1)
def interview() -> Interview:
    return Interview()


def check(turn: Turn) -> None:
    assert turn.event in EVENTS
    assert InterviewState.from_json(turn.state.to_json()) == turn.state
    if turn.prompt is not None:
        assert turn.prompt.text
        assert turn.prompt.options or turn.prompt.kind == "change-which"
        again = interview().prompt(turn.state)
        assert again is not None
        assert again.id == turn.prompt.id


@BOUNDED
@given(
    problem=st.sampled_from([None, "foot-bounce", "knee-locking", "step-to-pattern"]),
    replies=st.lists(REPLIES, max_size=25),
)
def test_any_text_at_any_prompt_gives_a_turn_that_survives_a_restart_and_the_counter_never_runs_backward(
    problem: str | None, replies: list[str]
) -> None:
    turn = interview().start(problem)
    share, number = 0.0, 0
    for reply in replies:
        check(turn)
        if turn.prompt is not None and turn.prompt.number:
            assert turn.prompt.number >= number
            assert turn.prompt.number <= turn.prompt.total
            assert turn.prompt.number / turn.prompt.total >= share - 1e-9
            number, share = turn.prompt.number, turn.prompt.number / turn.prompt.total
        turn = interview().receive(InterviewState.from_json(turn.state.to_json()), reply)
    check(turn)
    decide(interview().table, interview().answers(turn.state))


@BOUNDED
@given(opening=st.text(max_size=120))
def test_any_opening_begins_with_danger_or_is_an_emergency(opening: str) -> None:
    turn = interview().start(None, opening)
    assert turn.event == "emergency" or (turn.prompt is not None and turn.prompt.id == "group:red-flags/brain")


def facts() -> st.SearchStrategy[dict[str, str]]:
    """Any answers to the questions about one choice, for an adult."""
    choices = {
        question.id: st.sampled_from([option.id for option in question.options if option.offered])
        for question in interview().table.questions
        if not question.choose_many and question.id != "who"
    }
    return st.fixed_dictionaries({**choices, "who": st.sampled_from(["me", "someone-i-help"])})


@BOUNDED
@given(
    sheet=facts(),
    problem=st.sampled_from([None, "knee-locking", "falling-backward", "swing-leg-out", "step-to-pattern"]),
    style=st.sampled_from([by_number, by_number_without_only]),
)
def test_an_honest_adult_gets_the_level_and_the_steps_of_the_whole_table(sheet, problem, style) -> None:  # type: ignore[no-untyped-def]
    walked = walk(interview(), sheet, problem=problem, style=style)
    whole = decide(interview().table, {"red-flags": "none", "same-day-signs": "none", **sheet})
    result = interview().result(walked.state)
    assert result.level == whole.level
    if whole.level != "emergency":
        assert result.steps == whole.steps
    assert len(walked.prompts) <= 40


@BOUNDED
@given(replies=st.lists(st.sampled_from(["skip", "blorp", "what?", "dunno", "stop", "go on", "1"]), max_size=30))
def test_nobody_who_does_not_answer_is_told_that_all_is_well(replies: list[str]) -> None:
    turn = interview().start()
    for reply in replies:
        turn = interview().receive(turn.state, reply)
        if "no" not in [mark for entry in turn.state.entries for mark in entry.groups.values()]:
            assert interview().result(turn.state).level in ("urgent", "emergency")


NO_DANGER = [question for question in Interview().table.questions if not question.choose_many and question.id != "who"]
SURE = {question.id: [o.id for o in question.options if o.offered and not o.unknown] for question in NO_DANGER}


@given(
    st.sampled_from(["me", "someone-i-help"]),
    st.fixed_dictionaries({}, optional={name: st.sampled_from(options) for name, options in SURE.items()}),
    st.sampled_from([None, *Interview().wording.problems]),
)
@BOUNDED
def test_anybody_without_danger_is_done_in_fourteen_questions_and_nothing_is_lost(
    who: str, more: dict[str, str], problem: str | None
) -> None:
    facts = {**TYPICAL_BOUNCE, "who": who, **more}
    if problem == "foot-bounce" and facts["bounce-when"] == "never":
        facts["bounce-when"] = "toe-first"
    facts["fall-harm"] = (
        facts.get("fall-harm", "unhurt") if facts.get("falls", "none-year") != "none-year" else "unhurt"
    )
    whole = decide(interview().table, {**truth(interview(), {**facts, "jump-clear": "not-cleared"}), **facts})
    if whole.level == "emergency":
        return
    walked = walk(interview(), facts, problem=problem)
    result = interview().result(walked.state)
    assert (result.level, result.steps) == (whole.level, whole.steps)
    assert len(walked.prompts) <= interview().wording.most_questions
