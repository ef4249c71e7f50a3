"""Questions about the result of the last check-in, whatever else they might be taken for."""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.below_danger import say_steps_again
from actions.interview_memory import has_result, state_of
from actions.speaking import Events, Run, content, region_of, say, text_of
from bot.replies.check_in import about_result_reply, interview, result_talk
from bot.replies.conversation_so_far import last_said
from bot.replies.reply import Kind, Reply
from bot.replies.where import filled
from bot.safety.record import RED_FLAG
from bot.triage.decide import Result

STEPS = "steps"
"""What asks for the steps again (`result_talk` in knowledge/interview.yml)."""


def last_result(tracker: Tracker) -> Result | None:
    """The result of the last check-in; None when there was none, or it is too long ago to count."""
    state = state_of(tracker)
    return interview().result(state) if state is not None and has_result(tracker) else None


def tell_about_result(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Answer a question about the last result; False when there is none, or the message asks something else."""
    result = last_result(tracker)
    if result is None or (tracker.latest_message or {}).get(RED_FLAG):
        return False
    fresh = any(
        said.metadata.get("kind") == Kind.RESULT.value or (said.metadata.get("level") and said.metadata.get("kind"))
        for said in last_said(tracker.events)
    )
    answer = result_talk().answer(result, text_of(tracker), fresh=fresh)
    if answer is None:
        return False
    if answer.asked == STEPS and (tracker.get_slot("emergency") or {}).get("category"):
        return say_steps_again(dispatcher, tracker)  # "what now" in a seizure asks for what to do in that
    reply = about_result_reply(result, answer)
    say(dispatcher, tracker, replace(reply, text=filled(content(), reply.text, region_of(tracker))))
    return True


def tell_step_of_topic(dispatcher: CollectingDispatcher, tracker: Tracker, topic: str | None) -> None:
    """After an answer on a topic: what the last result says about it."""
    result = last_result(tracker)
    step = result_talk().step_on(result, topic) if result is not None and topic is not None else None
    if step is not None:
        text = interview().wording.result_talk.in_your_result.format(step=step.text)
        say(dispatcher, tracker, Reply(Kind.NOTICE, text, metadata={"steps": [step.slug]}))


def result_first(run: Run) -> Run:
    """For an action: a question about the last result is answered from the result, everything else as before."""

    @wraps(run)
    def either(self: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        return [] if tell_about_result(dispatcher, tracker) else run(self, dispatcher, tracker, domain)

    return either
