"""Draw a verdict of the safety screen as the message a person sees: what to do now, the number, what not to do."""

from __future__ import annotations

from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Button, Kind, Reply
from bot.replies.where import filled, numbers_to_call
from bot.safety.verdict import Verdict
from knowledge.red_flag_models import RedFlag

CALL = "Call {emergency} now."
"""How points begin that repeat what the heading of an emergency says."""

YES_NO_NOT_SURE = ("Yes", "No", "Not sure")


def escalation_reply(content: Content, verdict: Verdict, region: str | None) -> Reply:
    """The escalation for a verdict. Danger of violence at home is kept free of anything that could be overheard.

    Raises ValueError when the verdict holds no alarm.
    """
    if verdict.category is None or verdict.level is None:
        raise ValueError("only an alarm can be escalated")
    flag = content.red_flags[verdict.category]
    heading, closing = content.fixed[f"heading-{verdict.level}"].text, content.fixed[f"closing-{verdict.level}"].text
    points = "\n".join(f"- {point}" for point in advice_points(flag, verdict.level))
    notice = [content.languages[verdict.language].notice] if verdict.language else []
    parts = [*notice, heading, points, closing]
    return Reply(
        Kind.ESCALATION,
        "\n\n".join(filled(content, part, region) for part in parts),
        metadata={
            "category": verdict.category,
            "level": verdict.level,
            "reasons": list(verdict.matched),
            "sources": list(flag.sources),
            "call": numbers_to_call(content, region, verdict.category),
        },
    )


def advice_points(flag: RedFlag, level: str) -> list[str]:
    """What to do, in order, without the call that the heading of an emergency already says."""
    points = [point.removeprefix(CALL).strip() for point in flag.points_at(level)]
    return [point for point in points if point] if level == "emergency" else flag.points_at(level)


def advice_reply(content: Content, verdict: Verdict, region: str | None) -> Reply:
    """Advice that stands beside an answer: something to take to the care team within days."""
    points = "\n".join(f"- {point}" for point in advice_points(content.red_flags[verdict.category or ""], "soon")[:3])
    parts = [content.fixed["heading-soon"].text, points, content.fixed["closing-soon"].text]
    return Reply(
        Kind.NOTICE,
        "\n\n".join(filled(content, part, region) for part in parts),
        metadata={"category": verdict.category, "level": verdict.level, "reasons": list(verdict.matched)},
    )


def danger_check_reply(content: Content, verdict: Verdict, region: str | None) -> Reply:
    """The one question asked in doubt, with the emergency line first."""
    question = fixed_reply(content, "danger-check", region)
    return Reply(
        Kind.CLARIFY,
        question.text,
        tuple(Button(title) for title in YES_NO_NOT_SURE),
        {
            "category": verdict.category,
            "level": verdict.level,
            "reasons": list(verdict.matched),
            "options": list(YES_NO_NOT_SURE),
            "call": numbers_to_call(content, region, verdict.category),
        },
    )
