"""What the guard says in the place of the bot, and what that does to the conversation. Nothing here waits or fails
for want of a database, a model or the action server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.replies.after_danger import CHECK_IN_SLOTS, end_said, slots_after_escalation, with_help
from bot.replies.check_in import emergency_reply, interview
from bot.replies.content import content
from bot.replies.escalations import (
    YES_NO_NOT_SURE,
    danger_check_reply,
    escalation_reply,
    help_question,
    said_before,
)
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Kind, Reply
from bot.replies.where import told_region
from bot.safety.record import check_in_verdict, interrupts, verdict_from_dict
from bot.triage.interview_state import InterviewState
from bot.triage.turns import EMERGENCY
from bot.understanding.ordinals import typed_number
from bot.understanding.tidy import same_words

ESCALATE, CHECK_DANGER = "action_escalate", "action_check_danger"
HELP_ANSWERS = {
    "help is on the way": "help-comes",
    "i cannot call": "cannot-call",
    "i am fine now": "fine-now",
}
"""The answers below an emergency, and the replies to them."""

DENIALS = ("no", "nope", "no it is not", "no not now")
"""A clear no to the check question when nothing can read it."""

NOTHING_READ: dict[str, Any] = {"intent": None, "topics": [], "in_scope": False}

Slots = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """The guard's replies. `verdict`: what is escalated, as plain data, with the words in `words` that told of it.

    `action` names what was done, in the words of the dialogue; None when the conversation stays as it is.
    """

    replies: tuple[Reply, ...]
    verdict: Mapping[str, Any] | None = None
    words: str = ""
    action: str | None = None
    slots: Mapping[str, Any] = field(default_factory=dict)

    @property
    def danger(self) -> bool:
        """Whether it escalates or asks the check question."""
        return self.action in (ESCALATE, CHECK_DANGER)

    def changes(self, slots: Slots, check_in: str | None) -> dict[str, Any]:
        """The slots it sets, from those before it and the active form."""
        if self.action == ESCALATE and self.verdict is not None and not self.slots:
            return slots_after_escalation(slots, self.verdict)
        if self.action == CHECK_DANGER:
            waiting = {"verdict": dict(self.verdict or {}), "text": self.words, "reading": NOTHING_READ}
            return {**CHECK_IN_SLOTS, "danger_check": {**waiting, "check_in": check_in}}
        return dict(self.slots)


def answer_for(text: str, verdict: Mapping[str, Any] | None, slots: Slots) -> Answer:
    """What to say to a message whose turn failed: the escalation if there is a danger, else an honest apology.

    `verdict`: of the screen, None when it found nothing or failed. `slots`: what is known of the conversation.
    """
    region = region_for_message(text, slots)
    waiting = slots.get("danger_check")
    if verdict is not None and interrupts(verdict):
        if verdict["sure"] or waiting:
            return escalated({**verdict, "sure": True}, text, slots, region)
        check = danger_check_reply(content(), verdict_from_dict(verdict), region)
        return Answer((check,), verdict, text, CHECK_DANGER)
    if waiting:
        if not _denies(text):
            return escalated({**waiting["verdict"], "sure": True}, waiting["text"], slots, region)
        denied = fixed_reply(content(), "danger-denied", region)
        return Answer((denied, trouble(region)), action="action_resolve_danger_check", slots={"danger_check": None})
    name = HELP_ANSWERS.get(same_words(text))
    if name and slots.get("emergency"):
        left = with_help(slots["emergency"]) if name == "help-comes" else None
        closed = {} if name == "cannot-call" else {"emergency": left}
        danger = slots["emergency"]["category"]
        return Answer(
            (fixed_reply(content(), name, region, danger=danger),), action="action_after_emergency", slots=closed
        )
    return check_in_emergency(text, slots, region) or Answer((trouble(region),))


def escalated(verdict: Mapping[str, Any], words: str, slots: Slots, region: str | None) -> Answer:
    """The escalation, and the question about help that follows the first emergency."""
    reply = escalation_reply(content(), verdict_from_dict(verdict), region, said_before(slots))
    return Answer((reply, *help_question(content(), verdict, slots, region)), verdict, words, ESCALATE)


def check_in_emergency(text: str, slots: Slots, region: str | None) -> Answer | None:
    """The emergency that an answer to the check-in's own question comes to, such as "yes" to a danger sign."""
    memory = slots.get("interview") or {}
    if not memory.get("question"):
        return None
    turn = interview().receive(InterviewState.from_json(memory.get("state")), text)
    if turn.event != EMERGENCY:
        return None
    reply = emergency_reply(content(), interview().result(turn.state), region, interview().steps_to_omit(turn.state))
    verdict = check_in_verdict(reply.metadata, text)
    changed = {
        **CHECK_IN_SLOTS,
        "interview": end_said({"state": turn.state.to_json()}),
        "danger_check": None,
        "emergency": {"category": reply.metadata["category"], "level": EMERGENCY},
    }
    return Answer((reply, *help_question(content(), verdict, slots, region)), verdict, text, ESCALATE, changed)


def as_escalated(messages: list[dict[str, Any]], text: str) -> Answer | None:
    """An escalation that a failed turn had said already, as the guard's own; None when there is none."""
    spoken = next((one["metadata"] for one in messages if one["metadata"].get("kind") == Kind.ESCALATION.value), None)
    if spoken is None:
        return None
    return Answer((), check_in_verdict(spoken, text), text, ESCALATE)


def region_for_message(text: str, slots: Slots) -> str | None:
    """Where the person is: as this message says, else as was told before."""
    return told_region(content(), text) or slots.get("region")


def trouble(region: str | None) -> Reply:
    """An honest apology with the emergency line and a way to a person."""
    return fixed_reply(content(), "trouble", region)


def _denies(text: str) -> bool:
    number = typed_number(text, len(YES_NO_NOT_SURE))
    return same_words(text) in DENIALS or number == YES_NO_NOT_SURE.index("No") + 1
