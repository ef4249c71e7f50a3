"""No question of any form swallows a danger: every category, at every prompt that the check-in can put."""

from __future__ import annotations

from collections import deque
from functools import lru_cache

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from actions.interview_memory import after_turn
from bot.replies.after_danger import slots_after_escalation
from bot.replies.check_in import interview
from bot.replies.last_check_in import state_in
from bot.safety.policy import CHECK_IN, ESCALATE, SafetyPolicy
from bot.safety.record import RED_FLAG
from bot.settings import ROOT
from bot.triage.interview_state import fold
from bot.triage.turns import Turn
from tests.data import domain
from tests.safety.every_category import every_category

SIDEWAYS = ("change my answer", "go back", "not sure", "skip")
"""Replies that lead to prompts which no answer leads to."""

OPENINGS = ("", "my wife cannot walk since her stroke", "my foot bounces", "I fell last week")


@lru_cache(maxsize=1)
def every_prompt() -> dict[str, Turn]:
    """Every prompt that answers lead to, by its name: the first turn that was found to put it."""
    found: dict[str, Turn] = {}
    starts = [interview().start(opening_text=text) for text in OPENINGS]
    starts += [interview().start(problem=problem) for problem in interview().wording.problems]
    waiting = deque(starts)
    while waiting:
        turn = waiting.popleft()
        if turn.prompt is None or turn.state.current is None or turn.state.current in found:
            continue
        found[turn.state.current] = turn
        replies = [str(number) for number in range(1, len(turn.prompt.options) + 1)]
        waiting += [interview().receive(turn.state, reply) for reply in (*replies, *SIDEWAYS)]
    return found


@lru_cache(maxsize=1)
def rasa_domain() -> Domain:
    return Domain.load(str(ROOT / "domain"))


def conversation(turn: Turn, text: str, parsed: dict[str, object]) -> DialogueStateTracker:
    """A conversation in which the prompt is on the screen, and a message was just read."""
    return DialogueStateTracker.from_events(
        "somebody",
        [
            ActionExecuted(CHECK_IN),
            ActiveLoop(CHECK_IN),
            SlotSet("requested_slot", "interview_reply"),
            SlotSet("interview", after_turn(turn)),
            ActionExecuted("action_listen"),
            UserUttered(text, {"name": RED_FLAG, "confidence": 1.0}, parse_data=parsed),  # type: ignore[arg-type]
        ],
        rasa_domain().slots,
    )


def test_the_check_in_is_the_only_form() -> None:
    """Another form needs a walk of its own in this file."""
    assert domain()["forms"] == [CHECK_IN]


def test_the_walk_comes_by_every_question_of_the_table() -> None:
    asked = {question for turn in every_prompt().values() for question in _questions(turn)}

    assert asked == {question.id for question in interview().table.questions}


def _questions(turn: Turn) -> set[str]:
    assert turn.prompt is not None
    return {cover.split("/")[0] for cover in turn.prompt.covers}


@pytest.mark.parametrize("danger", every_category(), ids=str)
def test_every_category_comes_before_every_prompt_and_no_answer_is_lost(danger) -> None:  # type: ignore[no-untyped-def]
    swallowed = []
    for name, turn in every_prompt().items():
        tracker = conversation(turn, danger.text, {"text": danger.text, RED_FLAG: danger.verdict})
        action = SafetyPolicy._next_action(tracker)
        if action != ESCALATE and not _is_read_as_an_answer(turn, danger.text):
            swallowed.append((name, action))
        if danger.emergency and action != ESCALATE:
            swallowed.append((name, action))
        before = fold(turn.state.entries)
        state = state_in(slots_after_escalation(tracker.current_slot_values(), danger.verdict)["interview"])
        assert state is not None
        after = fold(state.entries)
        kept = {question: after.answers.get(question) for question in before.answers}
        assert kept == before.answers, name

    assert swallowed == []


def _is_read_as_an_answer(turn: Turn, text: str) -> bool:
    """Whether the check-in can read a reply: then it says the advice of a same-day sign beside its next question."""
    return interview().receive(turn.state, text).event not in ("digression", "not_read", "confirm_back", "person_asked")
