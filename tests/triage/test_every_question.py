"""Every interruption at every question the interview can put, each in its own words."""

from __future__ import annotations

from functools import lru_cache

import pytest
from fact_sheets import TYPICAL_BOUNCE, Facts, by_number, honest_options
from talking import interview

from bot.triage.interview_state import InterviewState
from bot.triage.turns import Turn

PEOPLE: dict[str, tuple[str | None, Facts]] = {
    "a typical bounce": ("foot-bounce", TYPICAL_BOUNCE),
    "many findings": (
        "foot-bounce",
        {**TYPICAL_BOUNCE, "bounce-stop": "does-not", "knee": "locks-with-pain", "falls": "more-year",
         "fall-harm": "bruise", "skin": "stays", "brace": "poor-fit", "medicines": "planned-change"},
    ),
    "one finding": ("foot-bounce", {**TYPICAL_BOUNCE, "pain": "strong"}),
    "ready to jump": ("foot-bounce", {**TYPICAL_BOUNCE, "ankle-bend": "ten-or-more"}),
    "knee first": ("knee-locking", {"knee": "locks-swollen", "falls": "one-year"}),
    "backward first": ("falling-backward", {"backward": "often", "swing-out": "most-steps"}),
    "swings": ("swing-leg-out", {"swing-out": "sometimes"}),
    "short steps": ("step-to-pattern", {"step-to": "most-steps"}),
    "a helper": ("foot-bounce", {**TYPICAL_BOUNCE, "who": "someone-i-help", "falls": "one-month"}),
    "a child": (None, {"who": "child", "bounce-when": "other-times", "falls": "one-year"}),
    "a baby": (None, {"who": "baby", "bounce-when": "other-times"}),
    "a same-day sign": (None, {"same-day-signs": ("sd-leg-clot",)}),
    "unsure of signs": (None, {"same-day-signs": ("not-sure",)}),
    "unsure of all": (None, {q.id: "not-sure" for q in interview().table.questions[4:] if "not-sure" in q.by_id}),
}  # fmt: skip


@lru_cache(maxsize=1)
def every_prompt() -> dict[str, Turn]:
    """Prompt -> a turn with it on the screen, for every prompt that these people meet."""
    found: dict[str, Turn] = {}
    for problem, facts in PEOPLE.values():
        turn = interview().start(problem)
        for _ in range(60):
            if turn.prompt is None:
                break
            found.setdefault(turn.prompt.id, turn)
            chosen = honest_options(interview(), facts, turn.prompt) or ["not-sure"]
            if "not-sure" in facts.get(turn.prompt.question or "", ()) and turn.prompt.kind in ("group", "sign"):
                chosen = ["not-sure"]
            turn = interview().receive(turn.state, by_number(turn.prompt, chosen))
    yes = interview().start()
    for sign in ("yes", "go back"):
        yes = interview().receive(yes.state, sign)
        assert yes.prompt is not None
        found[yes.prompt.id] = yes
    return found


def names() -> list[str]:
    return sorted(every_prompt())


def reply(name: str, text: str) -> Turn:
    state = InterviewState.from_json(every_prompt()[name].state.to_json())
    return interview().receive(state, text)


def shown(turn: Turn) -> str | None:
    return turn.prompt.id if turn.prompt else None


def test_every_question_of_the_table_is_among_them() -> None:
    put = {cover.split("/")[0] for turn in every_prompt().values() if turn.prompt for cover in turn.prompt.covers}
    assert put == set(interview().table.by_id)
    singly = {name.partition(":")[2] for name in every_prompt() if name.startswith("question:")}
    together = {question for checklist in interview().wording.lists.values() for question in checklist.absent}
    assert set(interview().table.by_id) <= singly | together | {
        "red-flags",
        "same-day-signs",
        "jump-clear",
        "jump-limits",
    }


@pytest.mark.parametrize("name", names())
def test_a_question_of_theirs_is_handed_over_and_the_same_question_comes_again(name: str) -> None:
    turn = reply(name, "What is a heel wedge?")
    assert (turn.event, shown(turn)) == ("digression", name)


@pytest.mark.parametrize("name", names())
def test_what_do_you_mean_explains_in_other_words_with_an_example(name: str) -> None:
    turn = reply(name, "what do you mean?")
    assert (turn.event, shown(turn)) == ("explained", name)
    assert turn.say
    before = every_prompt()[name].prompt
    assert before is not None
    assert turn.say[0].strip() != before.text


@pytest.mark.parametrize("name", names())
def test_a_person_can_be_asked_for(name: str) -> None:
    turn = reply(name, "can I talk to a person?")
    assert (turn.offer_person, shown(turn)) == (True, name)


@pytest.mark.parametrize("name", names())
def test_unreadable_once_twice_three_times(name: str) -> None:
    first = reply(name, "blorp")
    if every_prompt()[name].state.ended == "emergency":
        assert first.event in ("digression", "emergency")
        return
    second = interview().receive(first.state, "blorp")
    third = interview().receive(second.state, "blorp")
    assert [(first.times, shown(first)), (second.times, shown(second))] == [(1, name), (2, name)]
    assert first.prompt is not None
    assert first.prompt.buttons
    assert third.offer_person
    assert shown(third) != name


@pytest.mark.parametrize("name", names())
def test_stop_stops_and_go_on_brings_the_question_back(name: str) -> None:
    turn = reply(name, "stop")
    if every_prompt()[name].state.ended == "emergency":
        assert turn.event == "emergency"
        return
    assert turn.event == "stopped"
    again = interview().receive(InterviewState.from_json(turn.state.to_json()), "go on")
    assert again.prompt is not None
    assert set(again.prompt.covers) & set(every_prompt()[name].prompt.covers)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", names())
def test_skip_leaves_it_open_and_never_counts_as_no(name: str) -> None:
    before = every_prompt()[name]
    if before.state.ended == "emergency":
        assert interview().result(reply(name, "skip").state).level == "emergency"
        return
    turn = reply(name, "skip")
    if shown(turn) == name:  # the danger question is asked once more
        turn = interview().receive(turn.state, "skip")
    assert shown(turn) != name
    answers = interview().answers(turn.state)
    assert before.prompt is not None
    for question in {cover.split("/")[0] for cover in before.prompt.covers}:
        told = answers.get(question)
        assert told is None or told == interview().answers(before.state).get(question) or "unanswered" in told or (
            set(told) & {"sd-unnamed", "rf-unnamed"}
        ), (question, told)  # fmt: skip


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("words", ["go back", "I meant the other one"])
def test_going_back_and_answering_again_returns(name: str, words: str) -> None:
    before = every_prompt()[name]
    turn = reply(name, words)
    if before.state.ended == "emergency":
        assert shown(turn) == "confirm-back"
        return
    assert turn.event in ("went_back", "asked")
    assert turn.prompt is not None
    assert turn.prompt.number >= before.state.shown[0] or not turn.prompt.progress


@pytest.mark.parametrize("name", names())
def test_change_my_answer_about_falls(name: str) -> None:
    before = every_prompt()[name]
    turn = reply(name, "change my answer about falls")
    if before.state.ended == "emergency":
        assert turn.event == "emergency"
        return
    assert turn.event == "went_back"
    if turn.prompt is not None and not name.startswith(("group:red-flags", "sign:red-flags")):
        assert "falls" not in interview().answers(turn.state)
