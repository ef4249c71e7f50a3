"""Draw a verdict of the safety screen as the message a person sees: what to do now, the number, what not to do."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.replies.content import Content
from bot.replies.fixed import fixed_reply, fixed_text
from bot.replies.quoting import shortened
from bot.replies.reply import Button, Kind, Reply
from bot.replies.where import filled, numbers_to_call, region_for
from bot.safety.verdict import Verdict
from knowledge.red_flag_models import RedFlag

EMERGENCY = "emergency"
CALL = "Call {emergency} now."
"""How points begin that repeat what the heading of an emergency says."""

KEPT_SECONDS = 24 * 3600
"""How long an escalation counts as told: a day later a person needs it in full."""

MOST_THOUGHT_OF = 2
"""Dangers that a check question names at most."""

YES_NO_NOT_SURE = ("Yes", "No", "Not sure")


Told = tuple[str, str]
"""A category and its level, as one escalation told them."""


def said_before(slots: Mapping[str, Any]) -> tuple[Told, ...]:
    """What was escalated in this conversation and still counts, oldest first."""
    since = time.time() - KEPT_SECONDS
    return tuple((category, level) for category, level, at in slots.get("escalated") or () if at >= since)


def told_lately(slots: Mapping[str, Any], minutes: float) -> Told | None:
    """The danger that was told last, if that was at most so many minutes ago."""
    since = time.time() - 60 * minutes
    lately = [(category, level) for category, level, at in slots.get("escalated") or () if at >= since]
    return lately[-1] if lately else None


def told_without(slots: Mapping[str, Any], category: str) -> list[Any]:
    """What was escalated in this conversation, as the slot keeps it, without one danger that is taken back."""
    return [told for told in slots.get("escalated") or () if told[0] != category]


def graver_beside(content: Content, verdict: dict[str, Any], before: Sequence[Told]) -> dict[str, Any]:
    """The verdict of what a message also tells, when what it tells first was told already and the other emergency,
    which comes before it in order, was not: a feverish baby that stops breathing."""
    if (verdict["category"], verdict["level"]) not in before:
        return verdict
    order = content.red_flags[verdict["category"]].order
    graver = [
        category
        for category, level in verdict["also"]
        if level == EMERGENCY and (category, level) not in before and content.red_flags[category].order < order
    ]
    first = min(graver, key=lambda category: content.red_flags[category].order, default=None)
    return verdict if first is None else {**verdict, "category": first, "level": EMERGENCY, "also": []}


def escalation_reply(
    content: Content, verdict: Verdict, region: str | None, before: Sequence[Told] = (), last: Collection[str] = ()
) -> Reply:
    """The escalation for a verdict. Danger of violence at home is kept free of anything that could be overheard.

    `before` is what was escalated already, `last` the texts that were just said: nothing is said twice in the same
    words. Raises ValueError when the verdict holds no alarm.
    """
    if verdict.category is None or verdict.level is None:
        raise ValueError("only an alarm can be escalated")
    flag = content.red_flags[verdict.category]
    notice = [foreign_notice(content, verdict.language, region)] if verdict.language else []
    told_again = bool(flag.again) and (flag.slug, verdict.level) in before
    told = [_again(content, flag, region, last)] if told_again else _told(content, flag, verdict.level, before)
    parts = [*notice, *told]
    if not before and not region_for(content, region).known:
        parts.append(content.fixed["ask-country"].text)
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


def _told(content: Content, flag: RedFlag, level: str, before: Sequence[Told]) -> list[str]:
    """Heading, points and closing. The same sign told again is answered shortly and in full by turns; a sign with a
    line of its own, such as a poison line, always in full."""
    times = before.count((flag.slug, level))
    if times % 2 and flag.slug not in content.regions.lines:
        return [content.fixed[f"again-{level}"].text]
    fresh = not before or (times and times % 2 == 0 and flag.slug in content.regions.lines)
    again = "" if fresh else "-again"
    points = "\n".join(f"- {point}" for point in advice_points(flag, level))
    heading, closing = (fixed_text(content, f"{part}-{level}{again}", flag.slug) for part in ("heading", "closing"))
    return [heading, points, closing]


def _again(content: Content, flag: RedFlag, region: str | None, last: Collection[str]) -> str:
    """A danger's own words for a further message: the first that were not just said."""
    fresh = (text for text in flag.again if filled(content, text, region) not in last)
    return next(fresh, flag.again[0])


def foreign_notice(content: Content, language: str, region: str | None) -> str:
    """The half of the emergency notice in the person's language; a region that is not known is named in it too."""
    foreign = content.languages[language]
    number = "{emergency}" if region_for(content, region).known else foreign.number_unknown
    return foreign.notice.replace("{emergency}", number)


def help_question(
    content: Content, verdict: Mapping[str, Any], slots: Mapping[str, Any], region: str | None
) -> tuple[Reply, ...]:
    """Whether help is on the way: asked once in an emergency, and not again while nobody was called, unless it had
    stopped."""
    before = slots.get("emergency") or {}
    if verdict["level"] != EMERGENCY or (before and not before.get("help_at") and not before.get("said_over")):
        return ()
    return (fixed_reply(content, "help-on-the-way", region, danger=verdict["category"], offer="help-on-the-way"),)


def advice_points(flag: RedFlag, level: str) -> list[str]:
    """What to do, in order, without the call that the heading of an emergency already says."""
    points = [point.removeprefix(CALL).strip() for point in flag.points_at(level)]
    return [point for point in points if point] if level == "emergency" else flag.points_at(level)


def steps_again(
    content: Content, category: str, level: str, region: str | None, last: Collection[str] = (), *, helped: bool = False
) -> Reply:
    """What to do in a danger that was told already.

    A danger with words of its own for that says them where it is known what was said `last`. What was just said is not
    said twice in a row, unless `last` is left out because the person asks for it: "what can we do?". `helped`: help is
    on its way, so nobody need be told to call.
    """
    flag = content.red_flags[category]
    points = "\n".join(f"- {point}" for point in advice_points(flag, level))
    just_said = any(filled(content, points, region) in text for text in last)
    if flag.again and last:
        parts = [_again(content, flag, region, last)]
    elif helped:
        coming = fixed_text(content, "until-help-comes", category)
        parts = [coming] if just_said else [coming, points]
    else:
        parts = [content.fixed[f"again-{level}"].text] if just_said else _told(content, flag, level, before=())
    text = "\n\n".join(filled(content, part, region) for part in parts)
    return Reply(Kind.NOTICE, text, metadata={"category": category, "level": level})


def advice_reply(content: Content, verdict: Verdict, region: str | None) -> Reply:
    """Advice that stands beside an answer: something to take to the care team within days."""
    points = "\n".join(f"- {point}" for point in advice_points(content.red_flags[verdict.category or ""], "soon")[:3])
    heading, closing = (fixed_text(content, name, verdict.category) for name in ("heading-soon", "closing-soon"))
    parts = [heading, points, closing]
    return Reply(
        Kind.NOTICE,
        "\n\n".join(filled(content, part, region) for part in parts),
        metadata={"category": verdict.category, "level": verdict.level, "reasons": list(verdict.matched)},
    )


def danger_check_reply(content: Content, verdict: Verdict, region: str | None) -> Reply:
    """The one question asked in doubt, with what to do if it is the danger that it may be first."""
    name = "danger-check" if verdict.level == "emergency" else "danger-check-urgent"
    flag = content.red_flags[verdict.category or ""]
    bare = any(rule.id == verdict.rule and rule.whole_message for rule in flag.rules)
    question = fixed_reply(content, "danger-check-bare" if bare else name, region)
    if flag.thinking_of and not bare:
        first, asks = question.text.split("\n\n", 1)[0], content.fixed["thinking-of-question"].text
        meant = "\n".join([content.fixed["thinking-of"].text, *_thought_of(content, verdict)])
        question = replace(question, text=f"{first}\n\n{meant}\n\n{asks}")
    notice = [filled(content, foreign_notice(content, verdict.language, region), region)] if verdict.language else []
    return Reply(
        Kind.CLARIFY,
        "\n\n".join([*notice, question.text]),
        tuple(Button(title) for title in YES_NO_NOT_SURE),
        {
            "category": verdict.category,
            "level": verdict.level,
            "reasons": list(verdict.matched),
            "options": list(YES_NO_NOT_SURE),
            "call": numbers_to_call(content, region, verdict.category),
        },
    )


def _thought_of(content: Content, verdict: Verdict) -> list[str]:
    """What the check question means, as points: first what the person's own words name as pressing, if that is another
    danger than the likeliest."""
    named = [category for category, level in verdict.also if level == verdict.level][: MOST_THOUGHT_OF - 1]
    flags = (content.red_flags[category] for category in (*named, verdict.category or ""))
    return [thought_of(flag) for flag in flags if flag.thinking_of]


def thought_of(flag: RedFlag) -> str:
    """What a danger is called to a person who asks or is asked, as a point."""
    name = flag.thinking_of or ""
    return f"- {name[:1].upper()}{name[1:]}."


def careful_first(content: Content, slots: Mapping[str, Any], minutes: float, region: str | None) -> Reply | None:
    """What stands before an answer while a same-day danger told in the last `minutes` forbids something: "can I stretch
    it" after a swollen calf. None when nothing does."""
    told = told_lately(slots, minutes)
    if told is None or told[1] != "urgent" or told[0] not in content.red_flags:
        return None
    flag = content.red_flags[told[0]]
    forbidden = () if flag.has_settled_at(told[1]) else flag.do_not
    if not forbidden:
        return None
    points = "\n".join(f"- {point}" for point in forbidden)
    text = filled(content, f"{content.fixed['careful-first'].text}\n\n{points}", region)
    return Reply(Kind.NOTICE, text, metadata={"category": told[0], "level": told[1]})


def danger_check_again(content: Content, verdict: Verdict, text: str, region: str | None, first: str) -> Reply:
    """The check question once more, with the person's own words, for one who did not answer it. `first` is the fixed
    reply that begins it."""
    question = danger_check_reply(content, verdict, region)
    return replace(question, text=f'{content.fixed[first].text}\n"{shortened(text)}"\n\n{question.text}')
