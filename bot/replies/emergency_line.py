"""What the guard says when everything behind it is broken. It needs only what was read at the start."""

from __future__ import annotations

from bot.replies.content import content
from bot.replies.escalations import danger_check_reply, escalation_reply
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Reply
from bot.safety import Verdict


def trouble_reply(region: str | None = None) -> Reply:
    """An honest apology with the emergency line and a way to a person."""
    return fixed_reply(content(), "trouble", region)


def warning_reply(verdict: Verdict, region: str | None = None) -> Reply:
    """The escalation for a sure verdict, the check question for a doubtful one."""
    if verdict.sure:
        return escalation_reply(content(), verdict, region)
    return danger_check_reply(content(), verdict, region)
